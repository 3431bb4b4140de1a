"""Suivis après le contrat: the persons to ask, and a form for what they answered."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from features.common.errors import ConflictError, InputError
from serving.actors import FOLLOWERS
from serving.operations.follow_ups import Answer, keep_follow_up
from serving.pages.programme.view import follow_ups_view
from serving.pages.shared.addresses import FOLLOW_UPS
from serving.pages.shared.requests import PageRequest, ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.queries.programme import due_follow_ups

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Text = Annotated[str, Form(max_length=100)]
FLAGS = {"1": True, "0": False}


@router.get(FOLLOW_UPS)
def show(asked: ThePage) -> Response:
    """The persons to ask, the longest due first."""
    return _respond(asked)


@router.post(FOLLOW_UPS)
def record(  # one parameter per field of the form
    asked: ThePage,
    person_id: Text = "",
    moment: Text = "",
    asked_on: Text = "",
    answer: Text = "",
    situation: Text = "",
    job_kind: Text = "",
    job_related: Text = "",
) -> Response:
    """Keep an answer, or that nobody was reached, and go back to the list."""
    with asked.reading(*FOLLOWERS) as reader:
        actor = reader.actor
    try:
        reply = Answer(
            person_id,
            moment,
            date.fromisoformat(asked_on),
            answer,
            situation or None,
            job_kind or None,
            FLAGS.get(job_related),
        )
        keep_follow_up(asked.context, actor=actor, reply=reply)
    except (InputError, ConflictError, ValueError):
        return _respond(asked, refused=True)
    return RedirectResponse(FOLLOW_UPS, status_code=303)


def _respond(asked: PageRequest, *, refused: bool = False) -> Response:
    today = asked.context.today
    with asked.reading(*FOLLOWERS) as reader:
        due, frame, t = due_follow_ups(reader.reads, on=today), reader.frame(), reader.t
    words = t("follow_up.refused") if refused else None
    view = follow_ups_view(due, today=today, t=t, refused=words)
    return page("follow_ups.html", frame, status_code=422 if refused else 200, view=view)
