"""Mixed reads and writes, each user at a constant pace; acknowledged writes are noted in a file."""

import itertools
import json
import os
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from locust import HttpUser, constant_throughput, task

KEY, PACE = os.environ["VIGIE_KEY"], float(os.environ["VIGIE_PACE"])
WRITTEN = Path(os.environ["VIGIE_WRITTEN"]).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115  # open to the end
numbers = itertools.count()
TODAY = date.today()  # noqa: TID251, DTZ011  # a benchmark of now


class CaseManagement(HttpUser):
    """A case-management system: contracts now and then, records often, reads most."""

    wait_time = constant_throughput(1 / PACE)

    def on_start(self) -> None:
        """Keep a first contract, so that there is something to read."""
        self.client.headers["Authorization"] = f"Bearer {KEY}"
        self.contracts: list[str] = []
        self.keep_contract()

    @task(5)
    def keep_contract(self) -> None:
        """Push a contract of one of 200 employers."""
        number = next(numbers)
        start = TODAY - timedelta(days=random.randrange(10, 300))  # noqa: S311  # a drawn case
        contract = {
            "contract_id": f"L{number}",
            "person_id": f"P{number}",
            "kind": "apprenticeship",
            "started_on": start.isoformat(),
            "planned_end_on": (start + timedelta(days=500)).isoformat(),
            "employer_siret": f"{number % 200:014d}",
            "employer_naf": "56.10A",
            "employer_headcount": 12,
            "level_prepared": 4,
            "born_on": "2007-03-02",
        }
        if self._write("contract", "PUT", f"/v1/contracts/L{number}", contract, f"L{number}"):
            self.contracts.append(f"L{number}")

    @task(20)
    def keep_interview(self) -> None:
        """Push an interview of a contract of one's own."""
        number = next(numbers)
        held = TODAY - timedelta(days=random.randrange(1, 9))  # noqa: S311  # a drawn case
        interview = {
            "interview_id": f"I{number}",
            "contract_id": random.choice(self.contracts),  # noqa: S311  # a drawn case
            "held_on": held.isoformat(),
            "status": "held",
            "rating_tutor": random.randint(1, 5),  # noqa: S311  # a drawn case
        }
        self._write("interview", "POST", "/v1/interviews", interview, f"I{number}")

    @task(15)
    def keep_event(self) -> None:
        """Push an absence."""
        number = next(numbers)
        event = {
            "event_id": f"E{number}",
            "contract_id": random.choice(self.contracts),  # noqa: S311  # a drawn case
            "happened_on": (TODAY - timedelta(days=1)).isoformat(),
            "kind": "absence_work",
            "value": 7,
        }
        self._write("event", "POST", "/v1/events", event, f"E{number}")

    @task(40)
    def read_assessment(self) -> None:
        """Read the assessment of a contract."""
        contract = random.choice(self.contracts)  # noqa: S311  # a drawn case
        self.client.get(f"/v1/contracts/{contract}/assessment", name="/v1/contracts/…/assessment")

    @task(20)
    def follow(self) -> None:
        """Read a page of the feed."""
        self.client.get("/v1/assessments?limit=20", name="/v1/assessments")

    def _write(self, kind: str, verb: str, path: str, record: dict[str, Any], key: str) -> bool:
        name = f"{verb} {kind}"
        with self.client.request(verb, path, json=record, name=name, catch_response=True) as reply:
            if reply.status_code != 201:
                reply.failure(f"expected 201, got {reply.status_code}")
                return False
        WRITTEN.write(json.dumps({"kind": kind, "id": key}) + "\n")
        return True
