"""What lists read of the store."""

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.records import keep_contract
from serving.store import assessments, caseload, contract_summaries
from tests.lib.contexts import contract


def test_a_list_reads_all_of_an_assessment_but_its_contributions(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())

    with context.store.reading() as connection:
        cases = contract_summaries.of_ids(connection, ["C1"])
        whole = assessments.latest(connection, "C1")
        listed = caseload.latest_assessments(connection, cases)["C1"]

    assert whole is not None
    assert listed == whole  # contributions take no part in this
    assert whole.contributions is not None
    assert listed.contributions is None
