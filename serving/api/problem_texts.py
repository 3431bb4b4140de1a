"""What problems say, in French and in English: one short sentence for a person, no value ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.actors import LANGUAGES, Language


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its stable name, its status, and its title and detail by language."""

    name: str
    status: int
    titles: Mapping[Language, str]
    details: Mapping[Language, str]

    @property
    def type(self) -> str:
        """What a program recognises the problem by; it never changes."""
        return f"urn:vigie:problem:{self.name}"


KINDS: dict[str, Kind] = {}


def _kind(name: str, status: int, *, fr: tuple[str, str], en: tuple[str, str]) -> Kind:
    kind = Kind(name, status, {"fr": fr[0], "en": en[0]}, {"fr": fr[1], "en": en[1]})
    KINDS[name] = kind
    return kind


BAD_REQUEST = _kind(
    "bad-request",
    400,
    fr=("Requête illisible", "La requête ne respecte pas le protocole HTTP."),
    en=("Unreadable request", "The request does not follow the HTTP protocol."),
)
MALFORMED_JSON = _kind(
    "malformed-json",
    400,
    fr=("JSON illisible", "Le corps doit être un document JSON valide, en UTF-8."),
    en=("Unreadable JSON", "The body must be one valid JSON document, in UTF-8."),
)
UNAUTHENTICATED = _kind(
    "unauthenticated",
    401,
    fr=("Identification requise", "Présentez une clé en vigueur : Authorization: Bearer …"),
    en=("Authentication required", "Present a key in force: Authorization: Bearer …"),
)
FORBIDDEN = _kind(
    "forbidden",
    403,
    fr=("Droit insuffisant", "Cette clé ou ce rôle ne donne pas ce droit."),
    en=("Not allowed", "This key or role does not give this right."),
)
NOT_FOUND = _kind(
    "not-found",
    404,
    fr=("Introuvable", "Il n'y a rien à cette adresse, ou rien que vous puissiez voir."),
    en=("Not found", "There is nothing at this address, or nothing you may see."),
)
METHOD_NOT_ALLOWED = _kind(
    "method-not-allowed",
    405,
    fr=("Méthode refusée", "Cette adresse accepte les méthodes de l'en-tête Allow."),
    en=("Method not allowed", "This address accepts the methods of the Allow header."),
)
CONFLICT = _kind(
    "conflict",
    409,
    fr=("Contradiction", "La demande contredit ce qui est déjà enregistré."),
    en=("Conflict", "The request contradicts what is already stored."),
)
TOO_LARGE = _kind(
    "too-large",
    413,
    fr=("Envoi trop volumineux", "Le corps, ou son nombre de lignes, dépasse la limite."),
    en=("Too large", "The body, or its number of lines, is above the limit."),
)
UNSUPPORTED_MEDIA_TYPE = _kind(
    "unsupported-media-type",
    415,
    fr=("Type de contenu refusé", "L'en-tête Content-Type ne convient pas à cette adresse."),
    en=("Unsupported media type", "The Content-Type header does not fit this address."),
)
INVALID_RECORD = _kind(
    "invalid-record",
    422,
    fr=("Données invalides", "Des champs ne sont pas conformes ; rien n'a été enregistré."),
    en=("Invalid data", "Some fields are not as declared; nothing was stored."),
)
INVALID_REQUEST = _kind(
    "invalid-request",
    422,
    fr=("Paramètres invalides", "Des paramètres de l'adresse ne sont pas conformes."),
    en=("Invalid parameters", "Some parameters of the address are not as declared."),
)
UNUSABLE_INPUT = _kind(
    "unusable-input",
    422,
    fr=("Demande inutilisable", "La demande ne peut pas être suivie ; rien n'a été enregistré."),
    en=("Unusable input", "The request cannot be followed; nothing was stored."),
)
TOO_MANY_REQUESTS = _kind(
    "too-many-requests",
    429,
    fr=("Trop de demandes", "Reprenez après le délai de l'en-tête Retry-After."),
    en=("Too many requests", "Try again after the delay of the Retry-After header."),
)
INTERNAL = _kind(
    "internal",
    500,
    fr=("Erreur interne", "Le service a rencontré une erreur ; signalez l'identifiant instance."),
    en=("Internal error", "The service met an error; report the instance identifier."),
)
STORE_UNAVAILABLE = _kind(
    "store-unavailable",
    503,
    fr=("Base indisponible", "La base de données ne répond pas ; rien n'a été enregistré."),
    en=("Store unavailable", "The database does not answer; nothing was stored."),
)
NO_MODEL = _kind(
    "no-model",
    503,
    fr=("Aucun modèle en service", "Aucun modèle utilisable n'est en service."),
    en=("No model in service", "There is no usable model in service."),
)
PROVIDER_UNAVAILABLE = _kind(
    "provider-unavailable",
    503,
    fr=("Connexion indisponible", "Le service de connexion ne répond pas ; réessayez."),
    en=("Sign-in unavailable", "The sign-in provider does not answer; try again."),
)
TIMEOUT = _kind(
    "timeout",
    503,
    fr=("Délai dépassé", "La réponse a pris trop de temps ; la demande peut être répétée."),
    en=("Timed out", "The answer took too long; the request may be repeated."),
)
STORAGE_FULL = _kind(
    "storage-full",
    507,
    fr=("Disque plein", "Le disque a refusé l'écriture ; rien n'a été enregistré."),
    en=("Storage full", "The disk refused the write; nothing was stored."),
)

# What a field should have held, by the name of the rule it broke.
_EXPECTED: dict[str, tuple[str, str]] = {
    "missing": ("une valeur, ce champ est obligatoire", "a value, this field is required"),
    "extra_forbidden": ("aucun champ de ce nom", "no field of this name"),
    "string_type": ("un texte", "a text"),
    "string_pattern_mismatch": ("un texte de la forme {pattern}", "a text of the form {pattern}"),
    "string_too_long": ("{max_length} caractères au plus", "at most {max_length} characters"),
    "string_too_short": ("{min_length} caractères au moins", "at least {min_length} characters"),
    "literal_error": ("un code parmi {expected}", "a code among {expected}"),
    "date_type": ("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    "date_parsing": ("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    "int_type": ("un nombre entier", "a whole number"),
    "int_parsing": ("un nombre entier", "a whole number"),
    "int_parsing_size": ("un nombre entier", "a whole number"),
    "int_from_float": ("un nombre entier", "a whole number"),
    "float_type": ("un nombre", "a number"),
    "finite_number": ("un nombre fini", "a finite number"),
    "bool_type": ("true ou false", "true or false"),
    "greater_than_equal": ("{ge} ou plus", "{ge} or more"),
    "less_than_equal": ("{le} ou moins", "{le} or less"),
    "model_type": ("un objet JSON", "a JSON object"),
    "list_type": ("une liste JSON", "a JSON list"),
    "too_long": ("{max_length} éléments au plus", "at most {max_length} items"),
    "json_invalid": ("un document JSON valide", "one valid JSON document"),
    "after_today": ("une date jusqu'à aujourd'hui", "a date until today"),
    "after_tomorrow": ("une date jusqu'à demain", "a date until tomorrow"),
    "known_before": ("une date à partir de {happened}", "a date from {happened} on"),
    "known_late": ("une date avant as_of", "a date before as_of"),
    "known_needed": (
        "une date : elle est obligatoire quand as_of est passé",
        "a date: it is required when as_of is in the past",
    ),
    "reserved_ending": (
        "un identifiant qui ne finit pas par /{reserved}",
        "an identifier that does not end with /{reserved}",
    ),
    "other_contract": ("le contrat de l'adresse", "the contract of the address"),
    "other_case": ("le contrat du dossier", "the contract of the case"),
    "bad_cursor": ("un curseur donné par le service", "a cursor given by the service"),
}
_OTHERWISE = ("une valeur conforme", "a value as declared")


def expected(rule: str, facts: Mapping[str, Any], language: Language) -> str:
    """Return what a field should have held, in words; `facts` are the bounds of the rule."""
    template = _EXPECTED.get(rule, _OTHERWISE)[LANGUAGES.index(language)]
    words = template.format_map(facts)
    # pydantic joins alternatives in English, whatever the language.
    return words.replace(" or '", " ou '") if language == "fr" else words


_GOT: dict[str, tuple[str, str]] = {
    "nothing": ("rien", "nothing"),
    "null": ("null", "null"),
    "flag": ("un booléen", "a boolean"),
    "number": ("un nombre", "a number"),
    "text": ("un texte, longueur {size}", "a text of length {size}"),
    "list": ("une liste, longueur {size}", "a list of length {size}"),
    "object": ("un objet", "an object"),
    "document": ("autre chose", "something else"),
}


def got(value: Any, *, rule: str, language: Language) -> str:
    """Return what came, by its JSON type and its size, never its content.

    It may concern a person.
    """
    size = len(value) if isinstance(value, str | list) else 0
    return _GOT[_nature(value, rule)][LANGUAGES.index(language)].format(size=size)


def _nature(value: Any, rule: str) -> str:
    match value:
        case _ if rule in ("missing", "known_needed"):
            return "nothing"
        case _ if rule == "json_invalid":
            return "document"
        case None:
            return "null"
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case dict():
            return "object"
        case list():
            return "list"
        case _:
            return "text"
