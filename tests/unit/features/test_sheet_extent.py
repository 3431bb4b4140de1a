"""A small workbook whose cells lie far apart is refused before a reader fills the space between."""

from pathlib import Path

import pytest
import xlsxwriter

from features.common.errors import InputError
from features.intake.formats.workbooks import sheets


def book(path: Path, *places: tuple[int, int]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("contracts")
        for row, column in places:
            sheet.write_string(row, column, "x")
    return path


def test_two_far_cells_are_refused_with_how_far_they_reach(tmp_path: Path) -> None:
    far = book(tmp_path / "far.xlsx", (0, 0), (1_048_575, 16_383))

    with pytest.raises(InputError, match="got 1,048,576 rows by 16,384 columns"):
        sheets(far, name="far.xlsx")


@pytest.mark.parametrize("places", [((0, 0), (99_999, 30)), ((0, 0), (9, 16_383)), ((0, 0),)])
def test_a_long_or_a_wide_sheet_is_read(
    tmp_path: Path, places: tuple[tuple[int, int], ...]
) -> None:
    assert sheets(book(tmp_path / "fine.xlsx", *places), name="fine.xlsx") == ["contracts"]
