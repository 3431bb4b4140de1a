"""Short French notes of interviews: factual, without names, health or judgement of the person."""

import numpy as np
import pandas as pd

from training.simulator.drawing import Floats, Ints, Words

BY_MOOD = (
    (
        "Désaccord signalé sur les horaires.",
        "Peu d'échanges avec le tuteur depuis plusieurs semaines.",
        "Hésitation exprimée sur la poursuite du contrat.",
        "Missions jugées éloignées de la formation.",
        "Rendez-vous à trois demandé avec l'entreprise.",
        "Organisation du travail jugée difficile.",
    ),
    (
        "Situation stable, point prévu le mois prochain.",
        "Questions sur l'organisation du travail, réponses apportées.",
        "Progression correcte, rythme à surveiller.",
        "Planning revu avec l'entreprise.",
        "Attente de retours plus réguliers du tuteur.",
        "Missions en partie conformes au référentiel.",
    ),
    (
        "Bonne intégration dans l'équipe.",
        "Échanges réguliers avec le tuteur.",
        "Objectifs du trimestre en bonne voie.",
        "Missions variées, en lien avec la formation.",
        "Satisfaction exprimée sur le poste.",
        "Aucune difficulté signalée.",
    ),
)
BY_NEED = (
    " Difficulté de transport évoquée.",
    " Recherche de logement en cours.",
    " Question sur l'accès aux soins transmise au service compétent.",
    " Demande d'aide financière évoquée.",
    " Dossier administratif à compléter.",
    " Organisation familiale à prendre en compte.",
    " Réflexion sur l'orientation.",
    " Aide à la recherche d'emploi demandée.",
    " Autre demande notée.",
)
NOT_MET = (
    "Absence au rendez-vous, message laissé.",
    "Pas de réponse à la relance.",
    "Rendez-vous à reprogrammer.",
    "Report demandé par l'entreprise.",
)


def write_notes(mood: Floats, need: Ints, held: Words, rng: np.random.Generator) -> pd.Series:
    """Write a note per interview.

    From the mean rating (1 to 5, NaN when none), the first open need (-1: none) and the status.
    """
    size = len(mood)
    level = np.searchsorted([2.75, 3.75], np.nan_to_num(mood, nan=3.0))
    choice = rng.integers(0, len(BY_MOOD[0]), size)
    sentence = np.array(BY_MOOD, dtype=object)[level, choice]
    more = np.array((*BY_NEED, ""), dtype=object)[need]
    unmet = np.array(NOT_MET, dtype=object)[choice % len(NOT_MET)]
    return pd.Series(np.where(held, sentence + more, unmet), dtype="str")
