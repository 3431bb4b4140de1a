"""Bringing a database to the tables of this version, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from serving.store.engine import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Create or bring up to date every table; a database that is up to date is left alone.

    Raises StoreError when the database cannot be reached.
    """
    with store.writing() as connection:
        if not store.is_sqlite:  # two processes may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(7316)"))
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def configuration() -> Config:
    """Alembic's configuration: where the migrations are, and nothing else."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
