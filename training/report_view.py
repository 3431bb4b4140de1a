"""The comparison of the candidates and the gates, as they appear on screen."""

import pandas as pd
from rich.table import Table

from training.promotion import Gate


def candidates_table(ranking: pd.DataFrame) -> Table:
    """Log loss of each candidate, its distance to the best, and which one is chosen."""
    table = Table(title="Candidates on the same cases")
    for column in ("candidate", "log loss", "above the best", "standard error", ""):
        table.add_column(column)
    for name, row in ranking.iterrows():
        figures = [f"{row[column]:.5f}" for column in ("log_loss", "gap", "gap_error")]
        table.add_row(str(name), *figures, "chosen" if row["chosen"] else "")
    return table


def gate_line(gate: Gate) -> str:
    """Return one gate with its figures."""
    return f"{'✓' if gate.holds else '✗'} {gate.name}: {gate.words}"
