"""What problems say, in French and in English: one short sentence for a person, no value ever."""

from collections.abc import Mapping
from dataclasses import dataclass

from serving.actors import Language


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
