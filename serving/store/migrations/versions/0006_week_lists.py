"""The weekly lists as they were frozen, with the draw of every open case."""

import sqlalchemy as sa
from alembic import op

from serving.store.column_types import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "week_lists",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("advisor_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=True),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("risk", sa.Float(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_week_lists")),
        sa.UniqueConstraint(
            "advisor_id",
            "week",
            "contract_id",
            name=op.f("uq_week_lists_advisor_id_week_contract_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_week_lists_contract_id"), "week_lists", ["contract_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("week_lists")
