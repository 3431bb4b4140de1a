"""What the vocabulary of the ends of contracts makes of the words centres write."""

import pandas as pd
import pytest

from features.intake.formats.ground_labels import DSN_LABELS, OFFICIAL, NotAnEnd, plain
from features.intake.formats.ground_words import CAUSES, ENDINGS
from features.intake.formats.legal_grounds import read_causes
from features.records.codes import CAUSE, END, INITIATOR
from features.records.form_codes import MOTIVE

EXAMPLES = """
démission | rupture | young_person | 037 |
DÉMISSION ! | rupture | young_person | 037 |
résiliation | rupture | | |
Résiliation d'un commun accord | rupture | mutual | 084 |
rupture à l'amiable | rupture | mutual | 084 |
force majeure | rupture | external | 083 |
obtention du diplôme | early_success | young_person | |
CAP obtenu en juin | early_success | young_person | |
a obtenu son diplôme | early_success | young_person | |
non obtention du diplôme | rupture | | | training
obtention d'un CDI | rupture | | | other_job
faute lourde | rupture | employer | 096 |
faute grave de l'apprenti | rupture | employer | 095 |
faute grave de l'employeur | rupture | young_person | | tutor_conflict
harcèlement de la part du tuteur | rupture | | | tutor_conflict
inaptitude constatée par la médecine du travail | rupture | external | 033 | health
fin d'essai à l'initiative de l'employeur | rupture | employer | 034 |
rupture pendant l'essai par l'apprenti | rupture | young_person | 035 |
licenciement économique | rupture | employer | 014 | employer_difficulty
liquidation judiciaire | rupture | external | 011 | employer_difficulty
rupture à l'initiative de l'employeur | rupture | employer | 036 |
L'employeur ne souhaite plus continuer | rupture | employer | 036 |
L'apprenti ne veut plus poursuivre | rupture | young_person | 037 |
poursuite en CDI | converted | | | other_job
embauche en CDI dans l'entreprise | converted | | | other_job
démission pour un CDI | rupture | young_person | 037 | other_job
Démission : CDI dans une autre entreprise | rupture | young_person | 037 | other_job
fin de contrat | completed | | 031 |
arrivé à son terme | completed | | 031 |
rupture avant la fin du contrat | rupture | | |
jamais venu | not_started | | |
ne s'est pas présenté | not_started | | |
Contrat annulé | not_started | | |
Abandon, mésentente, transport | rupture | young_person | 037 | tutor_conflict mobility
sans nouvelles de l'apprenti | rupture | young_person | 037 | attendance
problème de logement | rupture | | | housing
pas de problème de logement, démission | rupture | young_person | 037 |
démission sans problème avec le tuteur | rupture | young_person | 037 |
aucun souci de santé ni de transport : réorientation | rupture | | | orientation
pas d'accord avec le maître d'apprentissage | rupture | | | tutor_conflict
salaires non payés | rupture | | | pay
missions sans lien avec la formation | rupture | | | task_content
décès du père | rupture | | | family
décès de sa grand-mère | rupture | | | family
maladie d'un proche | rupture | | | family
décès de l'apprenti | rupture | external | 066 |
décès | rupture | external | 066 |
décès de l'employeur | rupture | external | 065 |
démission du tuteur | rupture | external | | employer_difficulty
départ en retraite du patron | rupture | external | | employer_difficulty
absences du maître d'apprentissage | rupture | external | | employer_difficulty
absence de permis | rupture | | | mobility
absences injustifiées | rupture | | | attendance
l'apparente raison | rupture | | |
xyz | rupture | | |
"""
GOES_ON = """
Avenant | amendment
avenant n° 2 : prolongation | amendment
Rupture technique (avenant) | amendment
prolongation après échec à l'examen | amendment
Changement de SIRET de l'employeur | transfer
changement de siret de l'employeur (transfert L1224-1) | transfer
Transfert du contrat (L. 1224-1 du code du travail) | transfer
rachat de la société | transfer
fusion absorption | transfer
cession du fonds de commerce | transfer
changement d'établissement | transfer
changement de CFA | transfer
suspension du contrat | suspension
contrat suspendu, congé parental | suspension
congé maternité | suspension
rupture annulée | cancelled
Annulation de la rupture | cancelled
rupture finalement annulée d'un commun accord | cancelled
erreur de saisie | cancelled
pas de rupture | cancelled
le contrat se poursuit | cancelled
"""
ENDS_ALL_THE_SAME = [
    "démission suite au transfert",
    "licenciement après rachat",
    "refus de l'avenant par l'apprenti",
    "avenant de rupture",
    "liquidation, reprise de l'entreprise",
    "cessation d'activité",
    "démission et suspension du permis",
]


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


@pytest.mark.parametrize(("text", "how", "initiator", "ground", "causes"), table(EXAMPLES))
def test_words_are_read_as(text: str, how: str, initiator: str, ground: str, causes: str) -> None:
    row = read_causes(pd.Series([text], dtype="str")).fillna("").iloc[0]
    assert [row["how"], row["initiator"], row["motive"]] == [how, initiator, ground]
    assert " ".join(row[["cause_1", "cause_2", "cause_3"]]).strip() == causes
    assert row["not_an_end"] == ""


@pytest.mark.parametrize(("text", "kind"), table(GOES_ON))
def test_what_is_no_end_is_reported(text: str, kind: str) -> None:
    assert read_causes(pd.Series([text], dtype="str"))["not_an_end"].tolist() == [kind]


@pytest.mark.parametrize("text", ENDS_ALL_THE_SAME)
def test_an_end_outweighs_the_amendment_or_the_transfer_beside_it(text: str) -> None:
    row = read_causes(pd.Series([text], dtype="str")).iloc[0]
    assert pd.isna(row["not_an_end"])
    assert row["how"] == "rupture"


@pytest.mark.parametrize(("label", "code"), list(DSN_LABELS.items()))
def test_a_label_of_the_dsn_gives_its_own_ground(label: str, code: str) -> None:
    """Whatever words it holds: « rupture force majeure » in the label of 066 is no 083."""
    texts = pd.Series([label, label.upper(), label.replace("'", "’"), f"{code} - {label}"])
    assert set(read_causes(texts.astype("str"))["motive"]) == {code}


def test_a_code_alone_gives_its_ground() -> None:
    texts = pd.Series(["084", "84", "motif 084", "999"], dtype="str")
    assert read_causes(texts)["motive"].fillna("").tolist() == ["084", "084", "084", ""]


def test_only_a_text_without_any_known_word_is_unmapped() -> None:
    texts = pd.Series(["démission", "xyz", None, "tuteur", "résiliation", "avenant"], dtype="str")
    expected = [False, True, False, False, False, False]
    assert read_causes(texts)["unmapped"].tolist() == expected


def test_rows_keep_their_places_and_repeats_are_read_alike() -> None:
    texts = pd.Series(["démission", None, "démission"], index=[7, 3, 5], dtype="str")
    read = read_causes(texts)
    assert read.index.tolist() == [7, 3, 5]
    assert read["motive"].fillna("").tolist() == ["037", "", "037"]


def test_no_text_at_all_is_read_as_no_row() -> None:
    assert len(read_causes(pd.Series([], dtype="str"))) == 0


def test_every_word_leads_to_a_code_of_our_lists() -> None:
    endings = [ending for _, ending in ENDINGS] + list(OFFICIAL.values())
    assert set(CAUSES) <= set(CAUSE.codes)
    assert {e.how for e in endings} <= set(END.codes)
    assert {e.initiator for e in endings} - {None} <= set(INITIATOR.codes)
    assert {e.legal_ground for e in endings} - {None} <= set(MOTIVE.codes)
    assert {kind for _, kind in table(GOES_ON)} == set(NotAnEnd)


def test_accents_case_and_punctuation_are_aside() -> None:
    assert plain("  Mésentente, avec l’ŒUVRE… ") == "mesentente avec l oeuvre"
