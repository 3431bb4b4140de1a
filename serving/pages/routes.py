"""The advisors' site, put into an application."""

from fastapi import FastAPI

from serving.pages.account import home
from serving.pages.account import routes as account
from serving.pages.admin import routes as admin
from serving.pages.case import routes as case
from serving.pages.model import routes as model
from serving.pages.programme import routes as programme
from serving.pages.records import routes as records
from serving.pages.shared.rendering import STATIC
from serving.pages.shared.responses import render_error
from serving.pages.team import routes as team
from serving.pages.worklist import routes as worklist

# An address with more after the id goes before the one that ends with it.
ROUTERS = (
    account.router,
    home.router,
    worklist.router,
    team.router,
    model.router,
    programme.router,
    admin.router,
    case.explained,
    records.router,
    case.router,
)


def add_pages(app: FastAPI) -> None:
    """Add every page, the static files, and the forms to sign in and change one's password."""
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", home.Assets(directory=STATIC), name="static")
    app.state.render_error = render_error
