"""The yearly curve of an assessment, and the facts unlike any that were learned from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
NAMES = ("incidence", "unusual")


def upgrade() -> None:
    """Apply; assessments of before have neither."""
    for name in NAMES:
        op.add_column("assessments", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Undo."""
    for name in NAMES:
        op.drop_column("assessments", name)
