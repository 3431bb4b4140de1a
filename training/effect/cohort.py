"""From an extract to one row per person drawn, as known on the morning of the analysis."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from features.point_in_time.cases import known_versions
from features.point_in_time.days import to_days, whole_years
from features.point_in_time.rupture import End
from features.programme.plan import Design, Programme
from features.records.declarations import Records
from features.records.sectors import sector_of
from training.effect.enrolments import Enrolments
from training.effect.findings import Code, Finding, counted
from training.labels import known_ends

SITE_PERSONS = 3  # persons past their planned end at a site before its silence means anything
FACTS = (  # what a plan may adjust for and the report compares, known at the draw
    "level_prepared",
    "sector",
    "kind",
    "age",
    "previous_ruptures",
    "commute_minutes",
    "housing",
    "training_hours",
)


@dataclass(frozen=True)
class Cohort:
    """Who was drawn, with their facts and ends; how many were met before; what was found.

    `persons` has one row per person of the analysis, in order of the draw: person_id, contract_id,
    supported, stratum, site, drawn_on, started_on, planned_end_on, end, ended_on, net, declared,
    silent_site, and `FACTS`. `left_out` counts those drawn that no analysis can hold.
    """

    plan: Programme
    as_of: pd.Timestamp
    persons: pd.DataFrame
    screened: dict[str, int]
    left_out: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]

    @property
    def supported(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether each person was drawn to be supported."""
        return self.persons["supported"].to_numpy("bool")


def build_cohort(
    records: Records, enrolled: Enrolments, plan: Programme, *, as_of: pd.Timestamp
) -> Cohort:
    """Return the cohort by intention to treat: everybody keeps the arm of their first draw.

    Left out, and counted by arm: a person whose contract is not among the records, and one whose
    contract had ended before the draw, which neither arm can have caused.
    """
    first, findings = _first_draws(enrolled.enrolments)
    last = enrolled.enrolments.drop_duplicates("person_id", keep="last")
    persons = _with_contracts(first, records, as_of)
    unknown = persons["started_on"].isna()
    before = (
        ~unknown & (persons["ended_on"] < persons["drawn_on"]) & (persons["end"] != End.NOT_STARTED)
    )
    analysed = persons[~(unknown | before)].sort_values(
        ["drawn_on", "person_id"], ignore_index=True
    )
    analysed, silent = _silent_sites(analysed, as_of)
    return Cohort(
        plan=plan,
        as_of=as_of,
        persons=analysed,
        screened=_screened(last, enrolled.enrolments),
        left_out={
            "contract_unknown": _by_arm(persons[unknown]),
            "end_before_draw": _by_arm(persons[before]),
        },
        findings=(
            *_of_the_plan(first, plan),
            *findings,
            *counted(Code.CONTRACT_UNKNOWN, unknown.sum()),
            *counted(Code.END_BEFORE_DRAW, before.sum()),
            *counted(Code.NEVER_STARTED, (analysed["end"] == End.NOT_STARTED).sum()),
            *counted(Code.UNCLEAR_END, (analysed["end"] == End.UNCLEAR).sum()),
            *counted(Code.ARM_DISAGREES, _disagreements(analysed)),
            *silent,
        ),
    )


def _first_draws(enrolments: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The first draw of each person, and what later rows say otherwise."""
    drawn = enrolments[enrolments["drawn_on"].notna()]
    drawn = drawn.sort_values(["drawn_on", "known_on", "enrolment_id"], kind="stable")
    first = drawn.drop_duplicates("person_id", keep="first")
    of_person = drawn.groupby("person_id")
    distinct = of_person[["arm", "site", "enrolment_id"]].nunique().gt(1).sum()
    return first, (
        *counted(Code.DRAWN_TWICE, distinct["enrolment_id"]),
        *counted(Code.ARM_MOVED, distinct["arm"]),
        *counted(Code.SEVERAL_SITES, distinct["site"]),
    )


def _with_contracts(first: pd.DataFrame, records: Records, as_of: pd.Timestamp) -> pd.DataFrame:
    """Facts and ends beside each draw; missing where the contract is not among the records."""
    contracts = known_versions(records.contracts, "contract_id", before=as_of)
    facts = contracts.set_index("contract_id").reindex(first["contract_id"])
    ends = known_ends(records, known_by=as_of).reindex(first["contract_id"])
    age = whole_years(to_days(facts["born_on"]), to_days(facts["started_on"]))
    made = pd.DataFrame(
        {
            "started_on": facts["started_on"],
            "planned_end_on": facts["planned_end_on"],
            "programme_arm": facts["programme_arm"].astype("str"),
            "sector": sector_of(facts["employer_naf"]),
            "age": age,
            **{n: facts[n] for n in FACTS if n in facts and n not in ("sector", "age")},
            "declared": ends["end"].notna(),
            "ended_on": ends["ended_on"],
            "end": ends["end"].astype("str").where(ends["end"].notna()),
            "net": ends["net"].eq(True),
        }
    ).reset_index(drop=True)
    draws = first[["person_id", "contract_id", "site", "stratum", "drawn_on"]]
    draws = draws.assign(supported=first["arm"].eq("supported")).reset_index(drop=True)
    draws["stratum"] = draws["stratum"].fillna("?")
    draws["site"] = draws["site"].fillna("?")
    return draws.join(made)


def _silent_sites(
    persons: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Mark the persons of sites that declared no end at all, though contracts there are over.

    There, "no rupture declared" is silence and not a contract that holds: the outcome is unknown.
    """
    over = persons["planned_end_on"] < as_of
    table = persons.assign(over=over, declaring=persons["declared"]).groupby("site")
    sums = table[["over", "declaring"]].sum()
    silent = sums.index[(sums["over"] >= SITE_PERSONS) & (sums["declaring"] == 0)]
    marked = persons.assign(silent_site=persons["site"].isin(silent))
    return marked, counted(
        Code.SITE_WITHOUT_OUTCOMES, len(silent), persons=int(marked["silent_site"].sum())
    )


def _screened(last: pd.DataFrame, enrolments: pd.DataFrame) -> dict[str, int]:
    """Persons met before the draw, by how it went: each person once, at their last status."""
    drawn = set(enrolments.loc[enrolments["drawn_on"].notna(), "person_id"])
    undrawn = last[~last["person_id"].isin(drawn)]
    counts = undrawn["status"].value_counts()
    return {
        "met": int(last["person_id"].nunique()),
        "informed_only": int(counts.get("informed", 0)),
        "declined": int(counts.get("declined", 0)),
        "waiting": int(counts.get("agreed", 0)),
        "withdrawn": int(counts.get("withdrawn", 0)),
        "drawn": len(drawn),
    }


def _of_the_plan(first: pd.DataFrame, plan: Programme) -> tuple[Finding, ...]:
    other = int((first["plan_hash"].fillna(plan.hash) != plan.hash).sum())
    design: tuple[Finding, ...] = ()
    if plan.design is not Design.RANDOMISED:
        design = (Finding(Code.NOT_RANDOMISED, {"design": plan.design.value}),)
    return (*design, *counted(Code.PLAN_CHANGED, other))


def _disagreements(persons: pd.DataFrame) -> int:
    """Persons whose contract record names the other arm; the draw is the one source."""
    drawn = np.where(persons["supported"], "supported", "comparison")
    noted = persons["programme_arm"]
    return int((noted.isin(["supported", "comparison"]) & (noted != drawn)).sum())


def _by_arm(persons: pd.DataFrame) -> dict[str, int]:
    supported = int(persons["supported"].sum())
    return {"supported": supported, "comparison": len(persons) - supported}
