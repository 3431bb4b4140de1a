"""The tables of the store. Records, assessments, feedback and audit are only ever added to.

`contract_summaries` and `history_steps` are projections: they can be rebuilt from the records and
the assessments, and exist so that a list or a single score reads a few rows instead of all of them.
"""

from serving.store.tables.access import (
    accounts,
    api_keys,
    outbox,
    sessions,
    sign_in_failures,
    webhook_endpoints,
)
from serving.store.tables.metadata import metadata
from serving.store.tables.programme import (
    PROGRAMME_TABLES,
    draws,
    enrolments,
    follow_ups,
    programme_plans,
    week_lists,
)
from serving.store.tables.records import (
    RECORD_TABLES,
    contracts,
    deliveries,
    events,
    interviews,
    organisations,
    outcomes,
    persons,
)
from serving.store.tables.running import audit, imports, models_served, rescores, suspensions
from serving.store.tables.scores import assessments, contract_summaries, feedback, history_steps

__all__ = [
    "PROGRAMME_TABLES",
    "RECORD_TABLES",
    "accounts",
    "api_keys",
    "assessments",
    "audit",
    "contract_summaries",
    "contracts",
    "deliveries",
    "draws",
    "enrolments",
    "events",
    "feedback",
    "follow_ups",
    "history_steps",
    "imports",
    "interviews",
    "metadata",
    "models_served",
    "organisations",
    "outbox",
    "outcomes",
    "persons",
    "programme_plans",
    "rescores",
    "sessions",
    "sign_in_failures",
    "suspensions",
    "webhook_endpoints",
    "week_lists",
]
