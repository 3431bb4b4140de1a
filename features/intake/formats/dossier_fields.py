"""The fields of a dossier V3 that we keep, and the lenient cleaning of each."""

import numpy as np
import pandas as pd

from features.intake.formats.cells import read_cells
from features.intake.formats.dossier_days import local_days, zones
from features.records.declarations import CONTRACT

PLACES = ("", "_2", "_3", "_4")  # the suffixes of the up to four contracts
BY_CONTRACT = {
    "contrat_date_debut": "started_on",
    "contrat_date_fin": "planned_end_on",
    "contrat_date_rupture": "ended_on",
    "cause_rupture_contrat": "cause",
    "siret_employeur": "employer_siret",
}
BY_DOSSIER = {
    "id_erp_apprenant": "learner",
    "etablissement_responsable_uai": "owner",
    "annee_scolaire": "school_year",
    "date_entree_formation": "entered_on",
    "date_fin_formation": "training_end_on",
    "date_exclusion_formation": "excluded_on",
    "statut_apprenant": "status",
    "date_metier_mise_a_jour_statut": "status_on",
    "obtention_diplome_formation": "diploma",
    "date_obtention_diplome_formation": "diploma_on",
    "formation_rncp": "training_rncp",
    "formation_cfd": "level_prepared",
    "etablissement_formateur_uai": "training_centre_uai",
    "etablissement_formateur_siret": "training_centre_siret",
    "etablissement_lieu_de_formation_code_postal": "place_postcode",
    "date_de_naissance_apprenant": "born_on",
    "code_postal_apprenant": "home_postcode",
    "derniere_situation": "situation_10103",
    "sexe_apprenant": "sex",
    "rqth_apprenant": "rqth",
}
NAMES = {"nom_apprenant": "last_name", "prenom_apprenant": "first_name"}  # for a keyed hash only
FIELDS = frozenset(
    [*BY_DOSSIER, *NAMES, *(field + place for place in PLACES for field in BY_CONTRACT)]
)
# A file of the national template or of dossiers has these; no other file we take has any.
MARKS = frozenset({"id_erp_apprenant", "contrat_date_debut", "etablissement_responsable_uai"})
DATES = (
    *("started_on", "planned_end_on", "ended_on", "training_end_on", "born_on"),
    *("entered_on", "excluded_on", "status_on", "diploma_on"),
)
UAIS = ("owner", "training_centre_uai")
NOISE = frozenset(
    {"nc", "n/c", "n.c", "n.c.", "nr", "n/r", "na", "n/a", "n.a.", "#n/a", "#na", "#null!"}
    | {"null", "none", "nan", "nil", "nul", "undefined", "vide", "néant", "neant", "sans objet"}
    | {"aucun", "aucune", "inconnu", "inconnue", "non communiqué", "non renseigné", "non connu"}
    | {"-", "--", "---", "_", ".", "..", "...", "/", "?"}
)
SEX = {"M": "M", "H": "M", "1": "M", "HOMME": "M", "MASCULIN": "M"}
SEX |= {"F": "F", "2": "F", "FEMME": "F", "FEMININ": "F", "FÉMININ": "F"}
# First figure of the diploma's code (CFD), the French level of 1969 -> the European level.
LEVEL = {"5": "3", "4": "4", "3": "5", "2": "6", "1": "7"}
# SIFA's situation of the year before -> CERFA 10103; what has no sure equivalent becomes missing.
SITUATION = {
    r"[12]0[0-9]{2}|30[0-9]{2}": "1",
    r"40[0-9]{2}": "3",
    r"[34]1[0-9]{2}": "4",
    "5901": "5",
    "5903": "10",
    "5907": "11",
    "5909": "9",
}
WITHOUT_EQUIVALENT = r"5905|9900|9999"
LONGEST = np.timedelta64(6 * 366, "D")  # no apprenticeship lasts so long: an end that means "none"
OPEN_ENDED = r"(?i)(cdi|ind[ée]termin[ée]e?|sans|sans (fin|terme|objet)|permanente?)"


def clean(rows: pd.DataFrame) -> pd.DataFrame:
    """Write each field as our declarations expect it; what cannot be is left for the parsing."""
    rows = rows.apply(_without_noise)
    zone = zones(rows["training_centre_uai"], rows["owner"], rows["place_postcode"])
    cleaned = {
        **{name: canonical_days(local_days(rows[name], zone)) for name in DATES},
        **{name: rows[name].str.upper() for name in UAIS},
        "school_year": _school_year(rows["school_year"]),
        "training_rncp": _rncp(rows["training_rncp"]),
        "level_prepared": _level(rows["level_prepared"]),
        "employer_siret": rows["employer_siret"].str.replace(r"[\s.-]+", "", regex=True),
        "training_centre_siret": rows["training_centre_siret"].str.replace(
            r"[\s.-]+", "", regex=True
        ),
        "home_postcode": rows["home_postcode"].str.zfill(5),
        "sex": rows["sex"].str.upper().replace(SEX),
    }
    rows = rows.assign(**cleaned)
    return rows.assign(situation_10103=_situation(rows))


def canonical_days(days: pd.Series) -> pd.Series:
    """Write every date that our columns read as YYYY-MM-DD; other texts stay as they came."""
    read = read_cells(CONTRACT["started_on"], days).content.set_axis(days.index)
    written: pd.Series = read.dt.strftime("%Y-%m-%d").astype("str").fillna(days)
    return written


def as_day(texts: pd.Series) -> pd.Series:
    """Return canonical days as dates, NaT for what is none."""
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")


def with_training_end(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Plan a contract without an end until the end of its training; returns how many were."""
    start, planned = as_day(rows["started_on"]), as_day(rows["planned_end_on"])
    trained = as_day(rows["training_end_on"])
    open_ended = rows["planned_end_on"].str.fullmatch(OPEN_ENDED, na=False)
    without = rows["planned_end_on"].isna() | open_ended | (planned - start > LONGEST)
    taken = without & (trained > start)
    form = pd.Series(None, index=rows.index, dtype="str").mask(
        open_ended & ~rows["planned_end_on"].str.lower().str.startswith("sans", na=False),
        "permanent",
    )
    planned_end: pd.Series = (
        rows["planned_end_on"].mask(without).mask(taken, rows["training_end_on"])
    )
    return rows.assign(planned_end_on=planned_end, form=form), int(taken.sum())


def _without_noise(texts: pd.Series) -> pd.Series:
    if texts.name in NAMES.values() or not pd.api.types.is_string_dtype(texts.dtype):
        return texts
    return texts.mask(texts.str.casefold().isin(NOISE))


def _school_year(text: pd.Series) -> pd.Series:
    """Write "2023-2024", "2023/24" and "2023" as eight figures; "" sorts before any year."""
    figures = text.str.replace(r"\D", "", regex=True)
    short = figures.str.fullmatch("20[0-9]{4}", na=False)
    figures = figures.mask(short, figures.str.slice(0, 4) + "20" + figures.str.slice(4, 6))
    alone = figures.str.fullmatch("20[0-9]{2}", na=False)
    figures = figures.mask(alone, figures + figures)
    return figures.where(figures.str.fullmatch("[0-9]{8}", na=False), "")


def _rncp(text: pd.Series) -> pd.Series:
    """Write the code with its prefix, whether or not it came with one."""
    code = text.str.upper().str.replace(r"[\s.:-]+", "", regex=True)
    code = code.str.replace(r"^(RNCP)+", "", regex=True)
    return ("RNCP" + code).where(code.str.fullmatch("[0-9]{2,5}", na=False), text)


def _level(cfd: pd.Series) -> pd.Series:
    """Read the first figure of the code, a lost zero put back; no level where it is no code."""
    code = cfd.str.upper().str.replace(r"[\s.-]+", "", regex=True)
    code = code.mask(code.str.fullmatch("[0-9]{7}", na=False), "0" + code)
    return code.where(code.str.fullmatch("[0-9][0-9A-Z]{7}", na=False)).str[:1].map(LEVEL)


def _situation(rows: pd.DataFrame) -> pd.Series:
    """Read the year before the school year as the situation before a contract that starts in it.

    It says nothing of what came before a contract of an earlier year, nor before a second one.
    """
    year = rows["school_year"].str.slice(0, 4)
    first = (rows["place"] == "") & (year != "") & (rows["started_on"] >= year + "-06-01")
    known = rows["situation_10103"].where(first)
    known = known.mask(known.str.fullmatch(WITHOUT_EQUIVALENT, na=False))
    return known.replace({rf"^(?:{codes})$": ours for codes, ours in SITUATION.items()}, regex=True)
