"""One small call of every operation that writes, for promises that hold for all of them.

Each is given a context that holds contract C1 with an assessment.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from features.records.declarations import CONTRACT
from serving.actors import COMMAND
from serving.context import AppContext
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
from serving.operations.handout import hand_out
from serving.scoring import micro_batching as scoring
from serving.scoring.nightly_run import rescore
from serving.store import endpoints, suspensions
from tests.lib import account_operations, import_operations, programme_operations
from tests.lib.contexts import contract, event, interview, outcome


def _import(context: AppContext) -> object:
    """A folder with one contract that is not stored yet, and nothing scored."""
    with TemporaryDirectory() as temporary:
        table = Path(temporary) / "contracts.ndjson"
        table.write_text(json.dumps(contract("C7"), default=str) + "\n", encoding="utf-8")
        return imports.import_records(context, actor=COMMAND, path=Path(temporary), score=False)


def backup_of(context: AppContext) -> Path:
    """Where the backup of a context is written, beside nothing that another context has."""
    return Path(gettempdir()) / f"vigie-backup-{os.getpid()}-{id(context)}.zip"


OPERATIONS: dict[str, Callable[[AppContext], object]] = {
    "keep_contract": lambda context: records.keep_contract(
        context, actor=COMMAND, record=contract("C2")
    ),
    "keep_interview": lambda context: records.keep_interview(
        context, actor=COMMAND, record=interview()
    ),
    "keep_event": lambda context: records.keep_event(context, actor=COMMAND, record=event()),
    "keep_outcome": lambda context: records.keep_outcome(context, actor=COMMAND, record=outcome()),
    "withdraw_record": lambda context: records.withdraw_record(
        context, actor=COMMAND, record_type=CONTRACT, key="C1"
    ),
    "restore_record": lambda context: records.restore_record(
        context, actor=COMMAND, record_type=CONTRACT, key="C1"
    ),
    "record_reading": lambda context: views.record_reading(
        context, actor=COMMAND, record_type=CONTRACT, contract_id="C1", versions=1
    ),
    "give_feedback": lambda context: feedback.give_feedback(
        context, actor=COMMAND, contract_id="C1", kind="agree"
    ),
    "name_person": lambda context: directory.name_person(
        context, actor=COMMAND, person_id="P-C1", given_name="Ada", family_name="Lovelace"
    ),
    "name_organisation": lambda context: directory.name_organisation(
        context, actor=COMMAND, organisation_id="12345678900011", name="Boulangerie du Port"
    ),
    "name_all": lambda context: directory.name_all(
        context,
        actor=COMMAND,
        persons={"P-C1": ("Ada", "Lovelace")},
        organisations={"0442199T": "CFA"},
    ),
    "import_records": _import,
    "restore": lambda context: restore(
        context, actor=COMMAND, path=backup_of(context), replace=True
    ),
    "rescore": lambda context: rescore(context, actor=COMMAND),
    "add_endpoint": lambda context: webhooks.add_endpoint(
        context, actor=COMMAND, url="http://127.0.0.1:9/hook"
    ),
    "remove_endpoint": lambda context: webhooks.remove_endpoint(
        context, actor=COMMAND, endpoint_id=only_endpoint(context)
    ),
    "retry_endpoint": lambda context: webhooks.retry_endpoint(
        context, actor=COMMAND, endpoint_id=only_endpoint(context)
    ),
    "retire_endpoint": lambda context: webhooks.retire_endpoint(
        context, endpoint_id=only_endpoint(context)
    ),
    "suspend_scoring": lambda context: suspension.suspend_scoring(
        context, actor=COMMAND, why="contrôle des données"
    ),
    "resume_scoring": lambda context: suspension.resume_scoring(context, actor=COMMAND),
    "erase_person": lambda context: privacy.erase_person(context, actor=COMMAND, person_id="P-C1"),
    "retain": lambda context: privacy.retain(context_in_ten_years(context), actor=COMMAND),
    "export_extract": lambda context: in_a_folder(
        lambda folder: export_extract(context, actor=COMMAND, folder=folder / "new", key=b"k" * 32)
    ),
    "back_up": lambda context: in_a_folder(
        lambda folder: back_up(context, actor=COMMAND, path=folder / "backup.zip")
    ),
    "record_handout": lambda context: hand_out(context, actor=COMMAND, contract_id="C1"),
    "record_view": lambda context: views.record_view(context, actor=COMMAND, contract_id="C1"),
    "keep_model_served": models.keep_model_served,
    "score_cases": lambda context: scoring.score_cases(context, actor=COMMAND, cases=1),
}


def some_endpoint(context: AppContext) -> int:
    """An endpoint that nobody listens at."""
    with context.store.writing() as connection:
        url, secret = "http://127.0.0.1:9/hook", "whsec_bm9ib2R5"
        return endpoints.add(connection, url=url, secret=secret, now=context.now())


def only_endpoint(context: AppContext) -> int:
    """The number of the endpoint that was prepared."""
    with context.store.reading() as connection:
        [endpoint] = endpoints.every(connection)
    return endpoint.id


def some_suspension(context: AppContext) -> None:
    """Scoring is suspended."""
    with context.store.writing() as connection:
        suspensions.suspend(connection, why="contrôle des données", now=context.now())


def context_in_ten_years(context: AppContext) -> AppContext:
    """The same service when everything in it is old."""
    return replace(context, now=lambda: context.now() + timedelta(days=3653))


def in_a_folder(call: Callable[[Path], object]) -> None:
    """Call with a folder that is removed afterwards."""
    with TemporaryDirectory() as folder:
        call(Path(folder))


OPERATIONS |= account_operations.OPERATIONS | import_operations.OPERATIONS
OPERATIONS |= programme_operations.OPERATIONS

# What must be there before an operation can be called at all.
PREPARE: dict[str, Callable[[AppContext], object]] = {
    "restore_record": lambda context: records.withdraw_record(
        context, actor=COMMAND, record_type=CONTRACT, key="C1"
    ),
    "restore": lambda context: back_up(context, actor=COMMAND, path=backup_of(context)),
    "remove_endpoint": some_endpoint,
    "retry_endpoint": some_endpoint,
    "retire_endpoint": some_endpoint,
    "resume_scoring": some_suspension,
    **account_operations.PREPARE,
    **import_operations.PREPARE,
    **programme_operations.PREPARE,
}
