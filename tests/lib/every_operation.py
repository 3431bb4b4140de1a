"""One small call of every operation that writes, for promises that hold for all of them.

Each is given a house that holds contract C1 with an assessment.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from serving.actors import COMMAND
from serving.context import House
from serving.operations import (
    directory,
    feedback,
    imports,
    models,
    privacy,
    records,
    suspension,
    views,
    webhooks,
)
from serving.operations.backup import back_up, restore
from serving.operations.export import export_extract
from serving.queries.handout import explanation
from serving.scoring import micro_batching as scoring
from serving.scoring.rescoring import rescore
from serving.store import endpoints, suspensions
from tests.lib import people_operations
from tests.lib.house import contract, event, interview, outcome


def _import(house: House) -> object:
    """A folder with one contract that is not kept yet, and nothing scored."""
    with TemporaryDirectory() as temporary:
        table = Path(temporary) / "contracts.ndjson"
        table.write_text(json.dumps(contract("C7"), default=str) + "\n", encoding="utf-8")
        return imports.import_records(house, actor=COMMAND, path=Path(temporary), score=False)


def backup_of(house: House) -> Path:
    """Where the backup of a house is written, beside nothing that another house has."""
    return Path(gettempdir()) / f"vigie-backup-{os.getpid()}-{id(house)}.zip"


OPERATIONS: dict[str, Callable[[House], object]] = {
    "keep_contract": lambda house: records.keep_contract(
        house, actor=COMMAND, record=contract("C2")
    ),
    "keep_interview": lambda house: records.keep_interview(
        house, actor=COMMAND, record=interview()
    ),
    "keep_event": lambda house: records.keep_event(house, actor=COMMAND, record=event()),
    "keep_outcome": lambda house: records.keep_outcome(house, actor=COMMAND, record=outcome()),
    "give_feedback": lambda house: feedback.give_feedback(
        house, actor=COMMAND, contract_id="C1", kind="agree"
    ),
    "name_person": lambda house: directory.name_person(
        house, actor=COMMAND, person_id="P-C1", given_name="Ada", family_name="Lovelace"
    ),
    "name_organisation": lambda house: directory.name_organisation(
        house, actor=COMMAND, organisation_id="12345678900011", name="Boulangerie du Port"
    ),
    "name_all": lambda house: directory.name_all(
        house,
        actor=COMMAND,
        persons={"P-C1": ("Ada", "Lovelace")},
        organisations={"0442199T": "CFA"},
    ),
    "import_records": _import,
    "restore": lambda house: restore(house, actor=COMMAND, path=backup_of(house), replace=True),
    "rescore": lambda house: rescore(house, actor=COMMAND),
    "add_endpoint": lambda house: webhooks.add_endpoint(
        house, actor=COMMAND, url="http://127.0.0.1:9/hook"
    ),
    "remove_endpoint": lambda house: webhooks.remove_endpoint(
        house, actor=COMMAND, endpoint_id=only_endpoint(house)
    ),
    "retry_endpoint": lambda house: webhooks.retry_endpoint(
        house, actor=COMMAND, endpoint_id=only_endpoint(house)
    ),
    "retire_endpoint": lambda house: webhooks.retire_endpoint(
        house, endpoint_id=only_endpoint(house)
    ),
    "suspend_scoring": lambda house: suspension.suspend_scoring(
        house, actor=COMMAND, why="contrôle des données"
    ),
    "resume_scoring": lambda house: suspension.resume_scoring(house, actor=COMMAND),
    "erase_person": lambda house: privacy.erase_person(house, actor=COMMAND, person_id="P-C1"),
    "retain": lambda house: privacy.retain(house_in_ten_years(house), actor=COMMAND),
    "export_extract": lambda house: in_a_folder(
        lambda folder: export_extract(house, actor=COMMAND, folder=folder / "new", key=b"k" * 32)
    ),
    "back_up": lambda house: in_a_folder(
        lambda folder: back_up(house, actor=COMMAND, path=folder / "backup.zip")
    ),
    "explanation": lambda house: explanation(house, actor=COMMAND, contract_id="C1"),
    "record_view": lambda house: views.record_view(house, actor=COMMAND, contract_id="C1"),
    "keep_model_served": models.keep_model_served,
    "score_cases": lambda house: scoring.score_cases(house, actor=COMMAND, cases=1),
}


def some_endpoint(house: House) -> int:
    """An endpoint that nobody listens at."""
    with house.store.writing() as connection:
        url, secret = "http://127.0.0.1:9/hook", "whsec_bm9ib2R5"
        return endpoints.add(connection, url=url, secret=secret, now=house.now())


def only_endpoint(house: House) -> int:
    """The number of the endpoint that was prepared."""
    with house.store.reading() as connection:
        [endpoint] = endpoints.every(connection)
    return endpoint.id


def some_suspension(house: House) -> None:
    """Scoring is suspended."""
    with house.store.writing() as connection:
        suspensions.suspend(connection, why="contrôle des données", now=house.now())


def house_in_ten_years(house: House) -> House:
    """The same house when everything in it is old."""
    return replace(house, now=lambda: house.now() + timedelta(days=3653))


def in_a_folder(call: Callable[[Path], object]) -> None:
    """Call with a folder that is removed afterwards."""
    with TemporaryDirectory() as folder:
        call(Path(folder))


OPERATIONS |= people_operations.OPERATIONS

# What must be there before an operation can be called at all.
PREPARE: dict[str, Callable[[House], object]] = {
    "restore": lambda house: back_up(house, actor=COMMAND, path=backup_of(house)),
    "remove_endpoint": some_endpoint,
    "retry_endpoint": some_endpoint,
    "retire_endpoint": some_endpoint,
    "resume_scoring": some_suspension,
    **people_operations.PREPARE,
}
