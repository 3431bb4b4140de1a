"""OpenID Connect by configuration: authorization code with PKCE, state and nonce, through Authlib.

The provider is found by discovery (OpenID Connect Discovery 1.0). A journey to it is held in a
signed cookie for ten minutes. ProConnect's ways are covered: client_secret_post, and a userinfo
that is a JWT.
"""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from serving.auth.errors import ProviderError, ProviderUnavailableError
from serving.auth.hashing import same
from serving.settings import Settings

PATIENCE = timedelta(minutes=10)
PATIENCE_WITH_PROVIDER = 10.0  # seconds
RETURN_PATH = "/oidc/retour"


@dataclass(frozen=True)
class Journey:
    """What must come back unchanged from the provider."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    until: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for."""

    subject: str = field(repr=False)
    email: str | None = field(repr=False)
    email_verified: bool


class Provider:
    """The programme's OpenID provider; its metadata and keys are fetched once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.issuer = settings.oidc_issuer.rstrip("/")
        self.return_url = settings.public_url.rstrip("/") + RETURN_PATH
        self._client = _client(settings, self.issuer)
        secret = settings.secret_key.get_secret_value()
        self._signer = URLSafeSerializer(
            secret, salt="oidc-journey", signer_kwargs={"digest_method": sha256}
        )

    async def depart(self, *, now: datetime) -> tuple[str, str]:
        """Return where to send the browser, and the cookie it must come back with.

        Raises ProviderUnavailableError, or ProviderError when discovery names another issuer.
        """
        async with _provider_errors():
            await self._metadata()
            begun = await self._client.create_authorization_url(self.return_url)
        until = (now + PATIENCE).isoformat()
        journey = Journey(begun["state"], begun["nonce"], begun["code_verifier"], until)
        return begun["url"], str(self._signer.dumps(asdict(journey)))

    async def arrive(self, *, cookie: str | None, state: str, code: str, now: datetime) -> Identity:
        """Whom the provider sent back. Raises ProviderError unless everything adds up."""
        journey = self._journey(cookie, now)
        if not same(journey.state, state):
            raise ProviderError("provider: expected the state of this browser, got another")
        async with _provider_errors():
            await self._metadata()
            token = await self._client.fetch_access_token(
                self.return_url, code=code, code_verifier=journey.code_verifier
            )
            claims = await self._client.parse_id_token(token, nonce=journey.nonce)
            if claims is None:
                raise ProviderError("provider: expected an identity token, got none")
            if "email" not in claims:
                claims = {**claims, **await self._userinfo(token, subject=claims["sub"])}
        return Identity(claims["sub"], claims.get("email"), claims.get("email_verified") is True)

    async def _metadata(self) -> None:
        metadata = await self._client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != self.issuer:
            raise ProviderError("provider: expected the issuer of VIGIE_OIDC_ISSUER, got another")
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" not in methods:
            self._client.client_kwargs |= {"token_endpoint_auth_method": "client_secret_post"}

    async def _userinfo(self, token: dict[str, Any], *, subject: str) -> dict[str, Any]:
        metadata = self._client.server_metadata
        if "userinfo_endpoint" not in metadata:
            return {}
        response = await self._client.get(metadata["userinfo_endpoint"], token=token)
        response.raise_for_status()
        if response.headers.get("Content-Type", "").startswith("application/jwt"):
            claims = decode_userinfo(response.text, await self._client.fetch_jwk_set())
        else:
            claims = response.json()
        if claims.get("sub") != subject:
            raise ProviderError("provider: expected one subject, got two")
        return {name: claims[name] for name in ("email", "email_verified") if name in claims}

    def _journey(self, cookie: str | None, now: datetime) -> Journey:
        try:
            journey = Journey(**self._signer.loads(cookie or ""))
        except BadData:
            raise ProviderError("provider: expected our cookie back, got none of ours") from None
        if datetime.fromisoformat(journey.until) < now:
            raise ProviderError("provider: expected an answer within ten minutes, got it later")
        return journey


def decode_userinfo(text: str, jwk_set: Any) -> dict[str, Any]:
    """Claims of a signed userinfo (OpenID Connect Core 1.0, 5.3.2). Raises JoseError."""
    from joserfc import jwt
    from joserfc.jwk import KeySet

    keys = KeySet.import_key_set(jwk_set)
    return jwt.decode(text, keys, algorithms=["RS256", "ES256"]).claims


def _client(settings: Settings, issuer: str) -> Any:
    with warnings.catch_warnings():
        from authlib.deprecate import AuthlibDeprecationWarning  # type: ignore[import-untyped]

        # Authlib announces its move from httpx to httpx2, and speaks both.
        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        from authlib.integrations.starlette_client import StarletteOAuth2App  # type: ignore[import-untyped]

    return StarletteOAuth2App(
        framework=None,
        name="oidc",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "timeout": PATIENCE_WITH_PROVIDER,
        },
    )


@asynccontextmanager
async def _provider_errors() -> AsyncIterator[None]:
    """What goes wrong with the provider, reported in one sentence that quotes nothing it said."""
    from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
    from authlib.integrations.httpx_client import oauth2_client  # type: ignore[import-untyped]
    from joserfc.errors import JoseError

    http_error = oauth2_client.httpx2.HTTPError  # of whichever of the two Authlib speaks
    try:
        yield
    except http_error as error:
        raise ProviderUnavailableError(
            "provider: expected the OpenID provider to answer, got no usable answer; try again"
        ) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ProviderError(
            "provider: expected an identity for this sign-in, got one that does not hold"
        ) from error
