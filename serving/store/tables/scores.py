"""Assessments, what was answered to them, and the projections that lists are read from."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    false,
)

from serving.store.column_types import Moment, Number, personal, plain, pseudonym, row_number
from serving.store.tables.metadata import metadata

assessments = Table(
    "assessments",
    metadata,
    row_number(),
    pseudonym("contract_id"),
    plain("as_of", Date),
    plain("valid_until", Date),
    plain("made_at", Moment),
    plain("status"),  # assessed, not_assessed
    plain("why_not", nullable=True),  # a French sentence, of rows from before there were codes
    plain("why_not_code", nullable=True),
    plain("why_not_detail", nullable=True),  # a day, of a contract no longer transmitted
    personal("risk", Float, nullable=True),
    personal("level", nullable=True),
    plain("base_rate", Float, nullable=True),
    plain("base_value", Float, nullable=True),
    plain("similar_cases", Integer, nullable=True),
    plain("similar_ruptures", Integer, nullable=True),
    plain("similar_low", Float, nullable=True),
    plain("similar_high", Float, nullable=True),
    personal("reasons", JSON),
    personal("incidence", JSON(none_as_null=True), nullable=True),  # cumulative risk over a year
    personal("unusual", JSON(none_as_null=True), nullable=True),  # facts unlike any learned from
    personal("contributions", LargeBinary, nullable=True),  # float64, in the order of the bundle
    plain("row_digest"),
    plain("model_version"),
    plain("label_version"),
    plain("catalogue_hash"),
    plain("previous_id", Number, nullable=True),
    personal("changes", JSON),  # difference of contributions by group with the previous one
    # PostgreSQL only: a reader of the feed must not step over a number that is not committed yet.
    plain("transaction_id", BigInteger, nullable=True),
    Index(None, "contract_id", "id"),
    sqlite_autoincrement=True,  # or a reader of the feed would miss a number given twice
)

# The last known state of each contract, for lists: one row per contract, rewritten with each write.
contract_summaries = Table(
    "standings",
    metadata,
    pseudonym("contract_id", primary_key=True),
    pseudonym("person_id"),
    pseudonym("advisor_id", nullable=True),
    plain("known_on", Date),  # the day the contract became known
    plain("started_on", Date),
    plain("planned_end_on", Date),
    plain("employer_siret", nullable=True),
    plain("training_centre_uai", nullable=True),
    plain("ended_on", Date, nullable=True),  # of the declared end
    plain("last_held_on", Date, nullable=True),  # of the last interview held
    plain("last_contact_on", Date),  # the latest day anything happened or was learnt, for retention
    plain("records_seq", Number),  # grows with each record kept of this contract
    plain("assessment_id", Number, nullable=True),
    plain("as_of", Date, nullable=True),
    plain("status", nullable=True),
    personal("level", nullable=True),
    personal("risk", Float, nullable=True),
    plain("model_version", nullable=True),
    plain("scored_seq", Number, nullable=True),  # records_seq that the assessment has seen
    plain("history_seq", Number, nullable=True),  # likewise of what crosses contracts
    plain("withdrawn", Boolean, server_default=false()),  # recorded by mistake: in no list
    plain("last_seen_on", Date, nullable=True),  # the last day a version of it became known
    # The day of the first full delivery of its centre that it was no longer in.
    plain("not_transmitted_since", Date, nullable=True),
    Index(None, "advisor_id", "planned_end_on"),
    Index(None, "person_id"),
    Index(None, "planned_end_on"),
)

# Past ruptures by entity and day (`point_in_time.past_ruptures`). A write adds the difference
# it makes, so that no two writers wait for one row; the nightly rescoring sums the rows of one day.
history_steps = Table(
    "history_steps",
    metadata,
    row_number(),
    plain("entity"),
    pseudonym("key"),
    plain("day", Integer),
    # The stored spellings: `at_risk` contracts, and the sum of their start days.
    plain("weight", Float, key="at_risk"),
    plain("moment", Float, key="start_day_sum"),
    plain("ruptures", Float),
    plain("contracts", Float),
    Index(None, "entity", "key", "day"),
)

feedback = Table(
    "feedback",
    metadata,
    row_number(),
    pseudonym("contract_id"),
    plain("assessment_id", Number, nullable=True),
    plain("kind"),  # agree, disagree, action, snooze
    plain("reason", nullable=True),  # code of serving.feedback_codes
    personal("comment", nullable=True),
    plain("until", Date, nullable=True),  # of a snooze
    pseudonym("actor"),
    plain("made_at", Moment),
    Index(None, "contract_id"),
)
