"""The commands as their users run them, from a seed to a ranked list."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from tests.lib.commands import files, vigie
from tests.lib.office import NEVER_FILLED, NEVER_SEEN, Office

COMMANDS = ("simulate", "check", "train", "promote", "score", "docs", "demo")


def test_the_front_door_lists_every_command(tmp_path: Path) -> None:
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


def test_training_tells_what_it_learned_and_what_comes_next(office: Office) -> None:
    out = office.done["train"].out

    assert "Candidates on the same cases" in out
    assert "# Model card" in out
    assert "Registered as version 1; `vigie promote` puts it in service." in out


def test_promotion_shows_every_gate_and_where_the_champion_is(office: Office) -> None:
    out = office.done["promote"].out

    assert out.count("✓") == 6
    assert "✗" not in out
    assert office.champion.is_symlink()
    assert f"Champion: {office.champion.resolve().name} in var/bundles/" in out


def risks(office: Office) -> pd.DataFrame:
    return pd.read_parquet(office.folder / "risks.parquet")


def test_scores_add_up_and_come_most_urgent_first(office: Office) -> None:
    table = risks(office)
    assessed = table[table["status"] == "assessed"]
    parts = assessed.filter(like="contribution_").sum(axis=1) + assessed["base_value"]

    np.testing.assert_allclose(parts, logit(assessed["risk"]), atol=1e-6)
    assert assessed["risk"].is_monotonic_decreasing
    assert not table["contract_id"].duplicated().any()
    assert set(assessed["level"]) <= {"eleve", "modere", "faible"}


def test_what_is_not_assessed_has_a_reason_and_no_risk(office: Office) -> None:
    table = risks(office)
    rest = table[table["status"] != "assessed"]

    assert rest["why_not"].str.startswith("non évalué : ").all()
    assert rest[["risk", "level", "reasons"]].isna().all(axis=None)
    assert table.loc[table["status"] == "assessed", "why_not"].isna().all()


def test_the_screen_shows_the_list_in_french(office: Office) -> None:
    out = office.done["score"].out

    assert "Contrats à voir en premier" in out
    assert "dossiers proches" in out
    assert "contrats ouverts le 05/01/2026" in out
    assert risks(office)["contract_id"][0] in out


def test_scoring_twice_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    arguments = ("--bundle", office.champion, "--out", "again.parquet")
    done = vigie("score", office.extract, "--as-of", "2026-01-05", *arguments, folder=tmp_path)

    assert done.code == 0
    again = (tmp_path / "again.parquet").read_bytes()
    assert again == (office.folder / "risks.parquet").read_bytes()


def test_a_column_nobody_ever_filled_trains_and_weighs_nothing(office: Office) -> None:
    """Training knew no value of it; a value that comes later changes no risk."""
    contributions = risks(office)[f"contribution_{NEVER_FILLED}"].dropna()

    assert len(contributions) > 100
    assert (contributions == 0).all()


def test_a_category_never_seen_is_scored_all_the_same(office: Office) -> None:
    column, category = NEVER_SEEN
    contracts = pd.read_parquet(office.extract / "contracts")
    ids = contracts.loc[contracts[column] == category, "contract_id"]
    scored = risks(office)[lambda table: table["contract_id"].isin(ids)]

    assert len(scored) > 10
    assert scored.loc[scored["status"] == "assessed", "risk"].between(0, 1).all()
