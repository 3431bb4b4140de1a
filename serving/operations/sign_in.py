"""Signing in and out. Each function is one or two transactions, each with one audit event.

An attempt is written before the password is looked at (see `serving.auth.throttle`), so a refused
sign-in leaves an `attempt_sign_in` in the audit that no `sign_in` follows.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from serving.actors import Actor
from serving.auth import passwords, sessions, throttle
from serving.auth.errors import NoAccountError, WeakPasswordError, WrongPasswordError
from serving.auth.oidc import Identity
from serving.auth.sessions import Tokens
from serving.auth.throttle import Attempt
from serving.context import AppContext, AuditedWrite
from serving.store import accounts
from serving.store import sessions as session_store
from serving.store.accounts import Account, AccountChanges
from serving.store.audit import Action
from serving.store.sessions import Session

VISITOR = Actor("visitor")  # who is not known yet, in the audit


@dataclass(frozen=True)
class SignedIn:
    """A person let in: the token of the cookie, and what their forms must repeat."""

    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    account: Account
    must_change_password: bool


def sign_in(
    context: AppContext, *, email: str, password: str, network: str, replacing: str | None = None
) -> SignedIn:
    """Let in a person with a local account, from a network address.

    `replacing` is the token of the session the browser already had: it ends, it is not taken over.
    Raises WrongPasswordError alike, and as slowly, for an unknown address, a wrong password and a
    disabled account; ThrottledError after too many failures.
    """
    attempt = _admit(context, email=email, network=network)
    with context.store.reading() as connection:
        account = accounts.find_by_email(connection, email)
    stored_hash = account.password_hash if account and account.disabled_at is None else None
    if not passwords.is_right(password, stored_hash) or account is None or stored_hash is None:
        raise WrongPasswordError("sign-in: expected an address and its password, got another pair")
    outdated = passwords.is_outdated(stored_hash)
    rehashed: AccountChanges = (
        {"password_hash": passwords.hash_password(password)} if outdated else {}
    )
    with context.audited(VISITOR, Action.SIGN_IN) as write:
        throttle.reset(write.connection, attempt, now=context.now())
        return _let_in(write, context, account, replacing=replacing, changes=rehashed)


def sign_in_with_provider(
    context: AppContext, *, identity: Identity, replacing: str | None = None
) -> SignedIn:
    """Let in a person the OpenID provider vouches for, if the programme has an account for them.

    The first time, the account is found by its address, which the provider must call verified, and
    is bound to the subject; later only the subject counts. Raises NoAccountError otherwise.
    """
    with context.audited(VISITOR, Action.SIGN_IN) as write:
        account = accounts.find_by_subject(write.connection, identity.subject)
        binding = account is None
        if account is None and identity.email and identity.email_verified:
            account = accounts.find_by_email(write.connection, identity.email)
            if account is not None and account.oidc_subject is not None:
                account = None  # bound to somebody else at the provider
        if account is None or account.disabled_at is not None:
            raise NoAccountError("sign-in: expected an account of the programme, got none")
        changes = _bound(account, identity) if binding else {}
        return _let_in(write, context, account, replacing=replacing, changes=changes, way="oidc")


def sign_out(context: AppContext, *, session: Session) -> None:
    """End this session."""
    with _by(context, session.account, Action.SIGN_OUT) as write:
        session_store.end(write.connection, session.token_hash)


def sign_out_everywhere(context: AppContext, *, session: Session) -> int:
    """End every session of the person and return how many there were."""
    with _by(context, session.account, Action.SIGN_OUT_EVERYWHERE) as write:
        ended = session_store.end_all(write.connection, session.account.id)
        write.details = {"sessions": ended}
    return ended


def change_password(
    context: AppContext, *, session: Session, current_password: str, new_password: str, network: str
) -> SignedIn:
    """Change one's password: every session ends, this one goes on under another token.

    Raises WeakPasswordError, WrongPasswordError for the current one, ThrottledError.
    """
    account = session.account
    passwords.check_new(new_password, email=account.email)
    attempt = _admit(context, email=account.email, network=network)
    if not passwords.is_right(current_password, account.password_hash):
        raise WrongPasswordError("password: expected the current one, got another")
    if passwords.is_right(new_password, account.password_hash):
        raise WeakPasswordError("password: expected another than the current one, got it again")
    hashed = passwords.hash_password(new_password)
    with _by(context, account, Action.CHANGE_PASSWORD) as write:
        throttle.reset(write.connection, attempt, now=context.now())
        accounts.change(
            write.connection, account.id, password_hash=hashed, must_change_password=False
        )
        write.details = {"sessions": session_store.end_all(write.connection, account.id)}
        tokens = _begin_session(write, context, account)
    return SignedIn(tokens.token, tokens.csrf_token, account, must_change_password=False)


def _admit(context: AppContext, *, email: str, network: str) -> Attempt:
    with context.audited(VISITOR, Action.ATTEMPT_SIGN_IN) as write:
        return throttle.record_attempt(
            write.connection,
            settings=context.settings,
            email=email,
            network=network,
            now=context.now(),
        )


def _let_in(
    write: AuditedWrite,
    context: AppContext,
    account: Account,
    *,
    replacing: str | None,
    changes: AccountChanges,
    way: str = "password",
) -> SignedIn:
    if changes:
        accounts.change(write.connection, account.id, **changes)
    if replacing:
        session_store.end(write.connection, sessions.hash_of(context.settings, replacing))
    tokens = _begin_session(write, context, account)
    write.actor = sessions.actor_of(account)
    write.subject = write.actor.name
    write.details = {"way": way, "bound": "oidc_subject" in changes}
    must_change = account.must_change_password and way == "password"
    return SignedIn(tokens.token, tokens.csrf_token, account, must_change)


def _bound(account: Account, identity: Identity) -> AccountChanges:
    """Return what a first sign-in changes.

    A one-time password that is left could only serve others.
    """
    changes: AccountChanges = {"oidc_subject": identity.subject}
    if account.must_change_password:
        changes |= {"password_hash": None, "must_change_password": False}
    return changes


def _begin_session(write: AuditedWrite, context: AppContext, account: Account) -> Tokens:
    return sessions.begin(
        write.connection, settings=context.settings, account=account, now=context.now()
    )


def _by(
    context: AppContext, account: Account, action: Action
) -> AbstractContextManager[AuditedWrite]:
    actor = sessions.actor_of(account)
    return context.audited(actor, action, subject=actor.name)
