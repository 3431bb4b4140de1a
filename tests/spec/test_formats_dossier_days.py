"""Which day a date of a dossier is, however software wrote it and wherever the centre is."""

import pandas as pd
import pytest

from features.intake.formats.dossier_days import ZONES, local_days, zones

PARIS, MARTINIQUE, REUNION, TAHITI = "0441234A", "9721234A", "9741234A", "9841234A"
WRITTEN = f"""
2023-09-01                     | {PARIS}      | 2023-09-01
2023-09-01T00:00:00            | {PARIS}      | 2023-09-01
2025-08-31T23:59:59            | {PARIS}      | 2025-08-31
2025-08-31T23:59:59.999Z       | {PARIS}      | 2025-08-31
2025-08-31 12:00               | {PARIS}      | 2025-08-31
2023-09-01T00:00:00.000Z       | {PARIS}      | 2023-09-01
2023-08-31T22:00:00Z           | {PARIS}      | 2023-09-01
2023-12-31T23:00:00.000Z       | {PARIS}      | 2024-01-01
2023-12-31T22:00:00Z           | {PARIS}      | 2023-12-31
2023-08-31T21:59:59Z           | {PARIS}      | 2023-08-31
2023-08-31T23:00:00Z           | {PARIS}      | 2023-09-01
2023-09-01T00:00:00+02:00      | {PARIS}      | 2023-09-01
2023-09-01T00:00:00+0200       | {PARIS}      | 2023-09-01
2023-08-31T23:30:00+01:00      | {PARIS}      | 2023-09-01
2023-09-01T04:00:00Z           | {MARTINIQUE} | 2023-09-01
2023-09-01T03:00:00Z           | {MARTINIQUE} | 2023-08-31
2023-09-01T00:00:00Z           | {MARTINIQUE} | 2023-09-01
2023-08-31T20:00:00Z           | {REUNION}    | 2023-09-01
2023-08-31T20:00:00Z           | {PARIS}      | 2023-08-31
2023-09-01T10:00:00Z           | {TAHITI}     | 2023-09-01
31/08/2025 23:59:59            | {PARIS}      | 31/08/2025
01/09/2023 00:00               | {PARIS}      | 01/09/2023
2023-09-01T25:00:00Z           | {PARIS}      | 2023-09-01T25:00:00Z
01/09/2023                     | {PARIS}      | 01/09/2023
bientôt : à dire               | {PARIS}      | bientôt : à dire
"""
NONE = ["0001-01-01T00:00:00", "0001-01-01", "9999-12-31", "31/12/2999", "9999-12-31T23:59:59Z",
        "1900-01-01", "1899-12-30T00:00:00", "00/00/0000", "0000-00-00"]  # fmt: skip


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in WRITTEN.strip().splitlines()]


def day(written: str, uai: str) -> str:
    zone = zones(pd.Series([uai], dtype="str"))
    return str(local_days(pd.Series([written], dtype="str"), zone).fillna("").iloc[0])


@pytest.mark.parametrize(("written", "uai", "expected"), rows())
def test_a_date_is_a_day_where_the_centre_is(written: str, uai: str, expected: str) -> None:
    assert day(written, uai) == expected


@pytest.mark.parametrize("written", NONE)
def test_what_software_writes_for_no_date_is_none(written: str) -> None:
    assert day(written, PARIS) == ""


@pytest.mark.parametrize("place", sorted(ZONES))
def test_a_local_midnight_in_utc_is_its_day_in_every_territory(place: str) -> None:
    midnight = pd.Timestamp("2024-01-15", tz=ZONES[place]).tz_convert("UTC")
    assert day(midnight.strftime("%Y-%m-%dT%H:%M:%S.000Z"), f"{place}1234A") == "2024-01-15"


def test_the_first_place_that_says_gives_the_zone() -> None:
    formateur = pd.Series([None, "0441234A", "9741234A"], dtype="str")
    postcode = pd.Series(["97410", "97410", "44000"], dtype="str")
    expected = ["Indian/Reunion", "Indian/Reunion", "Indian/Reunion"]
    assert zones(formateur, postcode).tolist() == expected
