"""People, machines, and the messages that machines get."""

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, Table, text

from serving.store.column_types import (
    Moment,
    Number,
    personal,
    plain,
    pseudonym,
    row_number,
    secret,
)
from serving.store.tables.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    row_number(),
    personal("email", unique=True),
    personal("display_name"),
    secret("password_hash", nullable=True),  # argon2; none for an account of the OpenID provider
    plain("must_change_password", Boolean),
    pseudonym("oidc_subject", nullable=True, unique=True),
    plain("role"),  # advisor, coordinator, data, administrator
    pseudonym("advisor_id", nullable=True, unique=True),
    plain("site", nullable=True),
    plain("capacity", Integer),  # cases a week
    plain("language"),
    plain("created_at", Moment),
    plain("disabled_at", Moment, nullable=True),
)
sessions = Table(
    "sessions",
    metadata,
    secret("token_hash", primary_key=True),
    plain("account_id", Number, ForeignKey("accounts.id")),
    secret("csrf_token"),
    plain("created_at", Moment),
    plain("last_seen_at", Moment),
    plain("expires_at", Moment),
    Index(None, "account_id"),
)
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    row_number(),
    secret("subject"),  # keyed hash of the address typed, or of the network address
    plain("at", Moment),
    Index(None, "subject", "at"),
)
api_keys = Table(
    "api_keys",
    metadata,
    plain("key_id", primary_key=True),
    plain("name"),
    secret("hash"),
    plain("scopes", JSON),
    plain("created_at", Moment),
    plain("expires_at", Moment, nullable=True),
    plain("revoked_at", Moment, nullable=True),
    plain("last_used_at", Moment, nullable=True),
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    row_number(),
    plain("url"),
    secret("secret"),
    plain("created_at", Moment),
    plain("disabled_at", Moment, nullable=True),
)
outbox = Table(
    "outbox",
    metadata,
    row_number(),
    plain("message_id", unique=True),
    plain("endpoint_id", Number, ForeignKey("webhook_endpoints.id")),
    plain("topic"),
    pseudonym("contract_id"),
    personal("payload", JSON),
    plain("created_at", Moment),
    plain("attempts", Integer),
    plain("due_at", Moment),  # of the next attempt
    plain("leased_until", Moment, nullable=True),
    plain("delivered_at", Moment, nullable=True),
    plain("dead_at", Moment, nullable=True),
    plain("last_error", nullable=True),
    # Only what waits: what was delivered stays for a while and must not slow the search for it.
    Index(
        "ix_outbox_waiting",
        "endpoint_id",
        "due_at",
        sqlite_where=text("delivered_at IS NULL AND dead_at IS NULL"),
        postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL"),
    ),
    Index(None, "contract_id"),
)
