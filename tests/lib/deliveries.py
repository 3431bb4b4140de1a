"""Small deliveries of tables, written as people's tools write them, and taken in."""

from collections.abc import Sequence
from pathlib import Path

from features.intake.intake import Intake, take_in

HEADER = ("contract_id", "person_id", "kind", "started_on", "planned_end_on", "known_on")
NOTES = ("interview_id", "contract_id", "held_on", "status", "known_on", "note")


CONTRACTS = """contract_id,person_id,kind,started_on,planned_end_on,known_on
C1,P1,apprenticeship,2023-09-01,2025-08-31,2023-09-01
C2,P2,professionalisation,2023-09-01,2024-08-31,2023-09-02
"""
INTERVIEWS = """interview_id,contract_id,held_on,status,known_on
I1,C1,2023-10-01,held,2023-10-02
I2,C2,2023-10-01,missed,2023-10-02
"""


def folder_of(tmp_path: Path, **tables: str) -> Path:
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, content in tables.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def reasons(intake: Intake) -> list[list[object]]:
    return intake.rejects[["file", "line", "column", "reason"]].to_numpy().tolist()


def contract(number: int) -> list[str]:
    return [f"C{number}", f"P{number}", "apprenticeship", "2024-09-02", "2026-08-31", "2024-09-05"]


def text(rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER, by: str = ",") -> str:
    return "".join(f"{by.join(cells)}\n" for cells in (header, *rows))


def delivered(folder: Path, name: str, content: str | bytes) -> Intake:
    """Write one file beside the tables it needs and take it in."""
    target = folder / "delivery"
    target.mkdir(exist_ok=True)
    if not name.lower().startswith("contracts"):
        (target / "contracts.csv").write_text(text([contract(1)]))
    data = content.encode() if isinstance(content, str) else content
    (target / name).write_bytes(data)
    return take_in(target)


def accounts(intake: Intake, table: str = "contracts") -> tuple[int, int, int]:
    """Return rows read, accepted and refused; they add up, repeats included."""
    read, refused = intake.read[table], intake.refused[table]
    accepted = len(getattr(intake.records, table))
    assert read == accepted + intake.repeats[table] + refused
    return read, accepted, refused


def notes_of(intake: Intake) -> list[str]:
    return intake.records.interviews["note"].tolist()


def interview(number: int, note: str, by: str = ",") -> str:
    return by.join([f"I{number}", "C1", "2024-10-01", "held", "2024-10-02", note])
