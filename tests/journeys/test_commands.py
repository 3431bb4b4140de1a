"""The commands as their users run them, from a seed to a ranked list."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from tests.lib.commands import files, vigie
from tests.lib.trained_programme import NEVER_FILLED, NEVER_SEEN, TrainedProgramme

COMMANDS = ("simulate", "check", "train", "promote", "score", "docs", "demo")


def test_the_help_lists_every_command(tmp_path: Path) -> None:
    done = vigie("--help", folder=tmp_path)

    assert done.code == 0
    assert all(f" {command} " in done.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    done = vigie(command, "--help", folder=tmp_path)

    assert done.code == 0
    assert f"Usage: vigie {command}" in done.out
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_simulates_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        options = ("--contracts", 40, "--years", 1, "--seed", seed)
        assert vigie("simulate", *options, "--out", name, folder=tmp_path).code == 0

    one, two, other = (files(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one != other


def test_training_reports_what_it_learned_and_what_comes_next(
    trained_programme: TrainedProgramme,
) -> None:
    out = trained_programme.done["train"].out

    assert "Candidates on the same cases" in out
    assert "# Model card" in out
    assert "Registered as version 1; `vigie promote` puts it in service." in out


def test_promotion_shows_every_gate_and_where_the_champion_is(
    trained_programme: TrainedProgramme,
) -> None:
    out = trained_programme.done["promote"].out

    assert out.count("✓") == 6
    assert "✗" not in out
    assert trained_programme.champion.is_symlink()
    assert f"Champion: {trained_programme.champion.resolve().name} in var/bundles/" in out


def risks(trained_programme: TrainedProgramme) -> pd.DataFrame:
    return pd.read_parquet(trained_programme.folder / "risks.parquet")


def test_scores_add_up_and_come_most_urgent_first(trained_programme: TrainedProgramme) -> None:
    table = risks(trained_programme)
    assessed = table[table["status"] == "assessed"]
    parts = assessed.filter(like="contribution_").sum(axis=1) + assessed["base_value"]

    np.testing.assert_allclose(parts, logit(assessed["risk"]), atol=1e-6)
    assert assessed["risk"].is_monotonic_decreasing
    assert not table["contract_id"].duplicated().any()
    assert set(assessed["level"]) <= {"eleve", "modere", "faible"}


def test_what_is_not_assessed_has_a_reason_and_no_risk(trained_programme: TrainedProgramme) -> None:
    table = risks(trained_programme)
    rest = table[table["status"] != "assessed"]

    assert rest["why_not"].str.startswith("non évalué : ").all()
    assert rest[["risk", "level", "reasons"]].isna().all(axis=None)
    assert table.loc[table["status"] == "assessed", "why_not"].isna().all()


def test_the_screen_shows_the_list_in_french(trained_programme: TrainedProgramme) -> None:
    out = trained_programme.done["score"].out

    assert "Contrats à voir en premier" in out
    assert "dossiers proches" in out
    assert "contrats ouverts le 05/01/2026" in out
    assert risks(trained_programme)["contract_id"][0] in out


def test_scoring_twice_gives_the_same_bytes(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    arguments = ("--bundle", trained_programme.champion, "--out", "again.parquet")
    done = vigie(
        "score", trained_programme.extract, "--as-of", "2026-01-05", *arguments, folder=tmp_path
    )

    assert done.code == 0
    again = (tmp_path / "again.parquet").read_bytes()
    assert again == (trained_programme.folder / "risks.parquet").read_bytes()


def test_a_column_nobody_ever_filled_trains_and_weighs_nothing(
    trained_programme: TrainedProgramme,
) -> None:
    """Training knew no value of it; a value that comes later changes no risk."""
    contributions = risks(trained_programme)[f"contribution_{NEVER_FILLED}"].dropna()

    assert len(contributions) > 100
    assert (contributions == 0).all()


def test_a_category_never_seen_is_scored_all_the_same(trained_programme: TrainedProgramme) -> None:
    column, category = NEVER_SEEN
    contracts = pd.read_parquet(trained_programme.extract / "contracts")
    ids = contracts.loc[contracts[column] == category, "contract_id"]
    scored = risks(trained_programme)[lambda table: table["contract_id"].isin(ids)]

    assert len(scored) > 10
    assert scored.loc[scored["status"] == "assessed", "risk"].between(0, 1).all()
