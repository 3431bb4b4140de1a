"""The examples run as they are written, on a programme of their own."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_feature_is_declared_checked_and_measured(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "add_a_feature.py"))["main"](contracts=150)

    printed = capsys.readouterr().out
    assert "absences_60d: {0.0:" in printed
    assert "log loss gained: " in printed


def test_a_model_is_judged_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "judge_by_group.py"))["main"](contracts=400)

    printed = capsys.readouterr().out
    assert "calibration_ratio" in printed
    assert "groups are too small to be judged" in printed
