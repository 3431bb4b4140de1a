"""What an administrator is told when something is refused, by the place that the error names.

Errors are technical sentences in English that begin with *where*: that is what is read off them.
"""

from serving.pages.shared.wording import Wording

# The first beginning that fits counts.
KEYS = {
    "account: email:": "email",
    "account: name:": "name",
    "account: advisor_id:": "advisor_id",
    "account: site:": "site",
    "account: capacity:": "capacity",
    "account: expected an address, an advisor id": "taken",
    "key: name:": "key_name",
    "key: scopes:": "key_scopes",
    "suspension.why:": "why",
    "suspension: expected scoring to be on": "suspended_already",
    "suspension: expected scoring to be suspended": "not_suspended",
}


def refusal_in_words(error: Exception, *, t: Wording) -> str:
    """Return a sentence that says what to do about it."""
    said = str(error)
    key = next((key for start, key in KEYS.items() if said.startswith(start)), "other")
    return t(f"refused.{key}")
