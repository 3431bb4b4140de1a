"""The catalogue: every feature of every family, in the order of the matrix's columns."""

from features.catalogue import Catalogue
from features.families import (
    attendance,
    contract,
    employer,
    interviews,
    person,
    ratings,
    support,
    training_centre,
)

CATALOGUE = Catalogue(
    [
        contract.FAMILY,
        person.FAMILY,
        employer.FAMILY,
        training_centre.FAMILY,
        interviews.FAMILY,
        ratings.FAMILY,
        attendance.FAMILY,
        support.FAMILY,
    ]
)
