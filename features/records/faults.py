"""Why a cell cannot be taken as it is: a closed list, the same for files, API and forms."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with one cell; the words of each language are where they are shown."""

    REQUIRED = "required value is missing"
    FORM = "not of the expected form"
    TOO_LONG = "too long"
    RESERVED = "ends as another address does"
    TYPE = "of another type"
    CODE = "not in the code list"
    FLAG = "not true or false"
    NUMBER = "not a number"
    WHOLE = "not a whole number"
    BOUNDS = "out of bounds"
    THOUSANDS = "a comma before three figures may part thousands"
    FIGURES_LOST = "written as 1.2E+13, figures are lost"
    SIREN = "nine figures are a SIREN, not a SIRET"
    COMMUNE = "the code of a commune, not a postcode"
    RS = "a number of the répertoire spécifique, not of the RNCP"
    DATE = "not a date"
    HOUR = "not a day without hour"
    MONTH_FIRST = "month before day"
    TWO_DIGIT_YEAR = "a year of two figures"
    EXCEL_SERIAL = "the serial number of a day in Excel"
    EPOCH = "seconds or milliseconds since 1970"

    @property
    def code(self) -> str:
        """What a program knows the fault by; it never changes."""
        return self.name.lower()


class CellError(ValueError):
    """A value that cannot be taken; holds why, never the value."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
