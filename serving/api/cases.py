"""A case that was sent -> rows that can be scored, or the faults between its parts."""

from datetime import date, timedelta
from typing import Any

from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.rows import row_from
from serving.api.problem_texts import INVALID_RECORD
from serving.api.problems import Fault, ProblemError
from serving.api.request_models import Case, row_of
from serving.scoring.submitted import SubmittedCase

Row = dict[str, Any]  # typed values by column name, before they are known to be a record


def rows_of(case: Case, *, today: date) -> SubmittedCase:
    """Return the rows of a case, as a score takes them.

    What is sent without `known_on` is known today.

    Raises ProblemError when a record is another contract's, when the contract was not known that
    morning, or when a past morning is asked for without saying what was known then: records would
    be left out in silence.
    """
    as_of = case.as_of or today + timedelta(days=1)
    contract = row_of(case.contract)
    interviews = [row_of(record) for record in case.interviews]
    events = [row_of(record) for record in case.events]
    faults = _known_faults("/contract", contract, as_of, today)
    if contract["known_on"] is not None and contract["known_on"] >= as_of:
        faults.append(Fault("/contract/known_on", "known_late", value=""))
    for name, records in (("interviews", interviews), ("events", events)):
        for number, row in enumerate(records):
            faults += _join(f"/{name}/{number}", row, contract["contract_id"], as_of, today)
    if faults:
        raise ProblemError(INVALID_RECORD, faults=tuple(faults[:100]))
    for row in (contract, *interviews, *events):
        row["known_on"] = row["known_on"] or today
    return SubmittedCase(
        row_from(CONTRACT, contract),
        [row_from(INTERVIEW, row) for row in interviews],
        [row_from(EVENT, row) for row in events],
        as_of,
    )


def _join(place: str, row: Row, contract_id: str, as_of: date, today: date) -> list[Fault]:
    faults = _known_faults(place, row, as_of, today)
    if row["contract_id"] not in (None, contract_id):
        faults.append(Fault(f"{place}/contract_id", "other_case", value=row["contract_id"]))
    row["contract_id"] = contract_id
    return faults


def _known_faults(place: str, row: Row, as_of: date, today: date) -> list[Fault]:
    if row["known_on"] is None and as_of <= today:
        return [Fault(f"{place}/known_on", "known_needed")]
    return []
