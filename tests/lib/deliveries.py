"""Small deliveries of tables, written as people's tools write them, and taken in."""

from collections.abc import Sequence
from pathlib import Path

from features.intake.intake import Intake, take_in

HEADER = ("contract_id", "person_id", "kind", "started_on", "planned_end_on", "known_on")
NOTES = ("interview_id", "contract_id", "held_on", "status", "known_on", "note")


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
