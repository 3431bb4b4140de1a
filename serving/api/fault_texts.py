"""What was expected of a field and what came, in French and in English: never the value itself."""

from collections.abc import Mapping
from typing import Any

from features.intake.words import FRENCH
from features.records.faults import Fault
from features.records.schema import Kind
from serving.actors import LANGUAGES, Language

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
# The same of a value of a record, by the kind of its column.
_EXPECTED_KIND: dict[str, tuple[str, str]] = {
    Kind.CODE: ("un code parmi {codes}", "a code among {codes}"),
    Kind.DATE: ("une date AAAA-MM-JJ, de 1940 à 2100", "a date YYYY-MM-DD, from 1940 to 2100"),
    Kind.FLAG: ("true ou false", "true or false"),
    Kind.INTEGER: (
        "un nombre entier de {low} à {high}",
        "a whole number from {low} to {high}",
    ),
    Kind.NUMBER: ("un nombre de {low} à {high}", "a number from {low} to {high}"),
    Kind.ID: _EXPECTED["string_pattern_mismatch"],
    Kind.TEXT: _EXPECTED["string_pattern_mismatch"],
}
_OF_ANY_KIND = {
    Fault.REQUIRED.code: _EXPECTED["missing"],
    Fault.RESERVED.code: _EXPECTED["reserved_ending"],
    Fault.TOO_LONG.code: ("{most} caractères au plus", "at most {most} characters"),
}
_OTHERWISE = ("une valeur conforme", "a value as declared")


def expected(rule: str, facts: Mapping[str, Any], language: Language) -> str:
    """Return what a field should have held, in words; `facts` are the bounds of the rule."""
    of_kind = _EXPECTED_KIND.get(facts.get("kind", ""))
    found = _EXPECTED.get(rule) or (of_kind and _OF_ANY_KIND.get(rule, of_kind)) or _OTHERWISE
    template = found[LANGUAGES.index(language)]
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


# Faults that tell more of what came than its type and size.
_SPECIFIC = {
    fault.code: (FRENCH[fault], fault.value)
    for fault in Fault
    if fault
    not in {Fault.REQUIRED, Fault.TYPE, Fault.FORM, Fault.CODE, Fault.TOO_LONG, Fault.RESERVED}
}


def code_of(rule: str) -> str:
    """Return what a program knows a broken rule by: a value left out is one that is required."""
    return Fault.REQUIRED.code if rule == "missing" else rule


def got(value: Any, *, rule: str, language: Language) -> str:
    """Return what came, by its JSON type and its size, never its content.

    It may concern a person.
    """
    if rule in _SPECIFIC and value is not None:
        return _SPECIFIC[rule][LANGUAGES.index(language)]
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
