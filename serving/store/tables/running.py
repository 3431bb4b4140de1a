"""What was done, and how the service runs: audit, suspensions, models, nightly runs."""

from sqlalchemy import JSON, Date, Index, Integer, Table

from serving.store.column_types import Moment, personal, plain, pseudonym, row_number
from serving.store.tables.metadata import metadata

audit = Table(
    "audit",
    metadata,
    row_number(),
    plain("at", Moment),
    pseudonym("actor"),  # account:7, key:ab12, command
    plain("action"),
    pseudonym("subject", nullable=True),  # contract:…, person:…, account:…
    plain("details", JSON),  # never personal: counts, versions, codes
    Index(None, "subject"),
    Index(None, "at"),
)
suspensions = Table(
    "suspensions",
    metadata,
    row_number(),
    plain("why"),
    plain("suspended_at", Moment),
    plain("lifted_at", Moment, nullable=True),
)
models_served = Table(
    "models_served",
    metadata,
    plain("version", primary_key=True),
    plain("first_served_at", Moment),
    plain("card"),
    plain("facts", JSON),
)
rescores = Table(
    "rescores",
    metadata,
    row_number(),
    plain("as_of", Date),
    plain("model_version"),
    plain("started_at", Moment),
    plain("finished_at", Moment, nullable=True),
    pseudonym("last_contract_id", nullable=True),  # done up to here, in order of contract
    plain("contracts", Integer),
    plain("scored", Integer),
    plain("unchanged", Integer),
)
imports = Table(
    "imports",
    metadata,
    plain("import_id", primary_key=True),
    pseudonym("actor"),
    plain("status"),  # running, done, refused
    plain("created_at", Moment),
    plain("seen_at", Moment),  # when its process last said that it goes on
    plain("finished_at", Moment, nullable=True),
    plain("done", Integer),
    plain("total", Integer),
    plain("result", JSON, nullable=True),
    plain("problem", JSON, nullable=True),
    personal("rejects", nullable=True),  # CSV, with what came; removed after thirty days
    Index(None, "finished_at"),
)
