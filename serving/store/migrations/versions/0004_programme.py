"""Enrolments, follow-ups, frozen plans and the log of draws of a programme."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from serving.store.column_types import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(*names: str, nullable: bool = False) -> "list[sa.Column[Any]]":
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _day(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Date(), nullable=nullable)


def _number(name: str) -> "sa.Column[Any]":
    return sa.Column(name, NUMBER, autoincrement=True, nullable=False)


def _recorded() -> "list[sa.Column[Any]]":
    return [sa.Column("recorded_at", Moment(), nullable=False), *_text("recorded_by")]


def _versions(table: str, *columns: "sa.Column[Any]") -> None:
    key = sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}"))
    op.create_table(table, _number("seq"), *columns, *_recorded(), key, sqlite_autoincrement=True)
    for name in ("person_id", "contract_id"):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def upgrade() -> None:
    """Apply."""
    _versions(
        "enrolments",
        *_text("enrolment_id", "programme", "person_id", "contract_id"),
        *_text("site", nullable=True),
        *_text("status"),
        _day("informed_on"),
        *_text("informed_by", "notice_version"),
        _day("answered_on", nullable=True),
        _day("drawn_on", nullable=True),
        *_text("stratum", "arm", "plan_hash", nullable=True),
        _day("known_on"),
    )
    _versions(
        "follow_ups",
        *_text("follow_up_id", "person_id", "contract_id", "moment"),
        _day("asked_on"),
        *_text("asked_by", "answer"),
        *_text("situation", "job_kind", nullable=True),
        sa.Column("job_related", sa.Boolean(), nullable=True),
        _day("known_on"),
    )
    op.create_table(
        "programme_plans",
        _number("id"),
        *_text("programme", "version", "plan_hash"),
        sa.Column("plan", sa.JSON(), nullable=False),
        *_text("seed", "commitment"),
        sa.Column("frozen_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_plans")),
        _unique("programme_plans", "programme", "plan_hash"),
        _unique("programme_plans", "programme", "version"),
    )
    op.create_table(
        "draws",
        _number("id"),
        *_text("programme", "plan_hash", "stratum"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_text("arm", "person_id", "contract_id"),
        _day("drawn_on"),
        *_recorded(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        _unique("draws", "programme", "person_id"),
        _unique("draws", "programme", "plan_hash", "stratum", "position"),
    )


def _unique(table: str, *names: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}"))


def downgrade() -> None:
    """Undo."""
    for table in ("draws", "programme_plans", "follow_ups", "enrolments"):
        op.drop_table(table)
