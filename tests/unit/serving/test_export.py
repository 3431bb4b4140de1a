"""The pseudonymised extract names nobody, and training takes it as it is."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from features.families import CATALOGUE
from features.intake.intake import take_in
from features.matrix import build_matrix
from features.point_in_time.cases import open_cases
from features.point_in_time.snapshot import Index
from features.records.declarations import RECORD_TYPES, Records
from features.records.schema import Privacy
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.directory import name_person
from serving.operations.export import export_extract, frame_of, pseudonymised, read_key
from serving.operations.follow_ups import Answer, keep_follow_up
from serving.operations.records import keep_contract, keep_event, keep_interview, keep_outcome
from tests.lib.contexts import Clock, contract, event, interview, outcome
from tests.lib.enrolments import drawn, small_plan
from tests.lib.programmes import QUICK, programme
from training.effect.enrolments import read_enrolments
from training.run import train

KEY = b"a key of 32 characters, no less!"
BY_AGE = {
    "age_years",
    "years_over_usual_age",
    "days_to_pay_step",
}  # the birth date keeps only its month


def fill(context: AppContext) -> None:
    unchanged = {"home_postcode": "44123", "advisor_id": "A-Durand"}
    keep_contract(context, actor=COMMAND, record=contract("C-Camille", **unchanged))
    keep_contract(
        context,
        actor=COMMAND,
        record=contract("C-Camille", weekly_hours=30.0, known_on=context.today, **unchanged),
    )
    of = {"contract_id": "C-Camille"}
    keep_interview(context, actor=COMMAND, record=interview("I-Camille", note="Camille", **of))
    keep_event(context, actor=COMMAND, record=event("E-Camille", **of))
    keep_outcome(context, actor=COMMAND, record=outcome("C-Camille"))
    name_person(
        context, actor=COMMAND, person_id="P-C-Camille", given_name="Camille", family_name="Durand"
    )


def test_the_extract_names_nobody_and_is_taken_in_whole(
    context: AppContext, tmp_path: Path
) -> None:
    fill(context)
    counts = export_extract(context, actor=COMMAND, folder=tmp_path / "extract", key=KEY)
    intake = take_in(tmp_path / "extract")

    assert len(intake.rejects) == 0
    assert {t.name: len(rows) for t, rows in intake.records} == counts
    assert counts == {"contracts": 2, "interviews": 1, "events": 1, "outcomes": 1}
    exported = " ".join(rows.to_csv() for _, rows in intake.records)
    for word in ("Camille", "Durand", "44123", "2008-05-17", KEY.decode()):
        assert word not in exported
    first = intake.records.contracts.iloc[0]
    assert first["home_postcode"] == "44000"
    assert first["born_on"] == pd.Timestamp("2008-05-01")
    assert set(intake.records.interviews["contract_id"]) == {first["contract_id"]}


def test_enrolments_and_follow_ups_travel_and_are_sealed(
    context: AppContext, clock: Clock, tmp_path: Path
) -> None:
    plan, folder = small_plan(), tmp_path / "extract"
    line = drawn(context, plan, planned_end_on=date(2026, 3, 20)).line
    clock.move(days=10)
    reply = Answer("P-C1", "end", context.today, "answered", "job", "temporary", job_related=False)
    keep_follow_up(context, actor=COMMAND, reply=reply)
    counts = export_extract(context, actor=COMMAND, folder=folder, key=KEY)
    assert (counts["enrolments"], counts["follow_ups"]) == (1, 1)  # of a day the last version

    morning = pd.Timestamp(context.next_morning)
    enrolled = read_enrolments(folder, programme=plan.code, as_of=morning)
    [row] = enrolled.enrolments.to_dict("records")
    assert row["drawn_on"] == pd.Timestamp(line.drawn_on)
    assert (row["status"], row["arm"], row["plan_hash"]) == ("drawn", line.arm, plan.hash)
    records = take_in(folder).records
    assert row["person_id"] == records.contracts["person_id"][0] != "P-C1"
    [asked] = enrolled.follow_ups.to_dict("records")
    assert (asked["person_id"], asked["job_related"]) == (row["person_id"], 0.0)

    (folder / "enrolments.parquet").write_bytes((folder / "follow_ups.parquet").read_bytes())
    with pytest.raises(InputError, match="enrolments"):
        take_in(folder)


def test_the_same_key_gives_the_same_ids_and_another_key_others() -> None:
    records = Records.of(contracts=frame_of(RECORD_TYPES[0], [contract()]))
    one, again, other = (
        pseudonymised(records, key=key).contracts["contract_id"][0] for key in (KEY, KEY, b"x" * 32)
    )

    assert one == again != other


def test_only_the_last_of_two_versions_of_a_day_travels() -> None:
    """The next morning sees no other, and the way in refuses two."""
    rows: list[dict[str, Any]] = [contract(weekly_hours=35.0), contract(weekly_hours=20.0)]

    assert frame_of(RECORD_TYPES[0], rows)["weekly_hours"].tolist() == [20.0]


@pytest.mark.parametrize(
    ("postcode", "expected"), [("44123", "44000"), ("97400", "97400"), ("97215", "97200")]
)
def test_a_postcode_keeps_its_department(postcode: str, expected: str) -> None:
    records = Records.of(contracts=frame_of(RECORD_TYPES[0], [contract(home_postcode=postcode)]))

    assert pseudonymised(records, key=KEY).contracts["home_postcode"][0] == expected


def test_every_personal_column_is_dropped_or_made_coarse() -> None:
    rows = {
        record_type.name: frame_of(
            record_type,
            [
                {
                    column.name: {"born_on": date(2008, 5, 17), "home_postcode": "44123"}.get(
                        column.name, "2020-01-01" if column.kind == "date" else None
                    )
                    or ("marked" if column.privacy is not Privacy.NONE else None)
                    for column in record_type.columns
                    if column.kind in {"id", "text", "date"}
                }
            ],
        )
        for record_type in RECORD_TYPES
    }
    hidden = pseudonymised(Records(**rows), key=KEY)
    for record_type, frame in hidden:
        for column in record_type.columns:
            value = frame[column.name][0]
            assert value != "marked", column.name
            if column.privacy is Privacy.PERSONAL and column.name == "note":
                assert pd.isna(value)


@pytest.mark.slow
def test_features_are_those_of_the_service() -> None:
    """All but those by age: born in the first of the month, some are a year older."""
    records = programme(contracts=200)
    hidden = pseudonymised(records, key=KEY)
    code = dict(
        zip(
            records.contracts["contract_id"],
            records.contracts["contract_id"].map(pseudonym),
            strict=True,
        )
    )
    as_of = pd.Timestamp("2024-06-03")
    before = matrix(records, as_of).rename(index=code).sort_index()
    after = matrix(hidden, as_of).sort_index()

    assert list(before.index) == list(after.index)
    exact = [name for name in CATALOGUE.inputs if name not in BY_AGE]
    np.testing.assert_allclose(before[exact], after[exact], rtol=1e-9, atol=1e-9)
    assert (before["age_years"] - after["age_years"]).abs().max() <= 1


def pseudonym(contract_id: str) -> str:
    records = Records.of(contracts=frame_of(RECORD_TYPES[0], [contract(contract_id)]))
    return str(pseudonymised(records, key=KEY).contracts["contract_id"][0])


def matrix(records: Records, as_of: pd.Timestamp) -> pd.DataFrame:
    cases = open_cases(records, as_of=as_of)
    values = build_matrix(Index.of(records), cases, catalogue=CATALOGUE)
    return values.set_axis(pd.Index(cases["contract_id"], name="contract_id"))


@pytest.mark.slow
def test_training_learns_from_the_extract(tmp_path: Path) -> None:
    from features.intake.extract import write_extract

    folder = write_extract(pseudonymised(programme(), key=KEY), tmp_path / "x", source="a test")
    run = train(take_in(folder).records, QUICK, digest="0" * 64, source="a test", jobs=1)

    assert run.bundle.facts["data"]["contracts"] > 100


def test_the_key_is_made_apart_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "extract.key"
    key = read_key(path, outside=tmp_path / "extract")

    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path, outside=tmp_path / "extract") == key


def test_a_key_that_travels_or_is_open_or_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="outside"):
        read_key(tmp_path / "extract" / "key", outside=tmp_path / "extract")
    path = tmp_path / "key"
    read_key(path, outside=tmp_path / "extract")
    path.chmod(0o644)
    with pytest.raises(InputError, match="owner"):
        read_key(path, outside=tmp_path / "extract")
    path.write_text("short")
    path.chmod(0o600)
    with pytest.raises(InputError, match="32"):
        read_key(path, outside=tmp_path / "extract")
