"""Bringing a database to the tables of this version, with Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from serving.store.engine import Store

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Create or bring up to date every table; a database that is up to date is left alone.

    Raises StoreError when the database cannot be reached.
    """
    if is_current(store):
        return
    from alembic import command

    with store.writing() as connection:
        if not store.is_sqlite:  # two processes may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(7316)"))
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Return whether the database is at the newest migration, asked without loading Alembic."""
    newest = max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))
    with store.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return bool(version == newest)


def configuration() -> "Config":
    """Alembic's configuration: where the migrations are, and nothing else."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
