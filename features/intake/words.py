"""What is wrong with a cell or a row, in French, for the training centre that sent it."""

from features.intake.formats.raw_tables import NOT_A_ROW
from features.records.declarations import RECORD_TYPES
from features.records.faults import Fault

FRENCH = {
    Fault.REQUIRED: "valeur obligatoire absente",
    Fault.FORM: "valeur qui n’a pas la forme attendue",
    Fault.TOO_LONG: "texte trop long",
    Fault.RESERVED: "se termine comme une autre adresse",
    Fault.TYPE: "valeur d’un autre type",
    Fault.CODE: "code absent de la liste",
    Fault.FLAG: "ni oui ni non",
    Fault.NUMBER: "ce n’est pas un nombre",
    Fault.WHOLE: "ce n’est pas un nombre entier",
    Fault.BOUNDS: "valeur hors des bornes",
    Fault.THOUSANDS: "virgule devant trois chiffres : décimale ou millier ?",
    Fault.FIGURES_LOST: "écrit sous la forme 1,2E+13 : des chiffres sont perdus",
    Fault.SIREN: "neuf chiffres : c’est un SIREN, pas un SIRET",
    Fault.COMMUNE: "code d’une commune, pas un code postal",
    Fault.RS: "numéro du répertoire spécifique, pas du RNCP",
    Fault.DATE: "ce n’est pas une date",
    Fault.HOUR: "une heure accompagne le jour",
    Fault.MONTH_FIRST: "mois écrit avant le jour",
    Fault.TWO_DIGIT_YEAR: "année sur deux chiffres",
    Fault.EXCEL_SERIAL: "numéro de jour d’Excel au lieu d’une date",
    Fault.EPOCH: "secondes ou millisecondes depuis 1970 au lieu d’une date",
    NOT_A_ROW: "la ligne n’a pas les colonnes du tableau",
    "not a dossier": "ce n’est pas un dossier",
    "known before it happened": "connu avant d’avoir eu lieu",
    "two versions of one day differ": "deux versions du même jour se contredisent",
    **{f"two {t.name} with one id": "un identifiant pour deux choses" for t in RECORD_TYPES},
    **{f"{t.name[:-1]} of an unknown contract": "contrat inconnu ou refusé" for t in RECORD_TYPES},
}


def in_french(column: str, reason: str) -> str:
    """Return a reason with the column it is of, both as French names them."""
    labels = {c.name: c.label for record_type in RECORD_TYPES for c in record_type.columns}
    words = FRENCH.get(reason, reason)
    return f"{labels.get(column, column)} : {words}" if column else words
