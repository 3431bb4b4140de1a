"""Scoring cases that are sent and not kept, as many at once as are there.

What a case costs is calls, not numbers: ten cases in one pass cost little more than one. Each is
computed by itself, so that the company it is in changes nothing (`serving.predictor.scorer`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from features.common.errors import BundleError, StoreError
from features.point_in_time.history import History
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.schema import RecordType
from serving.context import AppContext
from serving.predictor.scorer import Assessment
from serving.scoring.stored import day_of, known_history, known_keys
from serving.store import history
from serving.store.engine import Connection
from serving.store.records import Row


@dataclass(frozen=True)
class SubmittedCase:
    """A contract and its records as they were sent: typed values by column name, `known_on` too."""

    contract: Row
    interviews: Sequence[Row]
    events: Sequence[Row]
    as_of: date

    @property
    def contract_id(self) -> str:
        """The contract, as the caller names it."""
        return str(self.contract["contract_id"])


Numbered = Mapping[str, SubmittedCase]


def score_case(context: AppContext, case: SubmittedCase) -> Assessment:
    """`score_cases` of one."""
    (assessment,) = score_cases(context, [case])
    return assessment


def score_cases(context: AppContext, cases: Sequence[SubmittedCase]) -> list[Assessment]:
    """Return the assessment of each case, in their order.

    Raises BundleError with no usable model, InputError when a contract was not known that morning,
    StoreError when the database does not answer.
    """
    scorer = context.model.current()
    found: dict[str, Assessment] = {}
    for as_of in dict.fromkeys(case.as_of for case in cases):
        # Two callers may name two cases alike: here a case is named by its place.
        numbered = {str(n): case for n, case in enumerate(cases) if case.as_of == as_of}
        with context.store.reading() as connection:
            index = _index(connection, numbered, as_of)
        mornings = [as_of] * len(numbered)
        assessed = scorer.assess(index, contract_ids=list(numbered), as_of=mornings)
        found |= dict(zip(numbered, assessed, strict=True))
    return [replace(found[str(n)], contract_id=case.contract_id) for n, case in enumerate(cases)]


def score_each(context: AppContext, cases: Sequence[SubmittedCase]) -> list[Assessment | Exception]:
    """Return the assessment of each case, or why it has none.

    One that fails takes no other with it.
    """
    try:
        return [*score_cases(context, cases)]
    except (BundleError, StoreError) as error:  # no case's own: each would wait for it again
        return [error] * len(cases)
    except Exception as error:
        if len(cases) == 1:
            return [error]
        half = len(cases) // 2
        return [*score_each(context, cases[:half]), *score_each(context, cases[half:])]


def _index(connection: Connection, numbered: Numbered, as_of: date) -> Index:
    contracts = RecordArrays.of_rows(
        [{**case.contract, "contract_id": number} for number, case in numbered.items()], CONTRACT
    )
    return Index.of_columns(
        contracts=contracts,
        interviews=_columns(numbered, INTERVIEW),
        events=_columns(numbered, EVENT),
        history=_history(connection, contracts, numbered, as_of),
    )


def _columns(numbered: Numbered, record_type: RecordType) -> RecordArrays:
    key = record_type.key
    rows = [
        {**row, "contract_id": number, key: f"{number} {row[key]}"}
        for number, case in numbered.items()
        for row in getattr(case, record_type.name)
    ]
    return RecordArrays.of_rows(rows, record_type)


def _history(
    connection: Connection, contracts: RecordArrays, numbered: Numbered, as_of: date
) -> History:
    """What the store knows of the past of these cases' entities, each contract by its number."""
    owners = [case.contract_id for case in numbered.values()]
    keys = {**known_keys(contracts), "contract": list(dict.fromkeys(owners))}
    sums = history.sums_before(connection, keys, day=day_of(as_of))
    of_contract = {key: amounts for entity, key, *amounts in sums if entity == "contract"}
    own = [
        ("contract", number, *of_contract[owner])
        for number, owner in zip(numbered, owners, strict=True)
        if owner in of_contract
    ]
    return known_history([*(row for row in sums if row[0] != "contract"), *own], as_of)
