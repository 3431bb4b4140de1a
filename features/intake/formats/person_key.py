"""Learners of files without an identifier, named by a keyed hash of their names and birth date.

HMAC-SHA-256 (RFC 2104) under a secret of the programme: without the key nobody can try names until
one fits. The key has an id, which begins every identifier made with it, so that after a rotation
one can tell which key named whom. The same key must be given to the command line and the service.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Self

VARIABLE = "VIGIE_PERSON_KEY"
_FORM = re.compile(r"(?P<id>[A-Za-z0-9-]{1,12}):(?P<secret>\S{32,})")


@dataclass(frozen=True)
class PersonKey:
    """The secret that names learners, and the id that says which one it is."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read `ID:SECRET`; an empty text is no key.

        Raises ValueError that never shows the secret.
        """
        if not text:
            return None
        form = _FORM.fullmatch(text)
        if form is None:
            raise ValueError(
                "expected ID:SECRET with an id of up to 12 letters, figures and "
                "hyphens and a secret of 32 characters or more, got something else"
            )
        return cls(form["id"], form["secret"].encode())

    def pseudonym(self, *, last_name: str, first_name: str, born_on: str) -> str:
        """Return the identifier of a person; case, accents and punctuation of names are aside."""
        source = f"{_letters(last_name)}|{_letters(first_name)}|{born_on}"
        digest = hmac.new(self.secret, source.encode(), hashlib.sha256).hexdigest()
        return f"{self.id}.{digest[:20]}"


def _letters(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in folded if letter.isalnum())
