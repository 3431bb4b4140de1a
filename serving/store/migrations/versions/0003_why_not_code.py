"""Why a case is not assessed, as a code and what completes it; old sentences stay as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("assessments", sa.Column("why_not_code", sa.Text(), nullable=True))
    op.add_column("assessments", sa.Column("why_not_detail", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("assessments", "why_not_detail")
    op.drop_column("assessments", "why_not_code")
