"""The model card: what it is for, what it learned from, how well it does, where not to use it.

After Mitchell et al., Model cards for model reporting (2019). Written from the facts of a run.
"""

from typing import Any

Facts = dict[str, Any]
SHOWN = (
    ("roc_auc", "ROC-AUC"),
    ("pr_auc", "average precision"),
    ("brier", "Brier score"),
    ("brier_skill", "Brier skill over the base rate"),
    ("precision_at_capacity", "precision at capacity"),
    ("recall_at_capacity", "recall at capacity"),
    ("calibration_slope", "calibration slope"),
    ("calibration_ratio", "observed over expected"),
)


def write_card(facts: Facts) -> str:
    """Markdown card from `recipe`, `data` and `metrics` facts."""
    recipe, data, metrics = facts["recipe"], facts["data"], facts["metrics"]
    return "\n".join(
        [
            "# Model card",
            "",
            *_purpose(recipe),
            *_learned(data),
            *_figures(metrics),
            *_incidence(metrics.get("incidence")),
            *_candidates(metrics),
            *_groups(metrics),
            *_level(metrics.get("level", [])),
            *_limits(metrics),
            "",
        ]
    )


def _purpose(recipe: Facts) -> list[str]:
    target = recipe["target"]
    kind = "net rupture (no new contract within 180 days)" if target["net"] else "rupture"
    what = (
        f"Probability that a work-study contract ends in a {kind} within {target['horizon_days']} "
        "days, to show advisors whom to see first and why. It supports; it never sanctions, never "
        "reaches an employer, and never decides: the advisor does."
    )
    protected = (
        "Sex, disability, neighbourhood and free text are never inputs; the first three are kept "
        "apart to audit the model with."
    )
    return ["## Purpose", "", what, "", protected, ""]


def _learned(data: Facts) -> list[str]:
    contracts = (
        f"- {data['contracts']} contracts of {data['persons']} persons, "
        f"{data['cases_learned']} mornings from {data['first_as_of']} to {data['until']}"
    )
    ruptures = (
        f"- {data['contracts_ruptured']} contracts broken, {data['cases_ruptured']} mornings "
        "followed by a rupture"
    )
    return [
        "## Data",
        "",
        contracts,
        ruptures,
        *_returns(data),
        f"- {data['cases_not_assessed']} mornings left out: too little was known",
        *_parent(data.get("parent")),
        f"- source: {data['source']}; digest `{data['digest'][:16]}`",
        f"- definition of a rupture: version {data['label_version']}",
        "",
    ]


def _returns(data: Facts) -> list[str]:
    if not data.get("ruptures_followed"):
        return []
    words = (
        f"- of the {data['ruptures_followed']} broken contracts whose time to return is over, "
        f"{data['ruptures_net']} are net ruptures: no new contract of the person within 180 days, "
        "in any centre"
    )
    return [words]


def _parent(parent: Facts | None) -> list[str]:
    if parent is None:
        return []
    learned = f"learned on {parent['contracts']} other contracts until {parent['until']}"
    return [f"- candidates named after a parent started from `{parent['version']}`, {learned}"]


def _figures(metrics: Facts) -> list[str]:
    how = (
        "replayed deployments: learned from what had matured, judged on what followed"
        if metrics["in_time_order"]
        else "folds by person, NOT in time order: history is too short to replay a deployment"
    )
    judged = (
        f"Candidate `{metrics['chosen']}`, {metrics['cases']} cases, {metrics['ruptures']} "
        f"followed by a rupture; {how}. 95 % intervals by bootstrap over persons."
    )
    rows = [
        f"| {label} | {_interval(metrics['overall'].get(key))} "
        f"| {_interval(metrics['new_contracts'].get(key))} |"
        for key, label in SHOWN
    ]
    head = ["| metric | all cases | contracts never seen in training |", "|---|---|---|"]
    gain = f"Log loss below the rate by contract age: {_interval(metrics['over_age_rate'], 5)}."
    return ["## Figures", "", judged, "", *head, *rows, "", gain, ""]


def _incidence(figures: Facts | None) -> list[str]:
    """The yearly curve; nothing for a run of before there was one."""
    if figures is None:
        return []
    head = "| days | cases | ruptures | observed over expected | Brier | by contract age alone |"
    rows = [_incidence_row(days, row) for days, row in figures["days"].items()]
    return ["## Over a year", "", head, "|---|---|---|---|---|---|", *rows, "", *_ibs(figures), ""]


def _incidence_row(days: str, row: Facts) -> str:
    counts = f"| {days} | {row['cases']} | {row['ruptures']} |"
    if not row["cases"]:
        return f"{counts} nothing followed so far | | |"
    ratio = _interval(row["ratio"]) if row["ruptures"] else "no rupture to judge by"
    return f"{counts} {ratio} | {row['brier']:.4f} | {row['brier_cohort']:.4f} |"


def _ibs(figures: Facts) -> list[str]:
    whole = figures["integrated_brier"]
    if whole is None:
        return []
    judged = f"{whole['until_days']} days, {whole['cases']} cases"
    beside = f"{whole['cohort']:.4f} by contract age alone (Aalen-Johansen)"
    words = f"Integrated Brier score over {judged}: {whole['value']:.4f}; {beside}, a gain of "
    return [f"{words}{_interval(whole['gain'], 5)}."]


def _candidates(metrics: Facts) -> list[str]:
    return [
        "## Candidates on the same cases",
        "",
        "| candidate | log loss | ROC-AUC | Brier skill |",
        "|---|---|---|---|",
        *(
            f"| {name} | {_interval(row.get('log_loss'))} | {_interval(row.get('roc_auc'))} "
            f"| {_interval(row.get('brier_skill'))} |"
            for name, row in metrics["candidates"].items()
        ),
        "",
    ]


def _groups(metrics: Facts) -> list[str]:
    head = "| attribute | group | cases | ruptures | ROC-AUC | observed over expected |"
    rows = [_group_row(row) for row in metrics["groups"]]
    return ["## By group", "", head, "|---|---|---|---|---|---|", *rows, ""]


def _group_row(row: Facts) -> str:
    counts = f"| {row['attribute']} | {row['group']} | {row['cases']} | {row['ruptures']} |"
    if row["verdict"] != "judged":
        return f"{counts} {row['verdict']} | |"
    auc, ratio = _group_interval(row, "roc_auc"), _group_interval(row, "calibration_ratio")
    return f"{counts} {auc} | {ratio} |"


def _level(cells: list[Facts]) -> list[str]:
    """Cells whose level asks for a look, and how many were judged; nothing for an older run."""
    if not cells:
        return []
    head = "| attribute | value | cases | observed | expected | ratio |"
    rows = [
        f"| {c['attribute']} | {c['value']} | {c['cases']} | {c['observed']} "
        f"| {c['expected']:.1f} | {_interval({**c, 'value': c['ratio']}, 2)} |"
        for c in cells
        if c["alarm"]
    ]
    words = (
        f"{len(cells)} cells of mornings, courses, centres and groups judged, {len(rows)} with an "
        "alarm. With every level right, any alarm at all rises in at most one run of twenty. "
        "Nothing is changed automatically."
    )
    table = ["", head, "|---|---|---|---|---|---|", *rows] if rows else []
    return ["## Level", "", words, *table, ""]


def _limits(metrics: Facts) -> list[str]:
    leaks = metrics.get("leaks", [])
    return [
        "## Limits",
        "",
        "- A reason says what weighed in the calculation, not what causes a rupture.",
        "- Support that was given is in the data: a low risk may be low because somebody helped.",
        "- Late declarations beyond the delay of the recipe count as no rupture.",
        "- Not for contracts before they start, after their planned end, or barely documented.",
        (
            "- Leak check: " + "; ".join(f"{leak['column']} {leak['reason']}" for leak in leaks)
            if leaks
            else "- Leak check: nothing suspect."
        ),
    ]


def _interval(figure: Facts | None, digits: int = 3) -> str:
    if not figure or figure["value"] is None:
        return "undefined"
    if figure["low"] is None:
        return f"{figure['value']:.{digits}f}"
    return (
        f"{figure['value']:.{digits}f} ({figure['low']:.{digits}f} to {figure['high']:.{digits}f})"
    )


def _group_interval(row: Facts, metric: str) -> str:
    figure = {
        "value": row.get(metric),
        "low": row.get(f"{metric}_low"),
        "high": row.get(f"{metric}_high"),
    }
    return _interval(figure)
