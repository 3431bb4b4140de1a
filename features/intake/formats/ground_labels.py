"""The official words of the end of a contract: labels of the DSN, codes, and ends of our own list.

Matched whole and first, before any free text is read. Labels are those of DSN S21.G00.62, those of
our code lists, and the examples of the dossier V3 (its field `cause_rupture_contrat`).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from features.records.codes import END
from features.records.form_codes import MOTIVE


class NotAnEnd(StrEnum):
    """Why a contract that is reported as broken goes on."""

    AMENDMENT = "amendment"
    TRANSFER = "transfer"  # of the establishment, L1224-1, or of the training to another centre
    SUSPENSION = "suspension"
    CANCELLED = "cancelled"  # the rupture was withdrawn or entered by mistake


@dataclass(frozen=True)
class Ending:
    """What words say of an end; None where they do not say."""

    how: str = "rupture"
    initiator: str | None = None
    legal_ground: str | None = None
    not_an_end: NotAnEnd | None = None


# Who ends the contract under each ground of the DSN; grounds that do not say are left out.
INITIATORS = {
    **dict.fromkeys(("034", "036", "038", "087", "088", "095", "096"), "employer"),
    **dict.fromkeys(("014", "015", "020", "025", "026"), "employer"),
    **dict.fromkeys(("035", "037", "039", "058", "059"), "young_person"),
    **dict.fromkeys(("043", "084"), "mutual"),
    **dict.fromkeys(("011", "012", "033", "065", "066", "083"), "external"),
    **dict.fromkeys(("089", "091", "092", "093", "097"), "external"),
}
NATURAL = ("031", "032", "081")
DSN_LABELS = {
    "licenciement suite à liquidation judiciaire ou à redressement judiciaire": "011",
    "licenciement suite à fermeture définitive de l'établissement": "012",
    "licenciement pour motif économique": "014",
    "licenciement pour fin de chantier ou d'opération": "015",
    "licenciement pour fin de chantier": "015",
    "licenciement pour autre motif": "020",
    "autre fin de contrat pour motif économique": "025",
    "rupture pour motif économique dans le cadre d'un contrat de sécurisation"
    " professionnelle": "026",
    "rupture pour motif économique dans le cadre d'un contrat de sécurisation"
    " professionnelle CSP": "026",
    "fin de contrat à durée déterminée ou fin d'accueil occasionnel": "031",
    "fin de contrat à durée déterminée": "031",
    "fin de mission d'intérim": "032",
    "rupture anticipée d'un CDD ou d'un contrat de mission en cas d'inaptitude physique constatée"
    " par le médecin du travail": "033",
    "fin de période d'essai à l'initiative de l'employeur": "034",
    "fin de période d'essai à l'initiative du salarié": "035",
    "rupture anticipée d'un CDD, d'un contrat d'apprentissage ou d'un contrat de mission à"
    " l'initiative de l'employeur": "036",
    "rupture anticipée d'un CDD, d'un contrat de professionnalisation, d'un contrat d'apprentissage"
    " ou d'un contrat de mission à l'initiative de l'employeur": "036",
    "rupture anticipée d'un CDD, d'un contrat d'apprentissage ou d'un contrat de mission à"
    " l'initiative du salarié": "037",
    "rupture anticipée d'un CDD, d'un contrat de professionnalisation, d'un contrat d'apprentissage"
    " ou d'un contrat de mission à l'initiative du salarié": "037",
    "mise à la retraite par l'employeur": "038",
    "départ à la retraite à l'initiative du salarié": "039",
    "rupture conventionnelle": "043",
    "prise d'acte de la rupture de contrat de travail": "058",
    "décès de l'employeur ou internement / conduit à un licenciement autre motif": "065",
    "décès du salarié / rupture force majeure": "066",
    "fin de contrat d'apprentissage": "081",
    "résiliation judiciaire du contrat de travail": "082",
    "rupture anticipée du contrat de travail ou d'un contrat de mission pour cas de force majeure"
    " ou pour motif exceptionnel": "083",
    "rupture anticipée du contrat de travail ou d'un contrat de mission pour cas de force"
    " majeure": "083",
    "rupture d'un commun accord du CDD, du contrat d'apprentissage ou d'un contrat de"
    " mission": "084",
    "licenciement pour faute grave": "087",
    "licenciement pour faute lourde": "088",
    "licenciement pour force majeure": "089",
    "licenciement pour inaptitude physique d'origine non professionnelle": "091",
    "licenciement pour inaptitude physique d'origine professionnelle": "092",
    "licenciement suite à décision d'une autorité administrative": "093",
    "rupture anticipée du contrat de travail ou d'un contrat de mission pour faute grave": "095",
    "rupture anticipée du contrat de travail ou d'un contrat de mission pour faute lourde": "096",
    "rupture anticipée d'un contrat de travail ou d'un contrat de mission suite à fermeture de"
    " l'établissement": "097",
}
# The words of an apprenticeship where the DSN's own label would be that of another contract.
OF_APPRENTICES = {"059": "037"}


def plain(text: str) -> str:
    """Lower the case, take accents and punctuation off: "Démission !" becomes "demission"."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[\u0300-\u036f]", "", letters)).strip()


def official(text: str) -> Ending | None:
    """Return what an official label or code says, None when a plain text is none."""
    bare = re.sub(r"^(motif |code )?0?([0-9]{2})\b ?", "", text)
    code = re.match(r"(?:motif |code )?0?([0-9]{2})\b", text)
    if code and not bare:
        return _of_ground("0" + code[1]) if "0" + code[1] in MOTIVE.labels else None
    return OFFICIAL.get(bare if code else text)


def _of_ground(code: str) -> Ending:
    code = OF_APPRENTICES.get(code, code)
    how = "completed" if code in NATURAL else "rupture"
    return Ending(how, INITIATORS.get(code), code)


OFFICIAL = {
    **{plain(label): Ending(how) for how, label in END.labels.items()},
    **{plain(label): _of_ground(code) for code, label in MOTIVE.labels.items()},
    **{plain(label): _of_ground(code) for label, code in DSN_LABELS.items()},
    "obtention du diplome": Ending("early_success", "young_person"),
    "faute lourde": Ending("rupture", "employer", "096"),  # of a fixed term, as all of these are
    "faute grave": Ending("rupture", "employer", "095"),
    "inaptitude constatee par la medecine du travail": Ending("rupture", "external", "033"),
    "resiliation": Ending(),
}
