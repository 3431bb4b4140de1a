"""What a delivery of records is worth: counts, rejects, gaps, contradictions, delays. It is data.

A contradiction refuses nothing: the rows are in, and the report says which ones to look at. It
names rows by identifier and never quotes what they say of a person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.intake.formats.incoming import OF_UNKNOWN_CONTRACT
from features.intake.intake import Intake
from features.point_in_time.days import to_days, whole_years
from features.point_in_time.ordering import superseded_on
from features.records.declarations import CONTRACT, OUTCOME, Records
from features.records.schema import RecordType

EXAMPLES = 5
LATE_DAYS = 30  # the delay within which the law wants a rupture declared (D6325-5)
EARLY_DAYS = 60  # the dashboard's tolerance around the end of the training (domain 1.3)
AGE_LOW, AGE_HIGH = 14, 75
LA_POSTE = "356000000"  # its 10,000 establishments have SIRETs outside Luhn's rule

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Contradiction:
    """Rows that cannot all be right: what is wrong, how many, and the first identifiers."""

    what: str
    table: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class QualityReport:
    """All `vigie check` says of a delivery.

    `counts`: one row per table (read, accepted, repeated, refused). `rejects`: cells refused by
    table, column and reason; `left_out`: faulty optional values of accepted rows, likewise;
    `cleaned`: values read though they were written otherwise, by table and column. `missing`: share
    of accepted rows without a value, by column. `dates`: first and last day told and known by
    table, share known more than 30 days late.
    """

    counts: pd.DataFrame
    rejects: pd.DataFrame
    left_out: pd.DataFrame
    cleaned: pd.DataFrame
    missing: pd.DataFrame
    contradictions: tuple[Contradiction, ...]
    dates: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def refused(self) -> int:
        """How many rows were refused, over all tables."""
        return int(self.counts["refused"].sum())


def report(intake: Intake) -> QualityReport:
    """Describe a delivery; contradictions are sought in the latest version of each record."""
    return QualityReport(
        counts=_counts(intake),
        rejects=_by_reason(intake.rejects),
        left_out=_by_reason(intake.left_out),
        cleaned=_cleaned(intake.cleaned),
        missing=_missing(intake.records),
        contradictions=find_contradictions(intake.records),
        dates=_dates(intake.records),
        notes=intake.notes,
    )


def find_contradictions(records: Records) -> tuple[Contradiction, ...]:
    """List every contradiction that has at least one row."""
    contracts, outcomes = latest(CONTRACT, records.contracts), latest(OUTCOME, records.outcomes)
    ended = outcomes.merge(contracts, on="contract_id", suffixes=("", "_of_contract"))
    found = [
        *_seek(CONTRACT_CHECKS, contracts, "contracts", "contract_id"),
        *_seek(OUTCOME_CHECKS, ended, "outcomes", "contract_id"),
        *_seek(
            INTERVIEW_CHECKS, _of_ended(records.interviews, outcomes), "interviews", "interview_id"
        ),
        *_seek(EVENT_CHECKS, _of_ended(records.events, outcomes), "events", "event_id"),
    ]
    return tuple(found)


def latest(record_type: RecordType, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the last version known of each record."""
    known = rows["known_on"].to_numpy("datetime64[D]").astype("float64")
    superseded = superseded_on(rows[record_type.key].to_numpy(object), known)
    last = rows[np.isinf(superseded)]
    return last[last["withdrawn"].ne(1.0)].reset_index(drop=True)


def wrong_luhn(sirets: pd.Series) -> Mask:
    """Find the SIRETs whose check figure is wrong (Luhn, 1960); a missing one is not wrong.

    The establishments of La Poste follow another rule: their figures sum to a multiple of 5.
    """
    present = sirets.notna().to_numpy()
    text = sirets.fillna("0" * 14)
    figures = np.stack([text.str.slice(i, i + 1).astype("int64") for i in range(14)], axis=1)
    doubled = figures * np.array([2, 1] * 7)
    luhn = (doubled // 10 + doubled % 10).sum(axis=1) % 10 != 0
    la_poste = text.str.startswith(LA_POSTE).to_numpy() & (figures.sum(axis=1) % 5 == 0)
    wrong: Mask = present & luhn & ~la_poste
    return wrong


def _counts(intake: Intake) -> pd.DataFrame:
    accepted = {record_type.name: len(rows) for record_type, rows in intake.records}
    columns = {"read": intake.read, "accepted": accepted}
    columns |= {"repeated": intake.repeats, "refused": intake.refused}
    return pd.DataFrame(columns).rename_axis("table").reset_index()


def _by_reason(cells: pd.DataFrame) -> pd.DataFrame:
    """Count cells by reason, causes before the rows that fall with their contract (`falls`)."""
    counts = cells.groupby(["table", "column", "reason"], sort=False).size().rename("cells")
    found = counts.reset_index()
    found["falls"] = found["reason"].astype("str").str.endswith(OF_UNKNOWN_CONTRACT)
    return found.sort_values(["falls", "cells"], ascending=[True, False], ignore_index=True)


def _cleaned(cleaned: Mapping[str, Mapping[str, int]]) -> pd.DataFrame:
    rows = [(table, *pair) for table, columns in cleaned.items() for pair in columns.items()]
    return pd.DataFrame(rows, columns=["table", "column", "cells"])


def _missing(records: Records) -> pd.DataFrame:
    shares = {record_type.name: rows.isna().mean() for record_type, rows in records if len(rows)}
    columns = ["table", "column", "missing_share"]
    if not shares:
        return pd.DataFrame(columns=columns)
    share: pd.Series = pd.concat(shares).rename_axis(columns[:2])
    return share.to_frame("missing_share").reset_index()


def _dates(records: Records) -> pd.DataFrame:
    day_columns = {"contracts": "started_on", "outcomes": "ended_on"}
    rows = [
        _span(record_type.name, rows, record_type.happened or day_columns[record_type.name])
        for record_type, rows in records
    ]
    return pd.DataFrame(rows)


def _span(table: str, rows: pd.DataFrame, day_column: str) -> dict[str, object]:
    delay = (rows["known_on"] - rows[day_column]).dt.days
    return {
        "table": table,
        "first": rows[day_column].min(),
        "last": rows[day_column].max(),
        "first_known": rows["known_on"].min(),
        "last_known": rows["known_on"].max(),
        "median_delay_days": delay.median(),
        "late_share": (delay > LATE_DAYS).mean(),
    }


def _of_ended(rows: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(outcomes[["contract_id", "ended_on"]], on="contract_id")


Check = Callable[[pd.DataFrame], "pd.Series | Mask"]


def _seek(
    checks: Mapping[str, Check], rows: pd.DataFrame, table: str, key: str
) -> list[Contradiction]:
    found = []
    for what, check in checks.items():
        ids = rows.loc[np.asarray(check(rows), dtype=bool), key]
        if len(ids):
            examples = tuple(ids.drop_duplicates().head(EXAMPLES))
            found.append(Contradiction(what, table, len(ids), examples))
    return found


def _any_of(rows: pd.DataFrame, form: str) -> pd.Series:
    names = [name for name in CONTRACT.names if name.endswith(form)]
    return rows[names].notna().any(axis="columns")


def _age(rows: pd.DataFrame) -> pd.Series:
    years = whole_years(to_days(rows["born_on"]), to_days(rows["started_on"]))
    return pd.Series(years, index=rows.index)


CONTRACT_CHECKS: dict[str, Check] = {
    "planned end before the start": lambda c: c["planned_end_on"] < c["started_on"],
    "signed after the start": lambda c: c["signed_on"] > c["started_on"],
    "trial period ends outside the contract": lambda c: (
        (c["trial_end_on"] < c["started_on"]) | (c["trial_end_on"] > c["planned_end_on"])
    ),
    "codes of both forms": lambda c: _any_of(c, "_12434") & _any_of(c, "_10103"),
    "professionalisation with codes of the apprenticeship form (10103)": lambda c: (
        (c["kind"] == "professionalisation") & _any_of(c, "_10103")
    ),
    "apprenticeship with codes of the professionalisation form (12434)": lambda c: (
        (c["kind"] == "apprenticeship") & _any_of(c, "_12434")
    ),
    f"age at the start outside {AGE_LOW} to {AGE_HIGH}": lambda c: (
        c["born_on"].notna() & ~_age(c).between(AGE_LOW, AGE_HIGH)
    ),
    "SIRET of the employer with a wrong check figure": lambda c: wrong_luhn(c["employer_siret"]),
    "SIRET of the training centre with a wrong check figure": lambda c: wrong_luhn(
        c["training_centre_siret"]
    ),
}
OUTCOME_CHECKS: dict[str, Check] = {
    "rupture before the start": lambda o: (
        (o["how"] != "not_started") & (o["ended_on"] < o["started_on"])
    ),
    "never started, yet ended after the start": lambda o: (
        (o["how"] == "not_started") & (o["ended_on"] > o["started_on"])
    ),
    "rupture after the planned end": lambda o: (
        (o["how"] == "rupture") & (o["ended_on"] > o["planned_end_on"])
    ),
    f"completed more than {EARLY_DAYS} days before the planned end": lambda o: (
        (o["how"] == "completed") & ((o["planned_end_on"] - o["ended_on"]).dt.days > EARLY_DAYS)
    ),
    "rupture for the motive of a natural end (031)": lambda o: (
        (o["how"] == "rupture") & (o["motive"] == "031")
    ),
    "new contract before the end of this one": lambda o: o["new_contract_on"] < o["ended_on"],
}
INTERVIEW_CHECKS: dict[str, Check] = {
    "interview during the contract held after its end": lambda i: (
        (i["phase"] != "after") & (i["held_on"] > i["ended_on"])
    ),
}
EVENT_CHECKS: dict[str, Check] = {
    "absence or lateness after the end of the contract": lambda e: (
        e["kind"].isin(["absence_work", "absence_class", "lateness_work", "lateness_class"])
        & (e["happened_on"] > e["ended_on"])
    ),
}
