"""The fields of a dossier V3 that we keep, and the lenient cleaning of each."""

import pandas as pd

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
    "date_fin_formation": "training_end_on",
    "formation_rncp": "training_rncp",
    "formation_cfd": "level_prepared",
    "etablissement_formateur_uai": "training_centre_uai",
    "etablissement_formateur_siret": "training_centre_siret",
    "date_de_naissance_apprenant": "born_on",
    "code_postal_apprenant": "home_postcode",
    "derniere_situation": "situation_10103",
    "sexe_apprenant": "sex",
    "rqth_apprenant": "rqth",
}
DATES = ("started_on", "planned_end_on", "ended_on", "training_end_on", "born_on")
SIRETS = ("employer_siret", "training_centre_siret")
UAIS = ("owner", "training_centre_uai")
SEX = {"M": "M", "H": "M", "1": "M", "F": "F", "2": "F"}
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


def clean(rows: pd.DataFrame) -> pd.DataFrame:
    """Write each field as our declarations expect it; what cannot be is left for the parsing."""
    cleaned = {
        **{name: _day(rows[name]) for name in DATES},
        **{name: rows[name].str.replace(r"[\s.-]+", "", regex=True) for name in SIRETS},
        **{name: rows[name].str.upper() for name in UAIS},
        "school_year": _school_year(rows["school_year"]),
        "training_rncp": rows["training_rncp"].str.upper().str.replace(r"[\s.-]+", "", regex=True),
        "level_prepared": rows["level_prepared"].str.slice(0, 1).map(LEVEL),
        "home_postcode": rows["home_postcode"].str.zfill(5),
        "sex": rows["sex"].str.upper().replace(SEX),
    }
    rows = rows.assign(**cleaned)
    return rows.assign(situation_10103=_situation(rows))


def _day(text: pd.Series) -> pd.Series:
    """Turn an ISO date or instant into the day in France; other texts are left as they are.

    Software that writes a local midnight in UTC gives 22:00 or 23:00 of the day before: two hours
    later it is the right day, and so is a midnight in UTC.
    """
    dated = text.where(text.str.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", na=False))
    instants = pd.to_datetime(dated, format="ISO8601", utc=True, errors="coerce")
    days = (instants + pd.Timedelta(hours=2)).dt.strftime("%Y-%m-%d")
    return days.astype("str").fillna(text)


def _school_year(text: pd.Series) -> pd.Series:
    """Keep the eight figures of "2023-2024" or "2023/2024"; "" sorts before any year."""
    figures = text.str.replace(r"\D", "", regex=True)
    return figures.where(figures.str.fullmatch("[0-9]{8}", na=False), "")


def _situation(rows: pd.DataFrame) -> pd.Series:
    """Read the year before the school year as the situation before a contract that starts in it.

    It says nothing of what came before a contract of an earlier year, nor before a second one.
    """
    year = rows["school_year"].str.slice(0, 4)
    first = (rows["place"] == "") & (year != "") & (rows["started_on"] >= year + "-06-01")
    known = rows["situation_10103"].where(first)
    known = known.mask(known.str.fullmatch(WITHOUT_EQUIVALENT, na=False))
    return known.replace({rf"^(?:{codes})$": ours for codes, ours in SITUATION.items()}, regex=True)
