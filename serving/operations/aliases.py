"""The names that erased persons and contracts have from then on: keyed hashes nobody can read back.

Who holds the service's secret and an id can find its lines again.
"""

import hashlib
import hmac
from collections.abc import Callable

from serving.context import AppContext


def alias_of(context: AppContext, *, purpose: str = "erased") -> Callable[[str], str]:
    """Return what makes `person:P1` into `person:erased-3f…`, the same each time for one secret.

    Under another purpose the names are others, so that two lists cannot be joined.
    """
    key = context.settings.secret_key.get_secret_value().encode()

    def alias(subject: str) -> str:
        kind = subject.partition(":")[0]
        code = hmac.new(key, f"{purpose} {subject}".encode(), hashlib.sha256).hexdigest()
        return f"{kind}:{purpose}-{code[:32]}"

    return alias
