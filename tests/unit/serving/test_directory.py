"""Names kept many at once."""

from serving.context import AppContext
from serving.store import directory

MORE_THAN_A_STATEMENT_TAKES = 65_536  # parameters: PostgreSQL refuses them, SQLite half as many


def test_a_whole_region_of_names_is_stored_at_once(context: AppContext) -> None:
    people = {f"P{n}": ("Ada", "Lovelace") for n in range(MORE_THAN_A_STATEMENT_TAKES)}
    last = f"P{MORE_THAN_A_STATEMENT_TAKES - 1}"
    with context.store.writing() as connection:
        directory.save_person(
            connection, person_id=last, given_name="A", family_name="L", now=context.now()
        )

        directory.save_all(connection, people=people, places={}, now=context.now())

        assert directory.names_of_persons(connection, [last]) == {last: ("Ada", "Lovelace")}
