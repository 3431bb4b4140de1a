"""Filling the demo: records, names, some weeks of assessments, and people who may look."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from features.common.writing import whole_file
from serving.actors import COMMAND, Role
from serving.context import AppContext
from serving.demo.names import centre_name, employer_name, person_name
from serving.operations.accounts import add_account
from serving.operations.directory import name_all
from serving.operations.imports import import_records
from serving.operations.week_lists import freeze_week
from serving.scoring.nightly_run import rescore
from serving.settings import Settings
from serving.store import contract_summaries
from serving.store.migrate import upgrade

WEEKS = 4
SITE = "Nantes"
PEOPLE = (
    ("conseillere@demo.fr", "Claire Morvan", Role.ADVISOR),
    ("coordination@demo.fr", "Paul Rivoal", Role.COORDINATOR),
    ("donnees@demo.fr", "Nora Keller", Role.DATA),
    ("administration@demo.fr", "Samuel Bodin", Role.ADMINISTRATOR),
)
Progress = Callable[[str, int, int], None]


def demo_settings(var: Path, *, port: int) -> Settings:
    """Settings of the demo, with a secret of its own stored beside it."""
    secret = var / "secret"
    if not secret.exists():
        with whole_file(secret) as file:
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return Settings(
        secret_key=SecretStr(secret.read_text(encoding="utf-8")),
        database_url=SecretStr(f"sqlite:///{var / 'vigie.sqlite3'}"),
        bundles=var / "bundles",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        secure_cookies=False,
    )


def fill(context: AppContext, extract: Path, *, progress: Progress) -> dict[str, str]:
    """Fill an empty service and return the one-time password of each person, by address."""
    upgrade(context.store)
    import_records(context, actor=COMMAND, path=extract, score=False)
    progress("records kept", 1, 1)
    _name(context)
    for weeks in range(WEEKS, -1, -1):
        rescore(_back(context, timedelta(weeks=weeks)), actor=COMMAND)
        progress("weeks assessed", 1, WEEKS + 1)
    passwords = _invite(context)
    freeze_week(context, actor=COMMAND)
    return passwords


def _back(context: AppContext, before: timedelta) -> AppContext:
    """Return the same service, some weeks ago: what was known then is cut by the snapshot."""
    moment = context.now() - before

    def then() -> datetime:
        return moment

    return replace(context, now=then)


def _name(context: AppContext) -> None:
    with context.store.reading() as connection:
        persons = {i: person_name(i) for i in contract_summaries.all_persons(connection)}
        employers, centres = contract_summaries.all_organisations(connection)
    organisations = {siret: employer_name(siret, naf) for siret, naf in employers.items()}
    organisations |= {uai: centre_name(uai) for uai in centres}
    name_all(context, actor=COMMAND, persons=persons, organisations=organisations)


def _invite(context: AppContext) -> dict[str, str]:
    """Return one person of each role; the advisor gets the caseload nearest to the usual size."""
    with context.store.reading() as connection:
        open_now = contract_summaries.open_after(
            connection, "", morning=context.next_morning, limit=10**6
        )
    caseloads = Counter(case.advisor_id for case in open_now if case.advisor_id)
    usual = sorted(caseloads.values())[len(caseloads) // 2]
    advisor_id = min(caseloads, key=lambda name: (abs(caseloads[name] - usual), name))
    passwords = {}
    for email, name, role in PEOPLE:
        invited = add_account(
            context,
            actor=COMMAND,
            email=email,
            name=name,
            role=role,
            advisor_id=advisor_id if role is Role.ADVISOR else None,
            site=SITE if role in (Role.ADVISOR, Role.COORDINATOR) else None,
        )
        passwords[email] = str(invited.one_time_password)
    return passwords
