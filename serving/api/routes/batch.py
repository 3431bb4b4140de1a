"""Scoring many cases: NDJSON in, NDJSON out, some lines at a time.

The whole batch is read first (to disk above a mebibyte): a caller that only reads once it has sent
everything would otherwise wait for us while we wait for it.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from features.common.errors import VigieError
from serving.api import examples
from serving.api import problem_texts as wording
from serving.api.assessment_counts import count_assessment
from serving.api.cases import rows_of
from serving.api.dependencies import TheContext, check_media_type, context_of, validated
from serving.api.documented import NDJSON, documented
from serving.api.handlers import problem_for
from serving.api.middlewares.request_log import log_unexpected
from serving.api.parameters import MayScore
from serving.api.preferences import language_of
from serving.api.problems import ProblemError, document
from serving.api.request_models import ID_PATTERN, BatchLine
from serving.api.responses import IN_LANGUAGE, score_of
from serving.context import AppContext
from serving.scoring.micro_batching import Result, Score, score_cases
from serving.scoring.submitted import SubmittedCase

router = APIRouter(prefix="/v1", tags=["Évaluer"])
IN_MEMORY = 2**20
# Lines of one pass: twice as many are a few percent faster, for twice the memory.
MOST_AT_ONCE = 100
# The id of a line that cannot be read as a whole, so that its problem can still be matched.
LOOKS_LIKE_ID = re.compile(rb'"id"\s*:\s*"([^"\\]{1,64})"')

Spool = SpooledTemporaryFile[bytes]


async def spooled(request: Request) -> AsyncIterator[Spool]:
    """The body as a file, closed once the answer is sent.

    Raises ProblemError: 415, or 413 for more lines than the limit.
    """
    check_media_type(request.headers, NDJSON, "application/jsonl")
    limit = context_of(request).settings.batch_limit
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        lines = 0
        async for chunk in request.stream():
            lines += chunk.count(b"\n")
            if lines > limit:
                raise ProblemError(wording.TOO_LARGE)
            spool.write(chunk)
        spool.seek(0)
        yield spool


@router.post(
    "/score/batch",
    **documented(
        "Évaluer un lot de dossiers",
        "Une ligne NDJSON par dossier, avec son identifiant `id` ; une ligne de réponse par ligne "
        "envoyée, dans le même ordre : l'évaluation, ou le problème de cette ligne. Les bonnes "
        "lignes sont évaluées même quand d'autres ne le peuvent pas. Rien n'est gardé.",
        responses={200: ("Une réponse par ligne.", None)},
        problems=(wording.UNSUPPORTED_MEDIA_TYPE,),
        body=BatchLine,
        media_type=NDJSON,
        examples={"ligne": {"id": "L-1", **examples.CASE}},
    ),
)
def score_batch(
    request: Request,
    context: TheContext,
    actor: MayScore,
    spool: Annotated[Spool, Depends(spooled)],
) -> StreamingResponse:
    """Score the lines of a batch as they are read back."""
    cases = sum(1 for line in spool if line.strip())
    spool.seek(0)
    score = score_cases(context, actor=actor, cases=cases)
    responses = _response_lines(request, context, spool, score)
    return StreamingResponse(
        responses, media_type=NDJSON, headers=IN_LANGUAGE[language_of(request.scope)]
    )


def _response_lines(
    request: Request, context: AppContext, spool: Spool, score: Score
) -> Iterator[bytes]:
    for texts in _passes(_lines(spool, context.settings.body_limit)):
        lines = [_read(context, number, text) for number, text in texts]
        results = iter(score([line.case for line in lines if isinstance(line.case, SubmittedCase)]))
        rendered = []
        for line in lines:
            if isinstance(line.case, SubmittedCase):
                result = _scored(request, context, line.case, next(results))
            else:
                result = _refused(request, line.case)
            rendered.append(to_json({"id": line.id, "line": line.number, **result}) + b"\n")
        yield b"".join(rendered)


def _lines(spool: Spool, longest: int) -> Iterator[bytes]:
    """The lines; one that is too long is given cut, to be refused, and its rest is passed."""
    while line := spool.readline(longest + 1):
        rest = line
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = spool.readline(longest + 1)
        yield line


def _passes(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """The lines that are not blank by their number, as many as are scored at once."""
    taken: list[tuple[int, bytes]] = []
    size = 0
    for number, text in enumerate(lines, start=1):
        if text.strip():
            taken.append((number, text))
            size += len(text)
        if len(taken) == MOST_AT_ONCE or size > IN_MEMORY:
            yield taken
            taken, size = [], 0
    if taken:
        yield taken


@dataclass(frozen=True)
class _Line:
    """A line that was read: its case, or why it is none."""

    number: int
    id: str | None
    case: SubmittedCase | Exception


def _read(context: AppContext, number: int, text: bytes) -> _Line:
    if len(text) > context.settings.body_limit:
        return _Line(number, _id_of(text), ProblemError(wording.TOO_LARGE))
    try:
        line = validated(BatchLine, text, context={"today": context.today})
        return _Line(number, line.id, rows_of(line, today=context.today))
    except (ProblemError, VigieError) as error:
        return _Line(number, _id_of(text), error)


def _id_of(text: bytes) -> str | None:
    found = LOOKS_LIKE_ID.search(text)
    line_id = found[1].decode(errors="replace") if found else ""
    return line_id if re.fullmatch(ID_PATTERN, line_id) else None


def _scored(
    request: Request, context: AppContext, case: SubmittedCase, result: Result | Exception
) -> dict[str, Any]:
    if isinstance(result, Exception):
        return _refused(request, result)
    count_assessment(request, result)
    days = context.settings.valid_days
    score = score_of(
        result,
        contract_id=case.contract_id,
        as_of=case.as_of,
        valid_days=days,
        language=language_of(request.scope),
    )
    return {"assessment": score}


def _refused(request: Request, error: Exception) -> dict[str, Any]:
    if not isinstance(error, ProblemError | VigieError):
        log_unexpected(request.scope, error)
    language = language_of(request.scope)
    return {"problem": document(problem_for(error), language=language, instance=None)}
