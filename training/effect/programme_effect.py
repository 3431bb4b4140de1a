"""Everything a programme's report says at one look, as JSON-able data."""

from typing import Any

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.point_in_time.cases import known_versions
from features.point_in_time.rupture import DEFINITION, End
from features.programme.plan import PlannedOutcome, Programme
from features.records.declarations import Records
from training.effect.cohort import FACTS, Cohort, build_cohort
from training.effect.covariates import Matrix, encode
from training.effect.curves import describe_times
from training.effect.enrolments import Enrolments
from training.effect.estimators.balance import standardised_differences
from training.effect.estimators.compliance import complier_effect, per_protocol
from training.effect.estimators.estimate import Flags, as_json
from training.effect.findings import Code, Finding, counted
from training.effect.flag import flag_effect
from training.effect.looks import Looks, follow, look_days
from training.effect.outcomes import Outcome, read_outcome, read_times, unknown_persons
from training.effect.planned_power import planned_power
from training.effect.sample import Sample, describe
from training.effect.support import describe_support, read_support

FORMAT = 1
ATTRITION = 0.05  # difference of unknown shares between arms from which it is a finding


def programme_effect(
    records: Records,
    enrolled: Enrolments,
    plan: Programme,
    *,
    as_of: pd.Timestamp,
    source: str,
    digest: str,
    week_lists: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Return the effect of a programme as known on the morning `as_of`, JSON-able.

    Where looks were fixed beforehand the last of them is the analysis. Raises InputError when the
    plan allows no look that morning, or nobody was drawn.
    """
    days = look_days(plan, first_draw=_first_draw(enrolled), until=as_of.date())
    cohort = build_cohort(records, enrolled, plan, as_of=pd.Timestamp(days[-1]).as_unit("s"))
    support = read_support(cohort, records)
    matrix = _matrix(cohort)
    read = {o.code: _read(cohort, o, enrolled, records) for o in plan.outcomes}
    _refuse_too_early(cohort, read[plan.primary.code])
    outcomes = [
        _outcome(cohort, o, read[o.code], matrix, support["received"].to_numpy("bool"), days)
        for o in plan.outcomes
    ]
    return as_json(
        {
            "format": FORMAT,
            "kind": "programme",
            "title": plan.title.model_dump(),
            "source": source,
            "digest": digest,
            "as_of": str(cohort.as_of.date()),
            "label_version": DEFINITION.version,
            "plan": plan.as_dict(),
            "plan_hash": plan.hash,
            "findings": [f.as_dict() for f in _findings(cohort, enrolled, outcomes)],
            "flow": _flow(cohort, read[plan.primary.code]),
            "balance": _balance(cohort),
            "outcomes": outcomes,
            "conclusions": conclusions(outcomes),
            "curves": describe_times(
                read_times(cohort, within=plan.analysis.curve_days),
                within=plan.analysis.curve_days,
                level=plan.analysis.level,
            ),
            "support": describe_support(support, cohort),
            "power": planned_power(plan),
            "flag": None
            if week_lists is None
            else flag_effect(records, week_lists, as_of=cohort.as_of, level=plan.analysis.level),
        }
    )


def conclusions(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, in the order of the plan, what it allows to conclude of each outcome.

    An outcome is only tested when the one before it was concluded: no further correction is due.
    `none` is "no conclusion", which is never "no effect".
    """
    found, open_gate = [], True
    for outcome in outcomes:
        verdict = outcome["sequence"]["verdict"] if open_gate else "not_tested"
        found.append({"code": outcome["code"], "verdict": verdict})
        open_gate = open_gate and verdict in ("fewer", "more")
    return found


def _refuse_too_early(cohort: Cohort, primary: Outcome) -> None:
    """Nothing can be said before the primary outcome of somebody in each arm is due."""
    due = primary.due_on <= np.datetime64(cohort.as_of, "D")
    if all((due & rows).any() for rows in (cohort.supported, ~cohort.supported)):
        return
    when = "nobody was drawn in an arm"
    if cohort.supported.any() and (~cohort.supported).any():
        firsts = [primary.due_on[rows].min() for rows in (cohort.supported, ~cohort.supported)]
        when = f"that is from {max(firsts)} on"
    raise InputError(
        f"{cohort.plan.code}: expected persons of both arms whose primary outcome is due, got none "
        f"on {cohort.as_of.date()}; {when}"
    )


def _first_draw(enrolled: Enrolments) -> Any:
    first = enrolled.enrolments["drawn_on"].min()
    if pd.isna(first):
        raise InputError(
            "effect: expected persons drawn, got enrolments without a draw; draw persons first"
        )
    return first.date()


def _read(
    cohort: Cohort, planned: PlannedOutcome, enrolled: Enrolments, records: Records
) -> Outcome:
    ends = known_versions(records.outcomes, "contract_id", before=cohort.as_of)
    employed = ends.set_index("contract_id")["employed_at_6_months"]
    return read_outcome(cohort, planned, follow_ups=enrolled.follow_ups, employed=employed)


def _matrix(cohort: Cohort) -> Matrix:
    facts = cohort.persons[[n for n in cohort.plan.analysis.adjusted_for if n in cohort.persons]]
    facts = facts.assign(**{n: facts[n].astype("str") for n in facts if n == "level_prepared"})
    smaller = min(int(cohort.supported.sum()), int((~cohort.supported).sum()))
    return encode(facts, smaller_arm=smaller)


def _outcome(
    cohort: Cohort,
    planned: PlannedOutcome,
    read: Outcome,
    matrix: Matrix,
    received: Flags,
    days: "np.ndarray[Any, np.dtype[np.datetime64]]",
) -> dict[str, Any]:
    plan, arm = cohort.plan, cohort.supported
    due = read.due_on <= np.datetime64(cohort.as_of, "D")
    names, codes = np.unique(cohort.persons["stratum"].to_numpy("str"), return_inverse=True)
    sample = Sample(read.value, arm, codes, tuple(names), matrix).of(due)
    looks = follow(plan, days=days, outcome=read.value, arm=arm, due_on=read.due_on)
    options = {"level": plan.analysis.level}
    return {
        "code": planned.code.value,
        "role": planned.role,
        "horizon_days": planned.horizon_days,
        "wait_days": planned.wait_days,
        "not_yet_due": int((~due).sum()),
        **describe(sample, level=plan.analysis.level, shown_from=plan.floors.per_stratum),
        "per_protocol": per_protocol(read.value[due], arm[due], received[due], **options),
        "complier": complier_effect(read.value[due], arm[due], received[due], **options),
        "sequence": _sequence(looks, plan),
    }


def _sequence(looks: Looks, plan: Programme) -> dict[str, Any]:
    at = len(looks.day) - 1
    concluded = looks.concluded
    verdict = "none" if looks.allowed[at] else "below_floor"
    if concluded is not None:
        verdict = "fewer" if looks.high[concluded] < 0 else "more"
    return {
        "method": plan.looks.method.value,
        "looks": looks.as_dict(),
        "low": looks.low[at],
        "high": looks.high[at],
        "boundary": looks.boundary[at],
        "verdict": verdict,
        "concluded_on": None if concluded is None else str(looks.day[concluded]),
        "floor": plan.floors.per_arm,
    }


def _flow(cohort: Cohort, primary: Outcome) -> dict[str, Any]:
    """Counts of the flow diagram, from whoever was met to whoever is analysed."""
    due = primary.due_on <= np.datetime64(cohort.as_of, "D")
    known = np.isfinite(primary.value)
    started = ~cohort.persons["end"].eq(End.NOT_STARTED).to_numpy()
    arms = {}
    for name, rows in (("supported", cohort.supported), ("comparison", ~cohort.supported)):
        left_out = {code: counts[name] for code, counts in cohort.left_out.items()}
        arms[name] = {
            "drawn": int(rows.sum()) + sum(left_out.values()),
            "left_out": left_out,
            "never_started": int((rows & ~started).sum()),
            "not_yet_due": int((rows & ~due).sum()),
            "unknown": int((rows & due & ~known).sum()),
            "analysed": int((rows & due & known).sum()),
        }
    return {"screened": cohort.screened, "arms": arms}


def _balance(cohort: Cohort) -> list[dict[str, Any]]:
    facts = cohort.persons[[name for name in FACTS if name in cohort.persons]]
    table = standardised_differences(facts, cohort.supported)
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False)]


def _findings(
    cohort: Cohort, enrolled: Enrolments, outcomes: list[dict[str, Any]]
) -> tuple[Finding, ...]:
    strangers = unknown_persons(enrolled.follow_ups, enrolled=enrolled.enrolments["person_id"])
    return (*cohort.findings, *strangers, *(f for o in outcomes for f in outcome_findings(o)))


def outcome_findings(outcome: dict[str, Any]) -> tuple[Finding, ...]:
    """Return what must be known of one outcome before its figures."""
    about = {"outcome": outcome["code"]}
    found = []
    if "arm_without_event" in outcome["difference"].notes:
        found.append(Finding(Code.ARM_WITHOUT_EVENT, about))
    if outcome.get("sequence", {}).get("verdict") == "below_floor":
        found.append(Finding(Code.BELOW_FLOOR, about | {"floor": outcome["sequence"]["floor"]}))
    if outcome["kind"] == "binary":
        lonely = outcome["stratified"].details.get("lonely_strata", 0)
        found += counted(Code.LONELY_STRATA, lonely, **about)
        gap = outcome["attrition"].value
        if np.isfinite(gap) and abs(gap) >= ATTRITION:
            found.append(Finding(Code.ATTRITION_DIFFERS, about | {"points": abs(gap)}))
    return tuple(found)
