"""A drawn team and a drawn administration."""

from datetime import date

from serving.pages.admin.view import AccountRow, AdminView, AuditRow, KeyRow
from serving.pages.team.view import Recorded, TeamView, caseload_of, months_of, unseen_cases
from serving.queries.observed_expected import MonthFigures
from serving.wording import Wording
from tests.pages import example_caseload, example_cases


def team(t: Wording) -> TeamView:
    """A team of two advisors, over six months."""
    cases = example_caseload.caseload()
    figures = [
        MonthFigures(date(2026, m, 1), 84, seen, 4.1, 1.2, 7.6)
        for m, seen in zip(range(5, 11), (3, 5, 4, 9, 2, 4), strict=True)
    ]
    loads = tuple(
        caseload_of(n, site="Nantes", cases=part, capacity=8, today=example_cases.TODAY, t=t)
        for n, part in (("Camille Rousseau", cases), ("Hugo Le Bihan", cases[2:5]))
    )
    paired = [("Camille Rousseau", c) for c in cases]
    unseen = unseen_cases(paired, today=example_cases.TODAY, t=t)
    lately = (Recorded("Camille Rousseau", (14, 9, 3, 1)), Recorded("Hugo Le Bihan", (6, 0, 0, 0)))
    return TeamView(loads, months_of(figures, t=t), unseen, lately)


def administration() -> AdminView:
    """An administrator's page with something in every table."""
    return AdminView(
        accounts=(
            AccountRow(
                1,
                "Camille Rousseau",
                "c.rousseau@exemple.fr",
                "advisor",
                "A1",
                "Nantes",
                8,
                disabled=False,
            ),
            AccountRow(
                2,
                "Ancien Compte",
                "ancien@exemple.fr",
                "coordinator",
                "",
                "Nantes",
                8,
                disabled=True,
            ),
        ),
        keys=(
            KeyRow(
                "ab12",
                "SI de suivi",
                "records:write, score",
                "22 novembre 2026, 08:12",
                revoked=False,
            ),
        ),
        lines=(
            AuditRow(
                "22 novembre 2026, 08:12",
                "account:1",
                "Camille Rousseau",
                "a saisi un entretien",
                "contract:C1",
                "",
            ),
        ),
        secret="une phrase de passe à usage unique",  # noqa: S106  # opens nothing
    )
