"""Why a case has no risk: a code in the store, a sentence in the reader's language."""

import pytest
from sqlalchemy import update

from features.common.errors import StoreError
from models.sufficiency import NotAssessed
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.records import keep_contract, keep_outcome
from serving.store import assessments, tables
from serving.store.old_sentences import SENTENCES, code_and_detail
from serving.wording.not_assessed import why_not_as_sent
from tests.lib.contexts import contract, outcome

GONE = "non évalué : plus transmis par le centre de formation depuis le 02/02/2026"
OLD = [(sentence, code, None) for sentence, code in SENTENCES.items()]
OLD.append((GONE, NotAssessed.NOT_TRANSMITTED, "2026-02-02"))


@pytest.fixture
def ended(context: AppContext) -> AppContext:
    keep_contract(context, actor=COMMAND, record=contract())
    keep_outcome(context, actor=COMMAND, record=outcome())
    return context


def _latest(context: AppContext) -> assessments.StoredAssessment:
    with context.store.reading() as connection:
        found = assessments.latest(connection, "C1")
    assert found is not None
    return found


def test_the_code_is_stored_and_no_sentence(ended: AppContext) -> None:
    with ended.store.reading() as connection:
        row = connection.execute(tables.assessments.select().order_by(tables.assessments.c.id))
        last = row.mappings().all()[-1]

    assert (last["why_not_code"], last["why_not"]) == ("ended", None)


@pytest.mark.parametrize(("sentence", "code", "detail"), OLD)
def test_a_row_stored_before_there_were_codes_is_read_and_sent_as_it_was(
    ended: AppContext, sentence: str, code: NotAssessed, detail: str | None
) -> None:
    with ended.store.writing() as connection:
        connection.execute(update(tables.assessments).values(why_not=sentence, why_not_code=None))

    read = _latest(ended)

    assert (read.why_not, read.why_not_detail) == (code, detail)
    assert why_not_as_sent(read.why_not, language="fr", detail=read.why_not_detail) == sentence


def test_a_sentence_that_no_version_has_written_is_refused() -> None:
    with pytest.raises(StoreError, match="why_not"):
        code_and_detail("non évalué : autre chose")


def test_a_suspension_is_rendered_with_its_reason() -> None:
    sentence = why_not_as_sent(NotAssessed.SUSPENDED, language="fr", detail="contrôle en cours")

    assert sentence == "évaluation suspendue : contrôle en cours"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "non évalué : plus transmis par le centre de formation depuis le 02/02/2026"),
        ("en", "not assessed: no longer sent by the training centre since 2 February 2026"),
    ],
)
def test_a_day_is_written_as_the_reader_writes_it(language: str, sentence: str) -> None:
    code, detail = NotAssessed.NOT_TRANSMITTED, "2026-02-02"

    assert why_not_as_sent(code, language=language, detail=detail) == sentence
