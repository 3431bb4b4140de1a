"""The groups features belong to: contributions are summed by group before an advisor reads them.

Each group points to one of AGIR's seven themes and says whether it is in the advisor's hands.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A group of features: French label, accompaniment theme, within the advisor's reach or not."""

    name: str
    label: str
    theme: str
    within_reach: bool


def _group(name: str, label: str, theme: str, *, reach: bool = True) -> tuple[str, Group]:
    return name, Group(name, label, theme, reach)


GROUPS: dict[str, Group] = dict(
    [
        _group("timing", "Moment du contrat", "securing_the_path", reach=False),
        _group("contract_shape", "Forme du contrat", "securing_the_path", reach=False),
        _group("pay", "Rémunération", "information", reach=False),
        _group("background", "Parcours avant le contrat", "guidance", reach=False),
        _group("level", "Niveau de formation", "pedagogical_support", reach=False),
        _group("commute", "Trajet", "psychosocial_support"),
        _group("housing", "Logement", "psychosocial_support"),
        _group("employer", "Employeur et secteur", "staying_in_employment", reach=False),
        _group("tutoring", "Encadrement par le tuteur", "securing_the_path"),
        _group("training_centre", "Centre de formation", "pedagogical_support", reach=False),
        _group("contact", "Contact avec le conseiller", "information"),
        _group("motivation", "Motivation pour le métier", "career_project"),
        _group("tutor", "Relation avec le tuteur", "staying_in_employment"),
        _group("conditions", "Conditions de travail", "staying_in_employment"),
        _group("fit", "Lien entre missions et formation", "securing_the_path"),
        _group("content", "Contenu de la formation", "pedagogical_support"),
        _group("wellbeing", "Bien-être", "psychosocial_support"),
        _group("project", "Clarté du projet", "career_project"),
        _group("needs", "Besoins exprimés", "psychosocial_support"),
        _group("declared_risk", "Risque déclaré", "securing_the_path"),
        _group("attendance_work", "Présence en entreprise", "staying_in_employment"),
        _group("attendance_class", "Présence en formation", "pedagogical_support"),
        _group("incidents", "Avertissements et réclamations", "securing_the_path"),
        _group("results", "Résultats en formation", "pedagogical_support"),
        _group("support", "Accompagnement reçu", "securing_the_path"),
    ]
)
