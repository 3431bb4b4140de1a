"""Published rates and mixes the simulated world is drawn from, with the domain report's sections.

A rate marked "judged" has no published figure: it was set between its neighbours. The mixes of
employers, levels and situations among apprentices are judged from the national ones (2.1, 2.4).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

SHARE_OF_RAW = 0.55  # 2.3: raw odds ratios overlap; 50-60 % of each log enters, by judgement
SHARE_OF_SCHOOLING = 0.37  # for level, diploma and age, which overlap most

SECTORS = (
    "hospitality",
    "hair_beauty",
    "food",
    "trade_auto",
    "construction",
    "transport",
    "industry",
    "agriculture",
    "health_social",
    "finance",
    "business",
    "public",
)
SIZES = ("under_5", "5_to_9", "10_to_49", "50_to_249", "250_and_more")
FIELDS = ("hospitality_food", "hair", "building", "industry", "agriculture", "services", "higher")
SITUATIONS = (
    "school",
    "student",
    "apprenticeship",
    "professionalisation",
    "prepa",
    "trainee",
    "after_rupture",
    "employee",
    "jobseeker",
    "inactive",
)
DIPLOMAS = ("none", "cap", "bac", "bac_plus_2", "bac_plus_3")
AGE_BANDS = ("15_to_17", "18_to_19", "20_to_25", "26_and_more")

# Rupture rates in %, and the mean they are compared with (2.1 and 2.3; 9 months, apprenticeship).
MEAN_APPRENTICESHIP = 21.0
MEAN_PROFESSIONALISATION = 18.0
LEVEL_RATES = {3: 29.3, 4: 22.5, 5: 26.2, 6: 15.0, 7: 13.0}  # 6 and 7 judged within "higher 18"
DIPLOMA_RATES = {"none": 29.9, "cap": 24.2, "bac": 23.9, "bac_plus_2": 13.7, "bac_plus_3": 13.7}
AGE_RATES = {"15_to_17": 25.4, "18_to_19": 24.5, "20_to_25": 18.0, "26_and_more": 20.0}
SITUATION_RATES = {
    "jobseeker": 34.0,
    "inactive": 31.4,
    "trainee": 27.0,
    "after_rupture": 27.0,  # judged
    **dict.fromkeys(("school", "student", "apprenticeship", "professionalisation"), 19.5),  # judged
    **dict.fromkeys(("prepa", "employee"), 21.0),  # judged
}
LENGTH_RATES = {"long": 24.5, "short": 18.3}
QPV_RATES = {True: 28.1, False: 20.5}
SECTOR_RATES_APPRENTICESHIP = {
    "hospitality": 36.0,
    "hair_beauty": 30.0,
    "food": 28.0,
    "trade_auto": 25.0,
    "construction": 20.0,
    "transport": 15.0,
    "industry": 17.0,  # judged, as the five below
    "agriculture": 21.0,
    "health_social": 18.0,
    "finance": 13.0,
    "business": 18.0,
    "public": 12.0,
}
SECTOR_RATES_PROFESSIONALISATION = {
    "hospitality": 33.0,
    "hair_beauty": 28.0,
    "trade_auto": 20.0,
    "industry": 16.0,
    "transport": 12.0,
    "finance": 12.0,
    "health_social": 10.0,
    "business": 19.0,  # judged, as the four below
    "food": 20.0,
    "construction": 16.0,
    "agriculture": 18.0,
    "public": 10.0,
}
SIZE_RATES = {  # under 5 published; 250 and more from Oripa's odds ratio 3.22; the rest judged
    "under_5": 28.0,
    "5_to_9": 25.0,
    "10_to_49": 21.0,
    "50_to_249": 17.0,
    "250_and_more": 12.0,
}

# Log-hazard effects that do not come from a raw rate.
WOMAN = float(np.log(1.24))  # 2.3: +3.6 points at given level and sector, already adjusted
JUDGED = {  # no published figure (gaps 4 to 6): expert judgement
    "previous_rupture": 0.4,
    "commute_30_minutes_more": 0.3,
    "housing_unstable": 0.4,
    "housing_hosted": 0.25,
    "pay_above_floor": -0.15,
    "tutor_new": 0.3,
    "tutor_loaded": 0.3,
    "distance_learning": 0.12,
}
# Log-hazard of one standard deviation less: conditions large, motivation small (2.3, Oripa).
STATE_LOADS = {"motivation": 0.35, "tutor": 0.5, "conditions": 0.45}
PERSISTENCE = 0.985  # of the states from one contract month to the next: judged
START_SPREAD = 0.7  # SD of the states at the start, against 1 in the long run: judged (3.2, C5)
# The mix of levels and sectors makes most of the spread between centres; the rest is their own.
CENTRE_OWN_SHARE = 1 / 3
EMPLOYER_SPREAD = 0.1  # SD of the log-hazard between employers, sector and size apart: judged
SUPPORT_MEAN, SUPPORT_SPREAD = -0.3, 0.15  # 4.2: prior of the effect, spread between persons judged

ARM_SHARES = {"supported": 0.4, "comparison": 0.3, "none": 0.3}
MONTH_SHARES = (0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 12, 19, 52, 9, 3.5, 1.5)  # 2.5: Brittany 2015

_SECONDARY = (12, 7, 11, 17, 20, 3, 12, 6, 4, 0, 5, 3)
_HIGHER = (3, 1, 3, 20, 6, 4, 18, 3, 8, 8, 21, 5)
SECTOR_SHARES = {
    "professionalisation": (6, 3, 2, 14, 5, 5, 12, 1, 11, 6, 34, 1),  # 2.1
    "secondary": _SECONDARY,
    "higher": _HIGHER,
}
SIZE_SHARES = {
    "professionalisation": (12.5, 12, 18, 15, 42.5),  # 2.1
    "secondary": (36, 18, 20, 11, 15),
    "higher": (12, 9, 20, 17, 42),
}
LEVEL_SHARES = {
    "professionalisation": {3: 15, 4: 25, 5: 35, 6: 20, 7: 5},
    "apprenticeship": {3: 25, 4: 17, 5: 22, 6: 20, 7: 16},
}
DIPLOMA_SHARES = {  # by level prepared, in the order of DIPLOMAS
    3: (62, 17, 17, 2, 2),
    4: (30, 50, 18, 1, 1),
    5: (3, 4, 84, 6, 3),
    6: (0, 0, 32, 60, 8),
    7: (0, 0, 0, 10, 90),
}
AGES = {3: (17.3, 2.4), 4: (18.4, 1.9), 5: (20.2, 1.9), 6: (21.6, 1.8), 7: (23.0, 1.7)}
SITUATION_SHARES = {  # in the order of SITUATIONS
    "professionalisation": (9, 16, 8, 3, 0, 5, 0, 17, 40, 2),  # 2.1, less for the under-26
    "secondary": (60, 2, 13, 1, 3, 6, 2, 4, 7, 2),
    "higher": (22, 30, 32, 2, 0, 3, 1, 4, 5, 1),
}
LENGTH_SHARES = {  # months
    "professionalisation": {6: 17, 8: 13, 10: 15, 12: 43, 18: 4, 24: 8},  # 2.1
    3: {12: 22, 24: 70, 36: 8},
    4: {12: 22, 24: 55, 36: 23},
    5: {12: 20, 24: 80},
    6: {12: 78, 24: 15, 36: 7},
    7: {12: 42, 24: 58},
}


def log_effects(
    rates: Mapping[Any, float], *, mean: float, share: float = SHARE_OF_RAW
) -> dict[Any, float]:
    """Log-hazard of each category against the mean: a share of the raw log-odds ratio.

    Rates in %. Assumes that the factors overlap alike; if they did not, the simulated marginal
    rates would leave the published ones (the targets watch that).
    """
    odds = {key: np.log(rate / (100 - rate)) for key, rate in rates.items()}
    reference = np.log(mean / (100 - mean))
    return {key: float(share * (value - reference)) for key, value in odds.items()}
