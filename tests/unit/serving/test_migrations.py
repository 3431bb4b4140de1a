"""Migrations bring any database to the tables that the code expects."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from features.common.errors import StoreError
from serving.store.engine import Store, open_store
from serving.store.migrate import configuration, upgrade
from serving.store.tables import metadata


@pytest.fixture
def store(database_url: str) -> Store:
    return open_store(database_url)


def differences(store: Store) -> list[object]:
    """What the database lacks or has too much of."""
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def test_a_migrated_database_has_the_tables_of_the_code(store: Store) -> None:
    assert differences(store) == []
    store.close()


def test_migrating_again_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert differences(store) == []
    store.close()


def test_the_way_back_and_forth_loses_no_table(store: Store) -> None:
    with store.writing() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with store.reading() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    upgrade(store)
    assert differences(store) == []
    store.close()


def test_a_database_that_cannot_be_reached_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        upgrade(open_store(f"postgresql://nobody@127.0.0.1:9/{tmp_path.name}"))
