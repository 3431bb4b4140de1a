"""A cell of a file for a spreadsheet is shown, never computed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.common.spreadsheets import harmless_cell

SIGNS = "=+-@\t\r\n＝＋－＠"
BEGINS_A_FORMULA = re.compile(r"(^|[;,\t\r\n|])\s*[=+\-@＝＋－＠]")


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_is_a_formula(sign: str) -> None:
    assert harmless_cell(f"{sign}1+1").startswith("'")


@pytest.mark.parametrize(
    "cell", ["x;=1+1", "x,@SUM(1)", "x\t+1-1", "x| =1", "-2+3+cmd|' /C calc'!A0"]
)
def test_nor_is_what_another_separator_makes_of_it(cell: str) -> None:
    assert not BEGINS_A_FORMULA.search(harmless_cell(cell))


@pytest.mark.parametrize("cell", ["38,5", "-5", "+2.5", "Inès", "", "1 = 2", "peut-être, demain"])
def test_what_computes_nothing_is_left_as_it_is(cell: str) -> None:
    assert harmless_cell(cell) == cell


@given(st.text(alphabet=f"{SIGNS};, |1a'", max_size=12))
def test_every_text_comes_out_harmless_and_twice_is_once(cell: str) -> None:
    safe = harmless_cell(cell)
    assert safe == cell or not BEGINS_A_FORMULA.search(safe)
    assert harmless_cell(safe) == safe
