"""The catalogue: every feature of every family, in the order of the matrix's columns."""

from features.catalogue.catalogue import Catalogue
from features.families import (
    attendance,
    contract,
    employer,
    interviews,
    living,
    needs,
    person,
    ratings,
    results,
    support,
    training_centre,
)

CATALOGUE = Catalogue(
    [
        contract.FAMILY,
        person.FAMILY,
        living.FAMILY,
        employer.FAMILY,
        training_centre.FAMILY,
        interviews.FAMILY,
        needs.FAMILY,
        ratings.FAMILY,
        attendance.FAMILY,
        results.FAMILY,
        support.FAMILY,
    ]
)
