"""What lists read of the store."""

from serving.actors import COMMAND
from serving.context import House
from serving.operations.records import keep_contract
from serving.store import assessments, caseload, standings
from tests.lib.house import contract


def test_a_list_reads_all_of_an_assessment_but_its_contributions(house: House) -> None:
    keep_contract(house, actor=COMMAND, record=contract())

    with house.store.reading() as connection:
        cases = standings.of_ids(connection, ["C1"])
        whole = assessments.latest(connection, "C1")
        listed = caseload.latest_assessments(connection, cases)["C1"]

    assert whole is not None
    assert listed == whole  # contributions take no part in this
    assert whole.contributions is not None
    assert listed.contributions is None
