"""What every page route shares: who asks, the session that it reads in, its words and its frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from serving.actors import LANGUAGES, Actor, Language, Role, language_of_code
from serving.auth import rights, sessions
from serving.auth.credentials import Credentials
from serving.auth.dependencies import TheCredentials
from serving.auth.sessions import Account, Session
from serving.context import AppContext, ReadSession
from serving.pages.shared.addresses import HOME, SIGN_IN
from serving.pages.shared.rendering import THEMES, Frame
from serving.wording import Wording, wording

LANGUAGE_COOKIE, THEME_COOKIE = "vigie-langue", "vigie-apparence"


@dataclass(frozen=True)
class PageReader:
    """Somebody who is signed in and asks for a page, and the session that it is read in."""

    request: Request
    session: Session
    reads: ReadSession

    @property
    def context(self) -> AppContext:
        """The service."""
        return self.reads.context

    @property
    def actor(self) -> Actor:
        """Who asks, as operations and the audit know them."""
        return self.reads.actor

    @property
    def account(self) -> Account:
        """The account that is signed in."""
        return self.session.account

    @property
    def language(self) -> Language:
        """The language that was chosen in this browser, or else that of the account."""
        return language_of(self.request, usual=self.account.language)

    @property
    def t(self) -> Wording:
        """The words of the page."""
        return wording(self.language)

    def frame(self, *, place: str = "", **more: Any) -> Frame:
        """Return the frame of the page; asked for while the session is open."""
        suspension = self.reads.suspension
        return Frame(
            language=self.language,
            theme=_theme(self.request),
            here=_here(self.request),
            place=place,
            person=self.account.display_name,
            role=self.account.role,
            csrf_token=self.session.csrf_token,
            suspended=None if suspension is None else suspension.why,
            **more,
        )


@dataclass(frozen=True)
class PageRequest:
    """A request for a page, before it is known who makes it."""

    given: Credentials

    @property
    def context(self) -> AppContext:
        """The service."""
        return self.given.context

    @contextmanager
    def reading(self, *roles: Role) -> Iterator[PageReader]:
        """Find out who asks, and let the page be read in the same transaction.

        Raises as `Credentials.session`, and ForbiddenError to who has none of the roles.
        """
        request = self.given.request
        with self.context.store.reading() as connection:
            session = self.given.session(connection)
            actor = sessions.actor_of(session.account)
            request.state.actor = actor.name  # for the request log
            rights.require(actor, roles=roles or tuple(Role))
            yield PageReader(request, session, ReadSession(self.context, connection, actor))


async def _page_request(given: TheCredentials) -> PageRequest:
    return PageRequest(given)


ThePage = Annotated[PageRequest, Depends(_page_request)]


def bare_frame(request: Request, *, csrf_token: str = "") -> Frame:
    """Return the frame of a page for somebody who is not signed in, or when nobody can be known."""
    language, here = language_of(request, usual=LANGUAGES[0]), _here(request)
    return Frame(language=language, theme=_theme(request), here=here, csrf_token=csrf_token)


def language_of(request: Request, *, usual: str) -> Language:
    """Return the language that was chosen in this browser, or else the usual one."""
    return language_of_code(request.cookies.get(LANGUAGE_COOKIE, usual))


def _here(request: Request) -> str:
    """Return where to come back to.

    The address of the page, filters included, or home after a form.
    """
    if request.method != "GET":
        return SIGN_IN if request.url.path == SIGN_IN else HOME
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _theme(request: Request) -> str:
    chosen = request.cookies.get(THEME_COOKIE, THEMES[0])
    return chosen if chosen in THEMES else THEMES[0]
