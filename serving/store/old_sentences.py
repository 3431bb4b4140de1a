"""The French sentences that stood for a code in `assessments` before there were codes.

The table is closed: these rows are read by it, none is written, and a new code has no sentence.
"""

import re

from features.common.errors import StoreError
from models.sufficiency import NotAssessed

SENTENCES = {
    "non évalué : le contrat n'a pas encore commencé": NotAssessed.NOT_STARTED,
    "non évalué : la date de fin prévue est passée": NotAssessed.TERM_PASSED,
    "non évalué : trop peu d'informations ; à renseigner : la date de naissance, le niveau "
    "préparé, le diplôme le plus élevé, l'effectif de l'employeur, le centre de formation, la "
    "rémunération, ou un entretien": NotAssessed.TOO_LITTLE_KNOWN,
    "non évalué : le contrat est terminé": NotAssessed.ENDED,
    "non évalué : le contrat a été retiré, il avait été enregistré par erreur": (
        NotAssessed.WITHDRAWN
    ),
}
NOT_TRANSMITTED = re.compile(
    r"non évalué : plus transmis par le centre de formation depuis le (\d\d)/(\d\d)/(\d{4})"
)


def code_and_detail(sentence: str) -> tuple[NotAssessed, str | None]:
    """Return what a sentence stood for. Raises StoreError for one that no version has written."""
    if code := SENTENCES.get(sentence):
        return code, None
    if found := NOT_TRANSMITTED.fullmatch(sentence):
        day, month, year = found.groups()
        return NotAssessed.NOT_TRANSMITTED, f"{year}-{month}-{day}"
    raise StoreError(
        "assessments: expected in why_not a sentence that a version of Vigie has written, got "
        "another one"
    )
