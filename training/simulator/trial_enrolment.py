"""Who of the simulated is asked, declines, agrees and is drawn, in order of signature."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.programme.draw import Assignment, assign, is_closed
from features.programme.eligibility import draw_rules
from features.programme.plan import Design, Programme
from features.programme.strata import stratum_of
from training.simulator.forms import births

NOTICE_DAYS = 3  # from the signature to the draw


def enrol(
    plan: Programme,
    traits: pd.DataFrame,
    *,
    declines: float,
    seed: str,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, list[Assignment]]:
    """Ask the eligible in order of signature until the arms are full; a row per person asked.

    `traits` are in that order; `declines` is the share who decline. Raises InputError when too few
    are eligible and agree.
    """
    randomised = plan if plan.design is Design.RANDOMISED else _as_drawn(plan)
    facts = traits.assign(born_on=births(traits))
    log: list[Assignment] = []
    rows: list[dict[str, Any]] = []
    refusals = rng.random(len(traits)) < declines
    for row, declined in zip(facts.to_dict("records"), refusals, strict=True):
        contract = {str(name): value for name, value in row.items()}
        signed = pd.Timestamp(contract["signed_on"]).date()
        drawn_on = signed + timedelta(days=NOTICE_DAYS)
        if draw_rules(plan, contract, as_of=drawn_on):
            continue
        line = None
        if not declined:
            line = assign(
                log,
                plan=randomised,
                seed=seed,
                person_id=contract["person_id"],
                contract_id=contract["contract_id"],
                stratum=stratum_of(plan, contract) or "",
                drawn_on=drawn_on,
            )
            log.append(line)
        rows.append(_enrolment(plan, contract, signed, line))
        if is_closed(log, plan=plan):
            return pd.DataFrame(rows), log
    raise InputError(
        f"trial: expected {plan.arms.total} eligible persons who agree, got {len(log)} among "
        f"{len(traits)} contracts"
    )


def _as_drawn(plan: Programme) -> Programme:
    content = plan.model_dump() | {"design": Design.RANDOMISED, "draw": {"block_sizes": [4]}}
    return Programme.model_validate(content)


def _enrolment(
    plan: Programme, contract: dict[str, Any], signed: date, line: Assignment | None
) -> dict[str, Any]:
    answered = signed + timedelta(days=NOTICE_DAYS)
    return {
        "enrolment_id": f"E{contract['number']:07d}",
        "programme": plan.code,
        "person_id": contract["person_id"],
        "contract_id": contract["contract_id"],
        "site": contract["training_centre_uai"],
        "status": "declined" if line is None else "drawn",
        "informed_on": pd.Timestamp(signed),
        "drawn_on": pd.NaT if line is None else pd.Timestamp(answered),
        "stratum": None if line is None else line.stratum,
        "arm": None if line is None else line.arm,
        "plan_hash": None if line is None else plan.hash,
        "known_on": pd.Timestamp(answered),
    }
