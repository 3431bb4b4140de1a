"""Who may see which contract: one that is absent and one of somebody else are refused alike."""

from features.common.errors import NotFoundError
from serving.context import ReadSession
from serving.store import contract_summaries
from serving.store.contract_summaries import ContractSummary


def visible_contract(reads: ReadSession, contract_id: str) -> ContractSummary:
    """Return where a contract stands. Raises NotFoundError unless the actor may see it.

    While scoring is suspended it has neither level nor risk.
    """
    seen = contract_summaries.visible_to(reads.actor)
    found = contract_summaries.find(reads.connection, contract_id, seen=seen)
    if found is None:
        raise NotFoundError("contract: expected one that is yours to see, got another id")
    return found if reads.suspension is None else found.without_score()
