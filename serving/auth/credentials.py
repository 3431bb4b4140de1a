"""What a request proves itself with, and who that is: a machine by its key, a person by a session.

A cookie proves nothing about who made the browser send it, so a request that changes something
must repeat the session's CSRF token. A key needs none.
"""

from dataclasses import dataclass, field
from functools import partial

from fastapi import BackgroundTasks, Request

from serving.actors import Actor
from serving.auth import api_keys, cookies, last_uses, sessions
from serving.auth.errors import CsrfError, PasswordChangeRequiredError, UnauthenticatedError
from serving.auth.hashing import same
from serving.context import AppContext
from serving.store import keys as key_store
from serving.store import sessions as session_store
from serving.store.engine import Connection
from serving.store.keys import Key
from serving.store.sessions import Session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Credentials:
    """A request with the key and the CSRF token it sent. A key goes before a cookie."""

    request: Request = field(repr=False)
    background: BackgroundTasks = field(repr=False)
    key: str | None = field(repr=False)
    csrf_token: str | None = field(repr=False)

    @property
    def context(self) -> AppContext:
        """The service that was asked."""
        context: AppContext = self.request.app.state.context
        return context

    def check_given(self) -> None:
        """Raise UnauthenticatedError when nothing was sent that could prove anything."""
        if self.key is not None:
            return
        if self.request.headers.get("Authorization"):
            raise UnauthenticatedError("Authorization: expected Bearer and a key, got another")
        if self._token() is None:
            raise UnauthenticatedError("session: expected one that is open, got none")

    def actor(self, connection: Connection) -> Actor:
        """Return who asks.

        Raises UnauthenticatedError (ExpiredKeyError, RevokedKeyError) or as `session`.
        """
        self.check_given()
        if self.key is not None:
            return self._machine(connection, self.key)
        return sessions.actor_of(self.session(connection).account)

    def session(self, connection: Connection, *, any_password: bool = False) -> Session:
        """Return the session of the cookie.

        Raises UnauthenticatedError without one, CsrfError for a change that does not repeat its
        token, PasswordChangeRequiredError with a one-time password unless `any_password` will do.
        """
        session = self._find_session(connection)
        if session is None:
            raise UnauthenticatedError("session: expected one that is open, got none")
        if self.request.method not in SAFE and not same(session.csrf_token, self.csrf_token or ""):
            raise CsrfError(
                "session: expected its CSRF token (X-CSRF-Token or csrf_token), got another"
            )
        self._store_use_of_session(session)
        if session.account.must_change_password and not any_password:
            raise PasswordChangeRequiredError("account: expected a password of its own, got none")
        return session

    def _token(self) -> str | None:
        return cookies.read(self.request, self.context.settings, cookies.SESSION) or None

    def _find_session(self, connection: Connection) -> Session | None:
        token, context = self._token(), self.context
        if token is None:
            return None
        return sessions.find(connection, settings=context.settings, token=token, now=context.now())

    def _machine(self, connection: Connection, text: str) -> Actor:
        now = self.context.now()
        key = api_keys.verify(connection, settings=self.context.settings, text=text, now=now)
        self._store_use_of_key(key)
        return api_keys.actor_of(key)

    def _store_use_of_key(self, key: Key) -> None:
        now = self.context.now()
        write = partial(key_store.touch, key_id=key.key_id, now=now, before=now - last_uses.EVERY)
        self._store_use(key.key_id, last=key.last_used_at, write=write)

    def _store_use_of_session(self, session: Session) -> None:
        write = partial(session_store.touch, token_hash=session.token_hash, now=self.context.now())
        self._store_use(session.token_hash, last=session.last_seen_at, write=write)

    def _store_use(self, name: str, *, last: last_uses.Moment, write: last_uses.Write) -> None:
        last_uses.store_last_use(self.request, self.background, name, last=last, write=write)
