"""Members are fitted once for all candidates, and each candidate is what it would be alone."""

from dataclasses import replace

import numpy as np

from models.candidates import NAMES
from tests.lib import programmes
from training.evaluate import compare
from training.fit import fit_risk_model
from training.recipe import Candidates
from training.replay import members_for


def test_every_member_is_needed_once() -> None:
    assert members_for(["blend", "logistic"]) == ("logistic", "trees")
    assert members_for(NAMES) == ("base_rate", "logistic", "trees")


def test_risks_of_the_backtest_are_those_of_a_model_fitted_for_it() -> None:
    """Byte for byte: labels known at the cutoff, every candidate fitted for its own sake."""
    everybody = Candidates(names=NAMES, trees_minimum_ruptures=1)
    data = replace(programmes.dataset(), recipe=replace(programmes.QUICK, candidates=everybody))
    table = compare(data, jobs=1).predictions
    last = str(data.cutoffs[-1].date())
    table = table[table["split"] == last]
    known = data.labels(known_by=data.cutoffs[-1])
    learned = np.flatnonzero(~data.cases["cutoff"].to_numpy() & ~np.isnan(known))
    rows = (data.X[learned], known[learned], data.persons[learned])

    for name in NAMES:
        model = fit_risk_model(name, *rows, seed=data.recipe.training.seed)
        risk = model.predict_proba(data.X[table["row"]])[:, 1]
        assert risk.tobytes() == table[name].to_numpy().tobytes()
