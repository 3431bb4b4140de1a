"""Values of records as an advisor reads them, in French."""

from typing import Any

from features.catalogue.units import number_in_french
from features.records.declarations import EVENT
from features.records.rows import EventRow
from features.records.schema import Column, Kind
from serving.pages.shared.formatting import day_in_words


def format_value(column: Column, value: Any) -> str:
    """Return a value of a record as an advisor reads it, in French."""
    match column.kind:
        case Kind.CODE if column.code_list is not None:
            return column.code_list.labels[value]
        case Kind.DATE:
            return day_in_words(value, language="fr")
        case Kind.FLAG:
            return "oui" if value else "non"
        case Kind.INTEGER | Kind.NUMBER:
            return number_in_french(value, digits=1)
        case _:
            return str(value)


def event_text(event: EventRow) -> str:
    """Return an event in a few words: « absence en formation : 7 heures »."""
    label, _, unit = EVENT["kind"].code_list.labels[event.kind].partition(" (")  # type: ignore[union-attr]  # a code column has its list
    value = event.value
    if value is None:
        return label
    words = unit.rstrip(")").replace("note sur", "sur") if unit else ""
    return f"{label} : {number_in_french(value, digits=1)} {words}".rstrip()
