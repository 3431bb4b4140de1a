"""Free text on why a contract ended -> how it ended, who ended it, the legal motive, the causes.

The CFA format has no list for `cause_rupture_contrat`, so this vocabulary is ours: accents, case
and punctuation aside, the first ending found in the text gives how, initiator and motive, and the
first three causes found are kept. It reads words, not sentences: « pas de problème de logement »
is read as housing. What it does not know stays missing and is counted, never quoted. Motives are
those of the DSN (S21.G00.62); the « démission » of an apprentice is 037, an early end by the
employee.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Ending:
    """What words like these say of the end; None where they do not say."""

    words: str
    how: str = "rupture"
    initiator: str | None = None
    motive: str | None = None


_YOUNG, _EMPLOYER = r"(apprentie?|salariee?|jeune)\b", r"(employeur|entreprise|patron)"

# In order: the first that matches is taken, so the precise comes before the general.
ENDINGS = (
    Ending(r"(non|sans|pas d) obtention"),
    Ending(r"obtention|diplome obtenu|reussite", "early_success", "young_person"),
    Ending(r"jamais (commence|venu|demarre)|non demarrage|annulation|annule", "not_started"),
    Ending(r"(poursui|transform|conver)\w* en cdi", "converted"),
    Ending(r"^fin (normale )?(du |de |de son )?(contrat|cdd)$", "completed", None, "031"),
    Ending(r"^(contrat )?(arrive )?a? ?(son )?terme$", "completed", None, "031"),
    Ending(rf"essai.*{_EMPLOYER}|{_EMPLOYER}.*essai", initiator="employer", motive="034"),
    Ending(rf"essai.*{_YOUNG}|{_YOUNG}.*essai", initiator="young_person", motive="035"),
    Ending(r"(un |d un )?commun accord|accord (mutuel|des)", initiator="mutual", motive="084"),
    Ending(r"amiable|(deux|2) parties", initiator="mutual", motive="084"),
    Ending(r"(rupture )?conventionnelle", initiator="mutual", motive="043"),
    Ending(r"liquidation|redressement|faillite", initiator="external", motive="011"),
    Ending(r"judiciaire|prud ?hom", motive="082"),
    Ending(r"fermeture|cessation d activite", initiator="external", motive="012"),
    Ending(r"(licencie\w* )?(motif )?economique", initiator="employer", motive="014"),
    Ending(r"faute lourde", initiator="employer", motive="096"),
    Ending(r"faute grave", initiator="employer", motive="095"),
    Ending(r"inapt", initiator="external", motive="033"),
    Ending(r"force majeure", initiator="external", motive="083"),
    Ending(r"deces (de l |du )(employeur|maitre|patron)", initiator="external", motive="065"),
    Ending(r"deces", initiator="external", motive="066"),
    Ending(r"licenci", initiator="employer", motive="020"),
    Ending(r"exclusion|exclu", initiator="external"),
    Ending(r"prise d acte", initiator="young_person", motive="058"),
    Ending(r"demission|abandon", initiator="young_person", motive="037"),
    Ending(rf"((par|de) l|par le|du) {_YOUNG}", initiator="young_person", motive="037"),
    Ending(rf"(par|de) l {_EMPLOYER}|initiative {_EMPLOYER}", initiator="employer", motive="036"),
    Ending(r"essai|resiliation|rupture"),
)  # fmt: skip

CAUSES = {
    "tutor_conflict": r"tuteur|maitre d apprentissage|mesentente|conflit|relation|harcel|violence",
    "working_conditions": r"conditions? de travail|horaire|penib|heures supplementaires",
    "task_content": r"missions? (confiee|inadapt|sans|hors)|taches|sans lien|inadequation",
    "pay": r"salaires?\b|remuneration|non paye|impaye",
    "orientation": r"reorientation|erreur d orientation|ne (lui )?(plait|convient) pas"
    r"|changement de (metier|voie|projet|orientation)",
    "training_centre": r"defaillance (du cfa|de l organisme)|fermeture du cfa",
    "training": r"niveau (scolaire|insuffisant)|difficultes? scolaires?|echec",
    "skills": r"insuffisance|incompeten|manque de competence",
    "attendance": r"absen(ce|t)|retard|assiduite",
    "mobility": r"transport|mobilite|trajet|eloignement|trop loin|deplacement|permis",
    "housing": r"logement|heberg|demenag",
    "health": r"sante|maladie|inapt|medecin|medical|accident",
    "money": r"financier|financiere|argent|dettes?\b",
    "family": r"famil|enfant|parents?\b",
    "other_job": r"autre (emploi|employeur|contrat|poste|entreprise)|embauche|cdi\b",
    "employer_difficulty": r"economique|liquidation|redressement|faillite"
    r"|fermeture (de l |d )(entreprise|etablissement)|cessation d activite",
    "other": r"(raisons?|motifs?|problemes?) personnel|convenance",
}

_READ = ["how", "initiator", "motive"]
_PLACES = ("cause_1", "cause_2", "cause_3")


def read_causes(texts: pd.Series) -> pd.DataFrame:
    """Read free texts into columns how, initiator, motive, cause_1 to cause_3 and `unmapped`.

    `unmapped` is true where there is a text and no word of it is known. Without any known ending
    `how` is "rupture": the format has the text for contracts that were broken only.
    """
    codes, distinct = pd.factorize(texts)
    read = _read_distinct(pd.Series(distinct, dtype="str").map(plain))
    rows = read.reindex(codes).set_axis(texts.index, axis="index")
    unmapped = rows["unmapped"].astype("boolean").fillna(value=False)
    return rows.assign(how=rows["how"].fillna("rupture"), unmapped=unmapped.astype("bool"))


def plain(text: str) -> str:
    """Lower the case, take accents and punctuation off: "Démission !" becomes "demission"."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[\u0300-\u036f]", "", letters)).strip()


def _read_distinct(texts: pd.Series) -> pd.DataFrame:
    endings = np.array([_found(texts, ending.words) for ending in ENDINGS])
    causes = np.array([_found(texts, words) for words in CAUSES.values()])
    rank = np.where(causes, causes.cumsum(axis=0), 0)
    said = pd.DataFrame([[e.how, e.initiator, e.motive] for e in ENDINGS], columns=_READ)
    rows = said.reindex(_first(endings)).reset_index(drop=True)
    for place, name in enumerate(_PLACES, start=1):
        rows[name] = pd.Series(list(CAUSES)).reindex(_first(rank == place)).array
    known = _first(np.vstack([endings, causes])) >= 0
    return rows.astype("str").assign(unmapped=~known)


def _first(
    found: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]",
) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Find the first true row of each column; -1 where there is none."""
    return np.where(found.any(axis=0), found.argmax(axis=0), -1)


def _found(texts: pd.Series, words: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    pattern = rf"\b({words})".replace("(", "(?:")  # groups that are not captured
    return texts.str.contains(pattern, regex=True).to_numpy(dtype=bool)
