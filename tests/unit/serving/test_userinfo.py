"""A userinfo that is a signed token, as ProConnect gives it."""

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from serving.auth.oidc import decode_userinfo

KEY = RSAKey.generate_key(2048, auto_kid=True)
PUBLIC = KeySet([KEY]).as_dict(private=False)
CLAIMS = {"sub": "camille", "email": "camille@example.org"}


def signed(key: RSAKey = KEY, algorithm: str = "RS256") -> str:
    header = {"alg": algorithm, "kid": KEY.kid}
    return jwt.encode(header, CLAIMS, key, algorithms=[algorithm])


def test_the_claims_are_read_under_the_provider_s_key() -> None:
    assert decode_userinfo(signed(), PUBLIC) == CLAIMS


@pytest.mark.parametrize("what", ["another key", "another way of signing", "cut short", "unsigned"])
def test_claims_that_the_provider_did_not_sign_are_refused(what: str) -> None:
    match what:
        case "another key":
            text = signed(RSAKey.generate_key(2048))
        case "another way of signing":
            text = signed(algorithm="RS512")
        case "cut short":
            text = signed()[:-10]
        case _:
            header, claims, _ = signed().split(".")
            text = f"{header}.{claims}."
    with pytest.raises((JoseError, ValueError)):
        decode_userinfo(text, PUBLIC)
