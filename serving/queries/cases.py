"""One case with all that is stored about it, for its page and for the explanation handed out."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.records.rows import Versions
from serving.context import ReadSession
from serving.queries.assessments import SUSPENDED, as_shown
from serving.queries.case_summary import CaseSummary, case_summary_of, facts_of, names_of
from serving.queries.circumstances import surroundings_of
from serving.queries.visibility import visible_contract
from serving.store import assessments, feedback, records
from serving.store.assessments import StoredAssessment
from serving.store.feedback import Feedback

__all__ = ["Feedback"]  # what a case file holds, for those who show it


@dataclass(frozen=True)
class CaseFile:
    """Every version of every record of a contract, its assessments and the answers to them.

    Assessments and answers come latest first; those made while scoring is suspended have no score.
    """

    summary: CaseSummary
    versions: Versions
    assessments: Sequence[StoredAssessment]
    answers: Sequence[Feedback]

    @property
    def past(self) -> list[StoredAssessment]:
        """The assessments whose scores may be shown."""
        return [one for one in self.assessments if one.status != SUSPENDED]


def case_file(reads: ReadSession, *, contract_id: str) -> CaseFile:
    """Return the file of a case. Raises NotFoundError unless the actor may see it."""
    summary, connection = visible_contract(reads, contract_id), reads.connection
    versions = records.versions(connection, [contract_id])
    made = as_shown(reads, assessments.history(connection, contract_id))
    employers = [
        (v.known_on, v.employer_siret)
        for v in versions.contracts
        if v.employer_siret and not v.withdrawn
    ]
    around = surroundings_of(reads, [summary], employers={contract_id: employers})
    case = case_summary_of(
        summary,
        facts_of(versions.contracts[-1]),
        names=names_of(reads, [summary]),
        assessment=made[0] if made else None,
        suspended=reads.suspension.why if reads.suspension else None,
        surroundings=around.get(contract_id, ()),
    )
    return CaseFile(case, versions, made, feedback.of_contract(connection, contract_id))


def person_and_assessment(
    reads: ReadSession, *, contract_id: str
) -> tuple[str, StoredAssessment | None]:
    """Return the name to show for a case and its last assessment, None without one.

    Raises NotFoundError unless the actor may see the case.
    """
    summary = visible_contract(reads, contract_id)
    latest = assessments.latest(reads.connection, contract_id)
    shown = as_shown(reads, [latest] if latest else [])
    return names_of(reads, [summary]).of_person(summary), shown[0] if shown else None
