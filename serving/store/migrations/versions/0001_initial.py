"""The first tables."""

from alembic import op

from serving.store.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Undo."""
    metadata.drop_all(op.get_bind())
