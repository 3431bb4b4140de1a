"""Why a change is refused, as a code; its words are `refused` in the wording files."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """What an account, a key or a suspension lacks."""

    NOT_AN_ADDRESS = "not_an_address"
    NO_NAME = "no_name"
    NO_ADVISOR_ID = "no_advisor_id"
    NO_SITE = "no_site"
    CAPACITY_OUT_OF_RANGE = "capacity_out_of_range"
    ACCOUNT_TAKEN = "account_taken"
    NO_KEY_NAME = "no_key_name"
    NO_SCOPE = "no_scope"
    NO_REASON = "no_reason"
    ALREADY_SUSPENDED = "already_suspended"
    NOT_SUSPENDED = "not_suspended"
    OWN_ACCOUNT = "own_account"
    OTHER = "other"
