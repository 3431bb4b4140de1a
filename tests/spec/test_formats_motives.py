"""What the vocabulary of rupture causes makes of the words centres write."""

import pandas as pd
import pytest

from features.intake.formats.motives import CAUSES, ENDINGS, plain, read_causes
from features.records.codes import CAUSE, END, INITIATOR
from features.records.form_codes import MOTIVE

SAID = """
démission | rupture | young_person | 037 |
DÉMISSION ! | rupture | young_person | 037 |
résiliation | rupture | | |
Résiliation d'un commun accord | rupture | mutual | 084 |
rupture à l'amiable | rupture | mutual | 084 |
force majeure | rupture | external | 083 |
obtention du diplôme | early_success | young_person | |
non obtention du diplôme | rupture | | |
faute lourde | rupture | employer | 096 |
faute grave de l'apprenti | rupture | employer | 095 |
inaptitude constatée par la médecine du travail | rupture | external | 033 | health
fin d'essai à l'initiative de l'employeur | rupture | employer | 034 |
rupture pendant l'essai par l'apprenti | rupture | young_person | 035 |
licenciement économique | rupture | employer | 014 | employer_difficulty
liquidation judiciaire | rupture | external | 011 | employer_difficulty
rupture à l'initiative de l'employeur | rupture | employer | 036 |
poursuite en CDI | converted | | | other_job
fin de contrat | completed | | 031 |
rupture avant la fin du contrat | rupture | | |
jamais venu | not_started | | |
Abandon, mésentente, transport | rupture | young_person | 037 | tutor_conflict mobility
problème de logement | rupture | | | housing
l'apparente raison | rupture | | |
xyz | rupture | | |
"""


def cases() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in SAID.strip().splitlines()]


@pytest.mark.parametrize(("text", "how", "initiator", "motive", "causes"), cases())
def test_words_are_read_as(text: str, how: str, initiator: str, motive: str, causes: str) -> None:
    row = read_causes(pd.Series([text], dtype="str")).fillna("").iloc[0]
    assert [row["how"], row["initiator"], row["motive"]] == [how, initiator, motive]
    assert " ".join(row[["cause_1", "cause_2", "cause_3"]]).strip() == causes


def test_only_a_text_without_any_known_word_is_unmapped() -> None:
    texts = pd.Series(["démission", "xyz", None, "tuteur", "résiliation"], dtype="str")
    assert read_causes(texts)["unmapped"].tolist() == [False, True, False, False, False]


def test_rows_keep_their_places_and_repeats_are_read_alike() -> None:
    texts = pd.Series(["démission", None, "démission"], index=[7, 3, 5], dtype="str")
    read = read_causes(texts)
    assert read.index.tolist() == [7, 3, 5]
    assert read["motive"].fillna("").tolist() == ["037", "", "037"]


def test_no_text_at_all_is_read_as_no_row() -> None:
    assert len(read_causes(pd.Series([], dtype="str"))) == 0


def test_every_word_leads_to_a_code_of_our_lists() -> None:
    assert set(CAUSES) <= set(CAUSE.codes)
    assert {e.how for e in ENDINGS} <= set(END.codes)
    assert {e.initiator for e in ENDINGS} - {None} <= set(INITIATOR.codes)
    assert {e.motive for e in ENDINGS} - {None} <= set(MOTIVE.codes)


def test_accents_case_and_punctuation_are_aside() -> None:
    assert plain("  Mésentente, avec l’ŒUVRE… ") == "mesentente avec l oeuvre"
