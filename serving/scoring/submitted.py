"""Scoring cases that are sent and not stored, as many at once as are there.

What a case costs is calls, not numbers: ten cases in one pass cost little more than one. Each is
computed by itself, so that the company it is in changes nothing (`serving.predictor.scorer`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from features.common.errors import BundleError, StoreError
from features.records.rows import ContractRow, EventRow, InterviewRow, Versions
from serving.context import AppContext
from serving.predictor.scorer import Assessment
from serving.scoring.indexing import index_of


@dataclass(frozen=True)
class SubmittedCase:
    """A contract and its records as they were sent."""

    contract: ContractRow
    interviews: Sequence[InterviewRow]
    events: Sequence[EventRow]
    as_of: date

    @property
    def contract_id(self) -> str:
        """The contract, as the caller names it."""
        return self.contract.contract_id


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
            index = index_of(
                connection,
                _renumbered(numbered),
                as_of=as_of,
                stored_ids=[case.contract_id for case in numbered.values()],
            )
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


def _renumbered(numbered: Numbered) -> Versions:
    """Return the records of the cases, each case under its number."""
    return Versions(
        contracts=[case.contract._replace(contract_id=number) for number, case in numbered.items()],
        interviews=[
            row._replace(contract_id=number, interview_id=f"{number} {row.interview_id}")
            for number, case in numbered.items()
            for row in case.interviews
        ],
        events=[
            row._replace(contract_id=number, event_id=f"{number} {row.event_id}")
            for number, case in numbered.items()
            for row in case.events
        ],
    )
