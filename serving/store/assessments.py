"""Assessments as they were made, read back; `assessment_inserts` adds them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    func,
    null,
    select,
)

from models.incidence import Incidence
from models.reasons import Reason
from models.sufficiency import NotAssessed
from models.unusual import Unusual
from serving.store import old_sentences
from serving.store.tables import accounts, assessments, contract_summaries

# Names of the columns of an assessment as it is read back; the transaction is for the feed only.
_COLUMNS = [column for column in assessments.c if column.name != "transaction_id"]

_SHOWN = [null().label(c.name) if c.name == "contributions" else c for c in _COLUMNS]


@dataclass(frozen=True)
class Change:
    """How much more or less a group adds to the log-odds than at the previous assessment."""

    group: str
    label: str
    change: float


@dataclass(frozen=True)
class StoredAssessment:
    """One assessment. What is not assessed has no risk, no level and no reason: missing, never 0.

    `base_value` + sum of `contributions` (in the order of the catalogue's inputs) is the log-odds
    of `risk`. `changes` are the differences of contributions by group with the previous assessment,
    empty when there is none by the same model.
    """

    id: int
    contract_id: str
    as_of: date
    valid_until: date
    made_at: datetime
    status: str
    why_not: NotAssessed | None
    why_not_detail: str | None  # completes some codes, as the wording files say
    risk: float | None
    level: str | None
    base_rate: float | None
    base_value: float | None
    similar_cases: int | None
    similar_ruptures: int | None
    similar_low: float | None
    similar_high: float | None
    reasons: list[Reason]
    contributions: npt.NDArray[np.float64] | None = field(compare=False)  # an array: no one truth
    row_digest: str
    model_version: str
    label_version: str
    catalogue_hash: str
    previous_id: int | None
    changes: list[Change] = field(default_factory=list)
    incidence: Incidence | None = None
    unusual: list[Unusual] = field(default_factory=list)


def packed(contributions: npt.NDArray[np.float64]) -> bytes:
    """Contributions as little-endian bytes."""
    return contributions.astype("<f8").tobytes()


def by_id(connection: Connection, assessment_id: int) -> StoredAssessment | None:
    """Return one assessment by its number."""
    row = connection.execute(_BY_ID, {"number": assessment_id}).first()
    return None if row is None else _read(row)


def latest(connection: Connection, contract_id: str) -> StoredAssessment | None:
    """Return the last assessment of a contract."""
    row = connection.execute(_LATEST, {"contract_id": contract_id}).first()
    return None if row is None else _read(row)


def history(connection: Connection, contract_id: str) -> list[StoredAssessment]:
    """Return every assessment of a contract, the latest first, without contributions."""
    t = assessments.c
    query = select(*_SHOWN).where(t.contract_id == contract_id).order_by(t.id.desc())
    return [_read(row) for row in connection.execute(query)]


def by_ids(connection: Connection, ids: list[int]) -> dict[int, StoredAssessment]:
    """Assessments by their numbers."""
    query = select(*_COLUMNS).where(assessments.c.id.in_(ids))
    return {row.id: _read(row) for row in connection.execute(query)}


def shown(connection: Connection, ids: list[int]) -> dict[int, StoredAssessment]:
    """`by_ids` without the contributions, which lists do not show."""
    query = select(*_SHOWN).where(assessments.c.id.in_(ids))
    return {row.id: _read(row) for row in connection.execute(query)}


def after(
    connection: Connection,
    *,
    seen: Any,
    after_id: int,
    limit: int,
    level: str | None = None,
    advisor_id: str | None = None,
    site: str | None = None,
) -> list[StoredAssessment]:
    """Assessments numbered above `after_id`, in order, of the contracts that satisfy `seen`.

    On PostgreSQL those of transactions that may still be overtaken by a lower number are left for
    the next page, so that a reader who follows the numbers misses none.
    """
    t = assessments.c
    query = (
        select(*_COLUMNS)
        .join(contract_summaries, contract_summaries.c.contract_id == t.contract_id)
        .where(t.id > after_id, seen)
        .order_by(t.id)
        .limit(limit)
    )
    if level is not None:
        query = query.where(t.level == level)
    if advisor_id is not None:
        query = query.where(contract_summaries.c.advisor_id == advisor_id)
    if site is not None:
        of_site = select(accounts.c.advisor_id).where(accounts.c.site == site)
        query = query.where(contract_summaries.c.advisor_id.in_(of_site))
    return [_read(row) for row in connection.execute(_settled(connection, query))]


def _settled(connection: Connection, query: Select[Any]) -> Select[Any]:
    if connection.dialect.name != "postgresql":
        return query
    oldest = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return query.where(assessments.c.transaction_id < cast(cast(oldest, Text), BigInteger))


def _read(row: Any) -> StoredAssessment:
    values = dict(row._mapping)
    raw = values["contributions"]
    values["contributions"] = None if raw is None else np.frombuffer(raw, "<f8")
    values["reasons"] = [Reason(**reason) for reason in values["reasons"]]
    curve = values["incidence"]
    values["incidence"] = None if curve is None else Incidence(**curve)
    values["unusual"] = [Unusual(**one) for one in values["unusual"] or ()]
    values["changes"] = [Change(**change) for change in values["changes"]]
    code, sentence = values.pop("why_not_code"), values.pop("why_not")
    if sentence is not None and code is None:
        values["why_not"], values["why_not_detail"] = old_sentences.code_and_detail(sentence)
    else:
        values["why_not"] = NotAssessed(code) if code else None
    return StoredAssessment(**values)


_BY_ID = select(*_COLUMNS).where(assessments.c.id == bindparam("number"))
_LATEST = (
    select(*_COLUMNS)
    .where(assessments.c.contract_id == bindparam("contract_id"))
    .order_by(assessments.c.id.desc())
    .limit(1)
)
