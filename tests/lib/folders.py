"""Folders of tables as an export leaves them: few columns, few rows, CSV."""

from pathlib import Path

CONTRACTS = """contract_id,person_id,kind,started_on,planned_end_on,pay_percent_smic,known_on
C1,P1,apprenticeship,2023-09-01,2025-08-31,53,2023-09-01
C2,P2,apprenticeship,2023-09-01,2025-08-31,61,2023-09-01
"""
INTERVIEWS = """interview_id,contract_id,held_on,status,known_on
I1,C1,2023-10-02,held,2023-10-03
"""
HISTORY = "contract_id,person_id,kind,started_on,planned_end_on,level_prepared,born_on,known_on"


def folder_of(path: Path, **tables: str) -> Path:
    """Write the tables into a new folder `tables`."""
    folder = path / "tables"
    folder.mkdir()
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def history(*, broken: int, held: int) -> dict[str, str]:
    """Two-year contracts of 2020: so many broken after 300 days, so many completed; one of 2023."""
    people, facts = range(broken + held), "4,2003-05-20"
    contracts = [
        f"C{i},P{i},apprenticeship,2020-09-01,2022-08-31,{facts},2020-08-20" for i in people
    ]
    ends = [("2021-06-28", "rupture")] * broken + [("2022-08-31", "completed")] * held
    outcomes = [f"C{i},{day},{how},{day}" for i, (day, how) in enumerate(ends)]
    late = f"L,L,apprenticeship,2023-09-01,2025-08-31,{facts},2023-08-20"
    return {
        "contracts": "\n".join([HISTORY, *contracts, late]),
        "outcomes": "\n".join(["contract_id,ended_on,how,known_on", *outcomes]),
    }


def recipe(folder: Path, text: str = "[snapshots]\nevery_days = 90\n") -> Path:
    """Write a recipe into a folder."""
    (folder / "recipe.toml").write_text(text, encoding="utf-8")
    return folder / "recipe.toml"
