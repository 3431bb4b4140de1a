"""Why somebody is turned away. Nothing here holds an address, a key or a password."""

from features.common.errors import VigieError


class AuthError(VigieError):
    """Somebody could not be let in, or may not do what they ask."""


class UnauthenticatedError(AuthError):
    """No proof of who asks, or one that is not known (401)."""


class WrongPasswordError(UnauthenticatedError):
    """Unknown account, wrong password, disabled account: all reported alike (401)."""


class ExpiredKeyError(UnauthenticatedError):
    """The right key, after its last day (401)."""


class RevokedKeyError(UnauthenticatedError):
    """The right key, withdrawn by an administrator (401)."""


class ForbiddenError(AuthError):
    """Known, but not allowed to do this (403)."""


class CsrfError(ForbiddenError):
    """A form or fetch that does not prove that it comes from our own pages (403)."""


class NoAccountError(ForbiddenError):
    """The OpenID provider knows the person, the programme has no account for them (403)."""


class PasswordChangeRequiredError(ForbiddenError):
    """Signed in with a one-time password, which must be changed before anything else (403)."""


class WeakPasswordError(AuthError):
    """A new password that the rules refuse (422)."""


class ProviderError(AuthError):
    """The OpenID provider's answer does not hold: state, nonce, issuer, signature (400)."""


class ProviderUnavailableError(AuthError):
    """The OpenID provider does not answer (503)."""


class ThrottledError(AuthError):
    """Too many failures; `retry_after` is in whole seconds (429)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"sign-in: expected fewer failures, got too many; try again in {retry_after} s"
        )
        self.retry_after = retry_after
