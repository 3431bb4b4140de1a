"""One cleaning for every way in: a cell gives one value, or one fault, by file, API and form."""

import csv
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from features.intake.intake import take_in
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, WITHDRAWN
from features.records.faults import CellError, Fault
from features.records.schema import LAST_DAY, Column, Kind, RecordType
from serving.api import record_models
from serving.operations.imports import versions_of
from serving.pages.records.fields import read, value_of
from serving.wording import wording

AS_DRAWN = (Phase.reuse, Phase.generate)  # the assertion names the cell: nothing to shrink
# As late as can be: no day that is drawn lies after the day it was known.
KNOWN = str(LAST_DAY)
BASE = {
    CONTRACT.name: {"person_id": "P", "kind": "apprenticeship", "started_on": "2024-01-01"}
    | {"planned_end_on": "2025-01-01"},
    INTERVIEW.name: {"contract_id": "C", "held_on": "1940-01-01", "status": "held"},
    EVENT.name: {"contract_id": "C", "happened_on": "1940-01-01", "kind": "warning"},
    OUTCOME.name: {"ended_on": "2024-06-01", "how": "rupture"},
}
MODELS: dict[str, type[BaseModel]] = {
    CONTRACT.name: record_models.Contract,
    INTERVIEW.name: record_models.Interview,
    EVENT.name: record_models.Event,
    OUTCOME.name: record_models.model_of(OUTCOME, "Outcome"),
}
RAW = {
    Kind.DATE: """2026-09-01|01/09/2026|1.9.2026|1 septembre 2026|2026-09-01T00:00:00
        01/09/2026 00:00|01/09/2026 à 00h00
        2026-09-01T07:30:00|09/31/2026|46266|1788220800000|01/09/26|20260901|2026-02-30|9999-12-31""",
    Kind.FLAG: "true|1|1.0|oui|O|Vrai|NON|0|faux|X|2|peut-être",
    Kind.NUMBER: """35|35h|35h30|35:30|35,5|35.5|85 %|0,85|1 200|1,200|1e3|-1|NaN|inf|45 min|1h10
        3 ans|18 mois|12 salariés|1e999""",
    Kind.INTEGER: "4|4.0|4,5|Niveau 5|V|12 salariés|1 200|1,200|-2|99999999",
    Kind.ID: "P-1|P 1|a/b|C1/feedback|é|12.0|" + "x" * 65,
    Kind.TEXT: """12345678900011|123 456 789 00011|1234567890001|1.23457E+13|123456789|47.11B|4711b
        112Z|IDCC 16|16|1000|F-44000|2A004|RNCP 35316|rs5123|d1102|D1102 - Boulanger|0441234a
        une note\tdeux|ligne\nligne""",
}
ODD = "|-|NC|n/a|NULL|#N/A|non renseigné|  |\u00a0|\u200b7|0|1|7|vide|'7|=1+1|é|\x0b|a\x07b"
BLANKS = st.sampled_from(["", " ", "\u00a0", "\u200b", "\t"])


def raws(column: Column) -> st.SearchStrategy[str]:
    """Return cells for a column: as people write it, what says nothing, and any text."""
    if column.code_list is not None:
        known = [*column.code_list.codes, *column.code_list.labels.values()]
        known += [f"{code} - {label}" for code, label in column.code_list.labels.items()]
        known += [code.lstrip("0") for code in column.code_list.codes]
    else:
        known = [text.strip(" ") for text in RAW[column.kind].replace("\n        ", "|").split("|")]
    reported = st.sampled_from(known).flatmap(lambda t: st.sampled_from([t, t.upper(), t.lower()]))
    any_text = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)
    middle = reported | reported | st.sampled_from(ODD.split("|")) | any_text
    return st.tuples(BLANKS, middle, BLANKS).map("".join)


def cells_of(record_type: RecordType) -> st.SearchStrategy[list[tuple[Column, str]]]:
    # Without `known_on`, what is sent is known today: that a file may not leave out.
    identifying = (record_type.key, "contract_id", "known_on", WITHDRAWN.name)
    columns = [column for column in record_type.columns if column.name not in identifying]
    cell = st.sampled_from(columns).flatmap(lambda c: raws(c).map(lambda raw: (c, raw)))
    return st.lists(cell, min_size=1, max_size=25)


def by_file(record_type: RecordType, cells: list[tuple[Column, str]]) -> list[Any]:
    """Return the value each cell has in the store, or its fault, of one file that holds them."""
    rows = [
        {"contract_id": "C", record_type.key: f"K{n}", **_base(record_type), column.name: raw}
        for n, (column, raw) in enumerate(cells)
    ]
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder, f"{record_type.name}.csv"), rows)
        if record_type is not CONTRACT:
            contracts = [{"contract_id": "C", **_base(CONTRACT)}]
            contracts += [{**contracts[0], "contract_id": f"K{n}"} for n in range(len(cells))]
            _write(Path(folder, "contracts.csv"), contracts)
        intake = take_in(Path(folder))
    accepted = {
        getattr(row, record_type.key): row for row in versions_of(intake.records).of(record_type)
    }
    faults = {
        (cell["line"], cell["column"]): Fault(cell["reason"])
        for frame in (intake.rejects, intake.left_out)
        for cell in frame.to_dict("records")
    }
    assert intake.read[record_type.name] == len(cells)
    return [
        faults.get((n + 2, column.name)) or getattr(accepted[f"K{n}"], column.name)
        for n, (column, _) in enumerate(cells)
    ]


def _base(record_type: RecordType) -> dict[str, str]:
    return {**BASE[record_type.name], "known_on": KNOWN}


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, names, restval="", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


def by_api(record_type: RecordType, column: Column, raw: str) -> Any:
    body = {"contract_id": "C", record_type.key: "K", **_base(record_type), column.name: raw}
    try:
        record = MODELS[record_type.name].model_validate_json(json.dumps(body))
    except ValidationError as error:
        (fault,) = error.errors()
        assert fault["loc"] == (column.name,)
        return next(known for known in Fault if known.code == fault["type"])
    return getattr(record, column.name)


def by_form(record_type: RecordType, column: Column, raw: str) -> Any:
    typed = {column.name: raw}
    reading = read(record_type, [column.name], typed, today=LAST_DAY, t=wording("fr"))
    try:
        value = value_of(column, raw)
    except CellError as error:
        assert reading.errors[column.name], "a fault is shown beside its field"
        return error.fault
    assert reading.values == {column.name: value}
    return value


@pytest.mark.parametrize("record_type", [CONTRACT, INTERVIEW, EVENT, OUTCOME], ids=lambda t: t.name)
def test_a_cell_gives_one_value_or_one_fault_whichever_way_it_comes(
    record_type: RecordType,
) -> None:
    @settings(max_examples=60, deadline=None, phases=AS_DRAWN)
    @given(cells_of(record_type))
    def check(cells: list[tuple[Column, str]]) -> None:
        for (column, raw), filed in zip(cells, by_file(record_type, cells), strict=True):
            sent, typed = by_api(record_type, column, raw), by_form(record_type, column, raw)
            assert (column.name, filed) == (column.name, sent) == (column.name, typed), repr(raw)

    check()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("weekly_hours", True, Fault.TYPE),
        ("distance_learning", 1, Fault.TYPE),
        ("employer_siret", 12345678900011, Fault.TYPE),
        ("kind", ["apprenticeship"], Fault.TYPE),
        ("tutor_learners", 2.5, Fault.WHOLE),
        ("tutor_learners", 10**400, Fault.BOUNDS),
        ("person_id", None, Fault.REQUIRED),
    ],
)
def test_a_value_of_another_type_is_no_writing_of_it(name: str, value: Any, fault: Fault) -> None:
    body = {"contract_id": "C", **_base(CONTRACT), name: value}
    with pytest.raises(ValidationError) as refused:
        record_models.Contract.model_validate(body)
    assert [error["type"] for error in refused.value.errors()] == [fault.code]


def test_a_typed_value_is_what_its_text_says() -> None:
    body = {"contract_id": "C", **_base(CONTRACT)}
    texts = {"weekly_hours": "35h", "tutor_learners": "2", "distance_learning": "oui", "rqth": ""}
    values = {"weekly_hours": 35, "tutor_learners": 2.0, "distance_learning": True, "rqth": None}
    as_text = record_models.Contract.model_validate({**body, **texts})
    assert as_text == record_models.Contract.model_validate({**body, **values})
    assert as_text.known_on == date(2100, 12, 31)  # type: ignore[attr-defined]  # made of columns
