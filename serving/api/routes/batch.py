"""Scoring many cases: NDJSON in, NDJSON out, a line at a time.

The whole batch is read first (to disk above a mebibyte): a caller that only reads once it has sent
everything would otherwise wait for us while we wait for it.
"""

import re
from collections.abc import AsyncIterator, Iterator
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from features.errors import VigieError
from serving import wording
from serving.api import examples
from serving.api.answers import FRENCH, score_of
from serving.api.cases import rows_of
from serving.api.documented import NDJSON, told
from serving.api.handlers import problem_for
from serving.api.language import language_of
from serving.api.parameters import MayScore
from serving.api.problems import ProblemError, document
from serving.api.request_models import ID_PATTERN, BatchLine
from serving.dependencies import TheHouse, check_media_type, house_of, validated
from serving.house import House
from serving.operations.scoring import Score, score_cases
from serving.wording import Language

router = APIRouter(prefix="/v1", tags=["Évaluer"])
IN_MEMORY = 2**20
# The id of a line that cannot be read as a whole, so that its problem can still be matched.
LOOKS_LIKE_ID = re.compile(rb'"id"\s*:\s*"([^"\\]{1,64})"')

Spool = SpooledTemporaryFile[bytes]


async def spooled(request: Request) -> AsyncIterator[Spool]:
    """The body as a file, closed once the answer is sent.

    Raises ProblemError: 415, or 413 for more lines than the limit.
    """
    check_media_type(request.headers, NDJSON, "application/jsonl")
    limit = house_of(request).settings.batch_limit
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
    **told(
        "Évaluer un lot de dossiers",
        "Une ligne NDJSON par dossier, avec son identifiant `id` ; une ligne de réponse par ligne "
        "envoyée, dans le même ordre : l'évaluation, ou le problème de cette ligne. Les bonnes "
        "lignes sont évaluées même quand d'autres ne le peuvent pas. Rien n'est gardé.",
        answers={200: ("Une réponse par ligne.", None)},
        problems=(wording.UNSUPPORTED_MEDIA_TYPE,),
        body=BatchLine,
        media_type=NDJSON,
        examples={"ligne": {"id": "L-1", **examples.CASE}},
    ),
)
def score_batch(
    request: Request,
    house: TheHouse,
    actor: MayScore,
    spool: Annotated[Spool, Depends(spooled)],
) -> StreamingResponse:
    """Score the lines of a batch as they are read back."""
    cases = sum(1 for line in spool if line.strip())
    spool.seek(0)
    score = score_cases(house, actor=actor, cases=cases)
    answers = _answers(house, spool, score, language_of(request.scope))
    return StreamingResponse(answers, media_type=NDJSON, headers=FRENCH)


def _answers(house: House, spool: Spool, score: Score, language: Language) -> Iterator[bytes]:
    for number, line in enumerate(_lines(spool, house.settings.body_limit), start=1):
        if line.strip():
            yield to_json(_answer(house, line, number, score, language)) + b"\n"


def _lines(spool: Spool, longest: int) -> Iterator[bytes]:
    """The lines; one that is too long is given cut, to be refused, and its rest is passed."""
    while line := spool.readline(longest + 1):
        rest = line
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = spool.readline(longest + 1)
        yield line


def _answer(
    house: House, line: bytes, number: int, score: Score, language: Language
) -> dict[str, Any]:
    try:
        case = _read(house, line)
        rows = rows_of(case, today=house.today)
        result = score(rows)
    except (ProblemError, VigieError) as error:
        problem = document(problem_for(error), language=language, instance=None)
        return {"id": _id_of(line), "line": number, "problem": problem}
    assessment = score_of(
        result,
        contract_id=rows.contract_id,
        as_of=rows.as_of,
        valid_days=house.settings.valid_days,
    )
    return {"id": case.id, "line": number, "assessment": assessment}


def _read(house: House, line: bytes) -> BatchLine:
    if len(line) > house.settings.body_limit:
        raise ProblemError(wording.TOO_LARGE)
    return validated(BatchLine, line, context={"today": house.today})


def _id_of(line: bytes) -> str | None:
    found = LOOKS_LIKE_ID.search(line)
    text = found[1].decode(errors="replace") if found else ""
    return text if re.fullmatch(ID_PATTERN, text) else None
