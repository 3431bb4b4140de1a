"""Scores asked at the same moment, when all does not go well."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from serving.actors import COMMAND, Scope
from serving.api import examples
from serving.app import create_app
from serving.context import AppContext
from serving.operations.keys import add_key
from serving.store import audit
from serving.store.audit import Action
from tests.lib.api import Api
from tests.lib.contexts import open_context


@contextmanager
def audit_held(context: AppContext, *, seconds: float) -> Iterator[None]:
    """Another writer keeps everybody from the audit for a while."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with context.store.writing() as connection:  # which locks all of SQLite
            if not context.store.is_sqlite:
                connection.execute(text("LOCK TABLE audit"))
            held.set()
            done.wait(seconds)

    writer = threading.Thread(target=hold)
    writer.start()
    held.wait()
    yield
    done.set()
    writer.join()


def test_an_audit_that_fails_is_a_problem_for_each_who_asked(api: Api, context: AppContext) -> None:
    with context.store.writing() as connection:
        connection.execute(text("DROP TABLE audit"))

    answers = api.send_at_once(5, "POST", "/v1/score", json=examples.CASE)
    problems = [answer.json() for answer in answers]
    assert {answer.status_code for answer in answers} == {503}
    assert {problem["type"] for problem in problems} == {"urn:vigie:problem:store-unavailable"}
    assert len({problem["instance"] for problem in problems}) == 5
    assert all("risk" not in problem for problem in problems)


def test_who_waits_too_long_gets_an_answer_and_the_work_goes_on(
    database_url: str, bundles: Path
) -> None:
    with open_context(database_url, bundles, request_timeout_seconds=0.2) as context:
        key = add_key(context, actor=COMMAND, name="test", scopes=[Scope.SCORE]).text
        app = create_app(context)
        api = Api(app, headers={"Authorization": f"Bearer {key}"})
        with audit_held(context, seconds=1):
            answers = api.send_at_once(3, "POST", "/v1/score", json=examples.CASE)
        api.close()
        app.state.scoring_queue.close()
        with context.store.reading() as connection:
            lines = audit.search(connection, action=Action.SCORE_CASE)
    assert {answer.json()["type"] for answer in answers} == {"urn:vigie:problem:timeout"}
    assert [line.details for line in lines] == [{"cases": 1, "suspended": False}] * 3
