"""What holds of every feature of the catalogue, whatever the records.

Each property compares whole matrices, so that a feature is covered from the day it is declared; a
failure names the features that broke the promise.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given

from features.catalogue.sentences import fill
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, Records
from features.records.schema import Kind, Privacy, RecordType
from tests.lib.random_records import Drawn, draw, drawings, few
from tests.lib.tables import drawn
from tests.lib.typed_records import typed_index

UNITS = {feature.name: feature.unit for feature in CATALOGUE}
# What may move when a contract of another person, employer and centre comes in: rates of all.
SHARED_RATES = {"sector_rupture_rate", "employer_rupture_rate", "centre_rupture_rate"}
# Turns identifiers into others, in the opposite order.
UPSIDE_DOWN = str.maketrans("0123456789", "9876543210")

Change = Callable[[RecordType, pd.DataFrame], pd.DataFrame]


def matrix_of(records: Records, cases: pd.DataFrame) -> pd.DataFrame:
    """Build the matrix of these cases as training and serving do."""
    return build_matrix(Index.of(records), cases)


def changed(records: Records, change: Change) -> Records:
    """Apply a change to every table."""
    return Records.of(**{kind.name: change(kind, rows) for kind, rows in records})


def crowded(day: pd.Timestamp) -> Change:
    """Move half of the interviews and events to one day, reported that day, so that ties abound."""

    def crowd(kind: RecordType, rows: pd.DataFrame) -> pd.DataFrame:
        if kind.happened is None:
            return rows
        first = rows.drop_duplicates(kind.key)
        half = first.iloc[::2].assign(**{kind.happened: day, "known_on": day})
        return pd.concat([first.iloc[1::2], half])

    return crowd


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Fail, naming the features, when two matrices differ in a byte."""
    first, second = one.to_numpy(), other.to_numpy()
    assert first.shape == second.shape
    differs = ((first != second) & ~(np.isnan(first) & np.isnan(second))).any(axis=0)
    assert not differs.any(), one.columns[differs].tolist()
    assert first.tobytes() == second.tobytes()


@few
@given(drawings())
def test_rows_known_on_or_after_as_of_change_nothing(case: Drawn) -> None:
    """The drawn records hold much that is known later, outcomes and corrections included."""
    as_of = case.cases["as_of"].max()

    past = changed(case.records, lambda _, rows: rows[rows["known_on"] < as_of])

    assert_same(matrix_of(case.records, case.cases), matrix_of(past, case.cases))


@few
@given(drawings())
def test_everything_learnt_on_the_morning_itself_changes_nothing(case: Drawn) -> None:
    """On as_of every record is corrected at once, each contract ends, and news comes of each."""
    as_of, other = case.cases["as_of"].max(), draw(1, contracts=8).records

    def flood(kind: RecordType, rows: pd.DataFrame) -> pd.DataFrame:
        news: pd.DataFrame = getattr(other, kind.name).drop_duplicates(kind.key)
        corrections = rows.drop_duplicates(kind.key)
        before: pd.DataFrame = rows[rows["known_on"] < as_of]
        learnt = pd.concat([news, corrections]).assign(known_on=as_of)
        return pd.concat([before, learnt])

    flooded = changed(case.records, flood)

    assert_same(matrix_of(case.records, case.cases), matrix_of(flooded, case.cases))


@few
@given(drawings())
def test_a_superseded_version_is_not_used(case: Drawn) -> None:
    """Once corrected, a version is gone from every feature and from the history of its employer."""
    as_of = case.cases["as_of"].max()

    def last(kind: RecordType, rows: pd.DataFrame) -> pd.DataFrame:
        known = rows[rows["known_on"] < as_of].sort_values("known_on")
        return pd.DataFrame(known.drop_duplicates(kind.key, keep="last"))

    assert_same(
        matrix_of(case.records, case.cases),
        matrix_of(changed(case.records, last), case.cases),
    )


@few
@given(drawings())
def test_the_order_of_the_rows_changes_nothing(case: Drawn) -> None:
    """Neither do identifiers of contracts, persons, advisors, interviews and events."""
    records = changed(case.records, crowded(case.cases["as_of"].max() - pd.Timedelta(days=9)))
    relabelled = changed(records, lambda kind, rows: _relabelled(kind, rows).iloc[::-1])
    cases = case.cases.assign(contract_id=case.cases["contract_id"].str.translate(UPSIDE_DOWN))

    assert_same(matrix_of(records, case.cases), matrix_of(relabelled, cases))


def _relabelled(kind: RecordType, rows: pd.DataFrame) -> pd.DataFrame:
    ids = [c.name for c in kind.columns if c.kind is Kind.ID]
    return rows.assign(**{name: rows[name].str.translate(UPSIDE_DOWN) for name in ids})


@few
@given(drawings())
def test_what_is_held_for_audit_or_for_reading_changes_nothing(case: Drawn) -> None:
    """Sex, disability, neighbourhood, arm, advisor and notes order not even the rows of one day."""
    records = changed(case.records, crowded(case.cases["as_of"].max() - pd.Timedelta(days=9)))
    columns = [c for kind, _ in case.records for c in kind.columns]
    hidden = {c.name for c in columns if c.privacy is Privacy.AUDIT_ONLY}
    assert hidden >= {"sex", "rqth", "qpv", "programme_arm"}
    names = hidden | {"note", "advisor_id"}

    def scrub(_: RecordType, rows: pd.DataFrame) -> pd.DataFrame:
        shifted = {c: rows[c].to_numpy()[::-1] for c in names & set(rows.columns)}
        return rows.assign(**shifted)

    assert_same(matrix_of(records, case.cases), matrix_of(changed(records, scrub), case.cases))


@few
@given(drawings())
def test_a_batch_equals_its_cases_one_by_one(case: Drawn) -> None:
    """A single case, cut from its own records under the same history, gives the same bytes.

    So do its rows as a request or a database gives them.
    """
    index = Index.of(case.records)
    batch = build_matrix(index, case.cases)
    for row in range(min(len(case.cases), 2)):
        one = case.cases.iloc[[row]]
        own = case.records.of_contracts(one["contract_id"])
        assert_same(batch.iloc[[row]], build_matrix(index, one))
        assert_same(batch.iloc[[row]], build_matrix(Index.of(own, history=index.history), one))
        rows = typed_index(own, history=index.history)
        assert_same(batch.iloc[[row]], build_matrix(rows, one))
    assert_same(batch, build_matrix(index, case.cases, chunk=3))


@few
@given(drawings())
def test_a_contract_with_nothing_in_common_moves_only_shared_rates(case: Drawn) -> None:
    """It has another person, employer, sector and centre."""
    stranger = Records.of(
        contracts=drawn(
            CONTRACT,
            """
            contract_id | person_id | employer_siret | employer_naf | training_centre_uai
            stranger    | nobody    | 99999999999999 | 6201Z        | 0750001A
            """,
        ),
        interviews=drawn(INTERVIEW, "contract_id | held_on\nstranger | 2023-09-10"),
        events=drawn(EVENT, "contract_id | happened_on | kind\nstranger | 2023-09-10 | warning"),
        outcomes=drawn(OUTCOME, "contract_id | ended_on\nstranger | 2023-09-15"),
    )
    together = changed(
        case.records, lambda kind, rows: pd.concat([rows, getattr(stranger, kind.name)])
    )
    own = [name for name in CATALOGUE.names if name not in SHARED_RATES]

    assert_same(matrix_of(case.records, case.cases)[own], matrix_of(together, case.cases)[own])


@few
@given(drawings())
def test_the_outcome_of_a_contract_says_nothing_of_itself(case: Drawn) -> None:
    """However early it is known, a case never sees its own end."""
    contract_id = case.cases["contract_id"].iloc[:1]
    others = case.records.outcomes[~case.records.outcomes["contract_id"].isin(contract_id)]

    assert_same(
        matrix_of(case.records, case.cases.iloc[:1]),
        matrix_of(replace(case.records, outcomes=others), case.cases.iloc[:1]),
    )


@few
@given(drawings())
def test_bounds_hold(case: Drawn) -> None:
    """A known value lies within the bounds its feature declares, and none is infinite."""
    matrix = matrix_of(case.records, case.cases)
    low, high = (np.array([getattr(f, side) for f in CATALOGUE]) for side in ("low", "high"))

    outside = (matrix < low) | (matrix > high)

    assert not outside.to_numpy().any(), matrix.columns[outside.any()].tolist()


@few
@given(drawings())
def test_every_value_has_a_sentence(case: Drawn) -> None:
    """The template that fits a value of a row is filled from that row, with no unknown in it."""
    as_of = case.cases["as_of"].max().date()
    for _, row in matrix_of(case.records, case.cases).head(3).iterrows():
        values = {str(name): float(value) for name, value in row.items()}
        for name, value in values.items():
            template = CATALOGUE[name].template(value)
            units = UNITS | {"value": UNITS[name]}
            sentence = fill(template, values | {"value": value}, units, as_of=as_of)
            assert "nan" not in sentence.lower().split(), sentence
            assert "{" not in sentence, sentence


def test_draws_reach_every_feature() -> None:
    """No property holds for want of values: over a few draws, every feature takes two of them."""
    matrices = [
        matrix_of(d.records, d.cases) for d in (draw(seed, contracts=40) for seed in range(10))
    ]
    distinct = pd.concat(matrices).nunique()
    assert distinct[distinct < 2].index.tolist() == []
