"""A process that dies between sending a message and marking it sends it again: at least once."""

import os
import subprocess
import sys
from pathlib import Path

from serving.actors import COMMAND
from serving.context import system_clock
from serving.operations.webhooks import add_endpoint
from serving.store import outbox
from serving.webhooks.delivery import deliver_due
from tests.lib.contexts import SECRET, Clock, open_context
from tests.lib.receivers import receiver

DELIVER = "from serving.commands.webhooks import deliver; deliver()"


def test_what_was_sent_and_not_marked_is_sent_again_under_the_same_id(
    database_url: str, tmp_path: Path
) -> None:
    clock = Clock(system_clock())
    with (
        open_context(database_url, tmp_path, clock=clock) as context,
        receiver(hangs=True) as taker,
    ):
        add_endpoint(context, actor=COMMAND, url=taker.url)
        with context.store.writing() as connection:
            outbox.enqueue(connection, [{"contract_id": "C1"}], topic="t", now=context.now())
        dying = subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-c", DELIVER],
            env={
                **os.environ,
                "VIGIE_SECRET_KEY": SECRET,
                "VIGIE_DATABASE_URL": database_url,
                "VIGIE_WEBHOOK_ALLOW_PRIVATE": "true",
                "VIGIE_WEBHOOK_TIMEOUT_SECONDS": "60",
            },
        )
        assert taker.arrived.wait(60)
        dying.kill()
        dying.wait()
        taker.release.set()
        assert deliver_due(context) == 0, "the lease of the dead still holds"
        clock.move(minutes=5)
        assert deliver_due(context) == 1
        with context.store.reading() as connection:
            assert outbox.depth(connection).waiting == 0

    assert len(taker.ids) == 2
    assert len(set(taker.ids)) == 1
