"""How long one case takes, from typed rows to reasons: `python -m benchmarks.single_case`.

One contract with 10 interviews and 20 events, as a request or a database gives them, under each
candidate learned on a small simulated programme. Medians of many runs in one warm process.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from features.families import CATALOGUE
from features.intake.intake import take_in
from features.matrix import build_matrix_values
from features.point_in_time.days import days_of
from features.point_in_time.history import History
from features.point_in_time.past_ruptures import ExposureIncrements, increments_of
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, RATINGS, Records
from models.bundle import Bundle
from serving.predictor.scorer import Scorer, assess_cases
from training.dataset import build_dataset
from training.fit import fit_final
from training.recipe import Backtest, Candidates, Gates, Recipe, Snapshots, Training
from training.run import train
from training.simulator import write_simulation

RUNS = 200
START, AS_OF = date(2025, 9, 1), date(2026, 2, 1)
CANDIDATES = ("base_rate", "logistic", "trees")
RECIPE = Recipe(
    snapshots=Snapshots(every_days=90),
    backtest=Backtest(cutoffs=2, every_months=6, folds=2),
    candidates=Candidates(names=("base_rate", "trees"), trees_minimum_ruptures=1),
    training=Training(bootstrap_draws=20),
    gates=Gates(calibration_slope=(0, 10), calibration_ratio=(0, 10), group_floor_auc=0),
)
Rows = list[dict[str, Any]]


def one_case() -> dict[str, Rows]:
    """Return a contract with 10 interviews and 20 events, reported the day they happened."""
    contract = {
        "contract_id": "c",
        "person_id": "p",
        "kind": "apprenticeship",
        "form": "fixed_term",
        "started_on": START,
        "planned_end_on": START + timedelta(days=700),
        "known_on": START,
        "born_on": date(2006, 5, 4),
        "employer_siret": "00000000000001",
        "employer_naf": "56.10A",
        "employer_headcount": 12,
        "level_prepared": 4,
        "training_centre_uai": "0440001A",
        "home_postcode": "44000",
        "commute_minutes": 35,
        "pay_percent_smic": 53.0,
    }
    return {
        "contracts": [contract],
        "interviews": [_interview(number) for number in range(10)],
        "events": [_event(number) for number in range(20)],
    }


def _interview(number: int) -> dict[str, Any]:
    day = START + timedelta(days=14 * number)
    ratings = {f"rating_{name}": 1 + (number + i) % 5 for i, name in enumerate(RATINGS)}
    return {
        "interview_id": f"i{number}",
        "contract_id": "c",
        "held_on": day,
        "known_on": day,
        "status": "missed" if number % 4 == 3 else "held",
        "with_tutor": number % 2 == 0,
        "need_mobility": "open" if number % 3 else None,
        "declared_risk": "no",
        "theme_guidance": True,
        **ratings,
    }


def _event(number: int) -> dict[str, Any]:
    kinds = ("absence_work", "absence_class", "support_action", "assessment", "warning")
    day = START + timedelta(days=7 * number)
    kind = kinds[number % len(kinds)]
    theme = "guidance" if kind == "support_action" else None
    known = {"event_id": f"e{number}", "contract_id": "c", "happened_on": day, "known_on": day}
    return {**known, "kind": kind, "value": 7.0, "theme": theme}


def index_of(case: dict[str, Rows], history: History) -> Index:
    """From typed rows to records that can be cut."""
    return Index.of_columns(
        contracts=RecordArrays.of_rows(case["contracts"], CONTRACT),
        interviews=RecordArrays.of_rows(case["interviews"], INTERVIEW),
        events=RecordArrays.of_rows(case["events"], EVENT),
        history=history,
    )


def own_steps(case: dict[str, Rows]) -> ExposureIncrements:
    """Return the steps of the case's contract, as a write recomputes them."""
    return increments_of(
        RecordArrays.of_rows(case["contracts"], CONTRACT), RecordArrays.of_rows([], OUTCOME)
    )


def milliseconds(work: Callable[[], object]) -> float:
    """Median of many runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def measure(bundle: Bundle, history: History) -> list[float]:
    """Milliseconds of each part of the computation, and of the whole."""
    case, scorer = one_case(), Scorer(bundle)
    index, morning = index_of(case, history), days_of([AS_OF])
    values = build_matrix_values(index, contract_ids=["c"], as_of=morning)
    X = np.ascontiguousarray(values[:, [CATALOGUE.names.index(n) for n in bundle.columns]])
    contributions = bundle.explainer.explain(X).contributions
    return [
        milliseconds(lambda: own_steps(case)),
        milliseconds(lambda: index_of(case, history)),
        milliseconds(lambda: build_matrix_values(index, contract_ids=["c"], as_of=morning)),
        milliseconds(lambda: bundle.explainer.explain(X)),
        milliseconds(lambda: scorer.writer.write(values, contributions, as_of=[AS_OF])),
        milliseconds(
            lambda: assess_cases(
                index_of(case, history), contract_ids=["c"], as_of=AS_OF, scorer=scorer
            )
        ),
    ]


def bundles(records: Records) -> dict[str, Bundle]:
    """Return a bundle for each candidate, learned on the same cases."""
    bundle = train(records, RECIPE, digest="0" * 64, source="a simulation", jobs=1).bundle
    data = build_dataset(records, RECIPE)
    models = {name: fit_final(data, name)[0] for name in CANDIDATES}
    columns = tuple(CATALOGUE.inputs)
    return {n: replace(bundle, model=model, columns=columns) for n, model in models.items()}


def main() -> None:
    """Learn, measure, and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "extract"
        write_simulation(folder, contracts=600, years=4, seed=7)
        records = take_in(folder).records
    history = History.of(records)
    table = Table(title="One case, median milliseconds")
    for column in ("candidate", "steps", "index", "matrix", "explanation", "reasons", "total"):
        table.add_column(column, justify="right" if column != "candidate" else "left")
    for name, bundle in bundles(records).items():
        table.add_row(name, *(f"{value:.2f}" for value in measure(bundle, history)))
    Console().print(table)


if __name__ == "__main__":
    main()
