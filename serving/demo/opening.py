"""Filling the demo's house: records, names, some weeks of assessments, and people who may look."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from features.common.writing import whole_file
from serving.actors import COMMAND, Role
from serving.context import House
from serving.demo.names import centre_name, employer_name, person_name
from serving.operations.accounts import add_account
from serving.operations.directory import name_all
from serving.operations.imports import import_records
from serving.scoring.rescoring import rescore
from serving.settings import Settings
from serving.store import standings
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
    """Settings of the demo, with a secret of its own kept beside it."""
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


def fill(house: House, extract: Path, *, progress: Progress) -> dict[str, str]:
    """Fill an empty house; answers the one-time password of each person, by address."""
    upgrade(house.store)
    import_records(house, actor=COMMAND, path=extract, score=False)
    progress("records kept", 1, 1)
    _name(house)
    for weeks in range(WEEKS, -1, -1):
        rescore(_back(house, timedelta(weeks=weeks)), actor=COMMAND)
        progress("weeks assessed", 1, WEEKS + 1)
    return _invite(house)


def _back(house: House, before: timedelta) -> House:
    """The same house, some weeks ago: what was known then is cut by the snapshot."""
    moment = house.now() - before

    def then() -> datetime:
        return moment

    return replace(house, now=then)


def _name(house: House) -> None:
    with house.store.reading() as connection:
        persons = {i: person_name(i) for i in standings.all_persons(connection)}
        employers, centres = standings.all_organisations(connection)
    organisations = {siret: employer_name(siret, naf) for siret, naf in employers.items()}
    organisations |= {uai: centre_name(uai) for uai in centres}
    name_all(house, actor=COMMAND, persons=persons, organisations=organisations)


def _invite(house: House) -> dict[str, str]:
    """One person of each role; the advisor gets the caseload nearest to the usual size."""
    with house.store.reading() as connection:
        open_now = standings.open_after(connection, "", morning=house.next_morning, limit=10**6)
    caseloads = Counter(case.advisor_id for case in open_now if case.advisor_id)
    usual = sorted(caseloads.values())[len(caseloads) // 2]
    advisor_id = min(caseloads, key=lambda name: (abs(caseloads[name] - usual), name))
    passwords = {}
    for email, name, role in PEOPLE:
        invited = add_account(
            house,
            actor=COMMAND,
            email=email,
            name=name,
            role=role,
            advisor_id=advisor_id if role is Role.ADVISOR else None,
            site=SITE if role in (Role.ADVISOR, Role.COORDINATOR) else None,
        )
        passwords[email] = str(invited.one_time_password)
    return passwords
