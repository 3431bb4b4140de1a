"""The advisors' site, put into an application."""

from fastapi import FastAPI

from serving.pages import (
    routes_admin,
    routes_case,
    routes_doors,
    routes_places,
    routes_records,
    routes_worklist,
)
from serving.pages.rendering import STATIC
from serving.pages.routes_doors import Assets, render_password_change, render_sign_in
from serving.pages.site import render_error

# An address with more after the id goes before the one that ends with it.
ROUTERS = (
    routes_doors.router,
    routes_worklist.router,
    routes_places.router,
    routes_admin.router,
    routes_case.explained,
    routes_records.router,
    routes_case.router,
)


def add_pages(app: FastAPI) -> None:
    """Add every page, the static files, and the forms to sign in and change one's password."""
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Assets(directory=STATIC), name="static")
    app.state.render_error = render_error
    app.state.render_sign_in = render_sign_in
    app.state.render_password_change = render_password_change
