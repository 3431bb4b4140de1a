"""Versions that withdraw, deliveries and what is no longer in them, imports as jobs."""

import sqlalchemy as sa
from alembic import op

from serving.store.column_types import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
RECORDS = ("contracts", "interviews", "events", "outcomes")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Apply."""
    for table in RECORDS:
        op.add_column(table, _flag("withdrawn"))
    for table in ("contracts", "outcomes"):
        op.add_column(table, _flag("delivered"))
    op.add_column("standings", _flag("withdrawn"))
    op.add_column("standings", sa.Column("last_seen_on", sa.Date(), nullable=True))
    op.add_column("standings", sa.Column("not_transmitted_since", sa.Date(), nullable=True))
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("training_centre_uai", sa.Text(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        op.f("ix_deliveries_training_centre_uai_received_on"),
        "deliveries",
        ["training_centre_uai", "received_on"],
    )
    op.create_table(
        "imports",
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("rejects", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_finished_at"), "imports", ["finished_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("imports")
    op.drop_table("deliveries")
    for name in ("not_transmitted_since", "last_seen_on", "withdrawn"):
        op.drop_column("standings", name)
    for table in ("contracts", "outcomes"):
        op.drop_column(table, "delivered")
    for table in RECORDS:
        op.drop_column(table, "withdrawn")
