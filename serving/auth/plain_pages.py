"""The forms to sign in and to change one's password, bare, until pages replace them."""

from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse

from serving.auth.errors import AuthError
from serving.auth.wording import words_of

_PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{title} – Vigie</title></head>
<body><main><h1>{title}</h1>{error}{body}</main></body></html>"""
_FIELD = '<p><label for="{id}">{label}</label> <input id="{id}" name="{id}" type="{kind}"'
_FIELD += ' autocomplete="{complete}" required></p>'


def render_sign_in(request: Request, error: AuthError | None) -> HTMLResponse:
    """The sign-in form; it repeats `request.state.csrf_token` and `request.state.suite`."""
    fields = (
        f'<input type="hidden" name="suite" value="{escape(request.state.suite)}">',
        _field("email", "Adresse électronique", "email", "username"),
        _field("password", "Mot de passe", "password", "current-password"),
    )
    body = _form("/connexion", request, fields, "Se connecter")
    settings = request.app.state.house.settings
    if settings.oidc_issuer:
        label = escape(settings.oidc_label)
        body += f'<p><a href="/oidc/connexion">Se connecter avec {label}</a></p>'
    return _page("Connexion", body, error)


def render_password_change(request: Request, error: AuthError | None) -> HTMLResponse:
    """The form to choose another password."""
    fields = (
        _field("current_password", "Mot de passe actuel", "password", "current-password"),
        _field("new_password", "Nouveau mot de passe", "password", "new-password"),
    )
    body = _form("/mot-de-passe", request, fields, "Changer de mot de passe")
    return _page("Choisir un mot de passe", body, error)


def _form(action: str, request: Request, fields: tuple[str, ...], label: str) -> str:
    token = escape(request.state.csrf_token)
    hidden = f'<input type="hidden" name="csrf_token" value="{token}">'
    return (
        f'<form method="post" action="{action}">{hidden}{"".join(fields)}'
        f'<button type="submit">{label}</button></form>'
    )


def _field(name: str, label: str, kind: str, complete: str) -> str:
    return _FIELD.format(id=name, label=label, kind=kind, complete=complete)


def _page(title: str, body: str, error: AuthError | None) -> HTMLResponse:
    told = "" if error is None else f'<p role="alert">{escape(words_of(error))}</p>'
    return HTMLResponse(_PAGE.format(title=title, body=body, error=told))
