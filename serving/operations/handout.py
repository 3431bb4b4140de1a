"""Handing out the explanation of a case to the person it is about.

GDPR articles 13 to 15 and 22, AI Act article 86. The page and the command hand out the same
document, and the audit tells that from a mere view.
"""

from serving.actors import Actor
from serving.context import AppContext
from serving.queries.cases import CaseFile, case_file
from serving.store.audit import Action


def hand_out(context: AppContext, *, actor: Actor, contract_id: str) -> CaseFile:
    """Return the case to explain, once it is recorded that it is handed out.

    Raises NotFoundError unless the actor may see it, and as `record_handout`.
    """
    with context.reading(actor) as reads:
        case = case_file(reads, contract_id=contract_id)
    record_handout(context, actor=actor, case=case)
    return case


def record_handout(context: AppContext, *, actor: Actor, case: CaseFile) -> None:
    """Record that the explanation of a case is handed out; call it before the document leaves.

    Raises StoreError when the line cannot be written, and then nothing is to be handed out.
    """
    latest, subject = case.summary.assessment, f"contract:{case.summary.contract_id}"
    with context.audited(actor, Action.EXPLAIN, subject=subject) as write:
        if latest is not None:
            write.details["assessment_id"] = latest.id
            write.details["model_version"] = latest.model_version
