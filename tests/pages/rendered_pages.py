"""Every page in every state, from drawn cases: files to look at, and pages for the tests to judge.

`python -m tests.pages.rendered_pages` writes them to var/gallery and says where to look.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from features.records.declarations import INTERVIEW
from features.records.rows import Versions
from models.sufficiency import NotAssessed
from serving.actors import Role
from serving.operations.records import SavedRecord
from serving.pages.admin.view import AdminView
from serving.pages.case.handout import HandoutView, handout_view
from serving.pages.case.versions import VersionsView, versions_view
from serving.pages.case.view import CaseView, case_view
from serving.pages.records.forms import FORMS, blank, form_view, read_form
from serving.pages.shared.rendering import Frame, render
from serving.pages.shared.saved import saved_view
from serving.pages.team.view import TeamView
from serving.pages.worklist.filters import Filters
from serving.pages.worklist.view import WorklistView, worklist_view
from serving.queries.assessments import StoredAssessment
from serving.queries.cases import CaseFile
from serving.queries.stored_records import StoredVersion
from serving.queries.weekly_draw import this_week
from serving.wording import Wording, wording
from tests.pages import (
    example_case_page,
    example_caseload,
    example_cases,
    example_model_page,
    example_team_and_admin,
)
from tests.pages.example_model_page import MODEL

Pages = Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]
ROOT = Path(__file__).parents[2]


def all_pages(t: Wording) -> Pages:
    """(name, template, views, changes to the frame) of every page in every state."""
    for part in (_account_pages, _worklists, _cases, _forms, _places):
        yield from part(t)


def html_of(
    template: str, views: dict[str, Any], frame: dict[str, Any], *, language: str, theme: str
) -> str:
    """One page, as somebody signed in sees it unless the frame says otherwise."""
    usual: dict[str, Any] = {
        "language": language,
        "theme": theme,
        "person": "Camille Rousseau",
        "role": Role.COORDINATOR,
        "csrf_token": "jeton",
        "here": "/suivis",
    }
    return render(template, Frame(**{**usual, **frame}), **views)


def write(folder: Path, *, language: str = "fr", theme: str = "auto") -> list[str]:
    """Write every page into a folder; answers their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name, template, views, frame in all_pages(wording(language)):
        html = html_of(template, views, frame, language=language, theme=theme)
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
        names.append(name)
    return names


def case_of_c1() -> CaseFile:
    """The file of C1, with everything in it."""
    chosen = example_case_page.past_assessments()
    case_summary = replace(example_caseload.caseload()[0], assessment=chosen[0])
    return example_case_page.case_file(case_summary, chosen, answers=example_case_page.answers())


def case(t: Wording, **changes: Any) -> CaseView:
    """The page of C1."""
    view = case_view(case_of_c1(), horizon_days=90, today=example_cases.TODAY, t=t)
    return replace(view, **changes)


def handout(file: CaseFile, t: Wording) -> HandoutView:
    """The explanation of a case."""
    return handout_view(file, horizon_days=90, today=example_cases.TODAY, retention_years=2.0, t=t)


def _account_pages(t: Wording) -> Pages:
    out = {"person": None, "role": None}
    plain = {"error": None, "provider": None, "next_path": "/"}
    yield "connexion", "sign_in.html", plain, out
    wrong = "L'adresse ou le mot de passe ne correspond pas. Vérifiez-les et réessayez."
    both = {"error": wrong, "provider": "ProConnect", "next_path": "/"}
    yield "connexion-erreur", "sign_in.html", both, out
    yield "mot-de-passe", "password.html", {"error": None, "shortest": 12}, {}
    for status in (403, 404, 419, 429, 500, 503):
        reference = "3f2a9c" if status == 500 else None
        frame = out if status == 503 else {}
        yield f"erreur-{status}", "error.html", {"status": status, "reference": reference}, frame
    del t


def _list(cases: list[Any], t: Wording, **filters: Any) -> WorklistView:
    return worklist_view(
        cases,
        week=this_week(
            cases, capacity=4, random_share=0.25, seed=b"gallery", today=example_cases.TODAY
        ),
        filters=Filters(**filters),
        capacity=4,
        horizon_days=90,
        today=example_cases.TODAY,
        t=t,
    )


def _worklists(t: Wording) -> Pages:
    here = {"place": "worklist"}
    cases = example_caseload.caseload()
    yield "suivis", "worklist.html", {"view": _list(cases, t)}, here
    yield "suivis-vide", "worklist.html", {"view": _list([], t)}, here
    yield "suivis-rien", "worklist.html", {"view": _list(cases, t, level="eleve", q="zzz")}, here
    many = [
        example_cases.case_summary(
            f"M{n}", f"Personne {n}", example_cases.assessment(f"M{n}", rest=-n / 20, number=n)
        )
        for n in range(60)
    ]
    yield "suivis-pages", "worklist.html", {"view": _list(many, t, page=2)}, here
    hidden = [replace(c, assessment=None, past=(), suspended="contrôle en cours") for c in cases]
    stopped = {**here, "suspended": "contrôle en cours"}
    yield "suivis-suspendu", "worklist.html", {"view": _list(hidden, t)}, stopped


def _cases(t: Wording) -> Pages:
    yield "dossier", "case.html", {"view": case(t)}, {"notice": t("feedback.thanks")}
    beyond = replace(example_cases.assessment("C1"), similar_low=0.07, similar_high=0.14)
    view = _single(beyond, t)
    yield "dossier-hors-intervalle", "case.html", {"view": view}, {}
    why = NotAssessed.NOT_STARTED
    yield (
        "dossier-non-evalue",
        "case.html",
        {"view": _single(example_cases.not_assessed("C1", why), t)},
        {},
    )
    asked = case(t, answering="snooze", answer_error=t("feedback.missing"))
    yield "dossier-avis", "case.html", {"view": asked}, {}
    yield "mes-donnees", "handout_page.html", {"view": handout(case_of_c1(), t)}, {}
    for name, withdrawn in (("fiche", False), ("fiche-retiree", True)):
        yield name, "versions.html", {"view": _versions(t, withdrawn), "person": "Inès M."}, {}
    latest, before, *_ = example_case_page.past_assessments()
    saved = partial(saved_view, "C1", t=t)
    moved = saved(before=before, saved=SavedRecord(True, latest))
    yield "enregistre", "saved.html", {"view": moved}, {"draft_done": "interview:C1"}
    none = saved(before=None, saved=SavedRecord(True, None, NotAssessed.NO_MODEL))
    yield "enregistre-sans-risque", "saved.html", {"view": none}, {}


def single(made: StoredAssessment) -> CaseFile:
    """The file of a contract without any other record, assessed once."""
    summary = example_cases.case_summary("C1", "Inès M.", made, seen_days_ago=None)
    return CaseFile(summary, Versions(contracts=[example_cases.contract()]), [made], [])


def _versions(t: Wording, withdrawn: bool) -> VersionsView:
    """The page of an interview that was corrected, and maybe withdrawn since."""
    rows = [row for row in example_case_page.records().interviews if row.interview_id == "I2"]
    if withdrawn:
        rows.append(rows[-1]._replace(known_on=example_cases.TODAY, withdrawn=True))
    found = [
        StoredVersion(
            row, datetime(row.known_on.year, row.known_on.month, row.known_on.day, tzinfo=UTC), who
        )
        for row, who in zip(rows, ("account:1", "key:ab12", "command"), strict=False)
    ]
    return versions_view(found, record_type=INTERVIEW, key="I2", today=example_cases.TODAY, t=t)


def _single(made: StoredAssessment, t: Wording) -> CaseView:
    return case_view(single(made), horizon_days=90, today=example_cases.TODAY, t=t)


def _forms(t: Wording) -> Pages:
    for name in FORMS:
        yield f"saisie-{name}", "record.html", _form(name, blank(held_on="2026-11-22"), t), {}
    typed = {
        "held_on": "2027-01-01",
        "channel": "phone",
        "theme_information": "1",
        "rating_tutor": "2",
        "note": "Semble dépressif et fainéant. <script>alert(1)</script>",
    }
    refused = read_form(FORMS["interview"], typed, today=example_cases.TODAY, t=t)
    yield "saisie-interview-erreurs", "record.html", _form("interview", refused, t), {}


def _form(name: str, reading: Any, t: Wording) -> dict[str, Any]:
    del t
    return {
        "form": form_view(FORMS[name], reading, record_id="R1"),
        "person": "Inès M.",
        "path": "/suivis/C1",
        "action": f"/suivis/C1/{name}",
        "contract_id": "C1",
        "today": example_cases.TODAY.isoformat(),
    }


def _places(t: Wording) -> Pages:
    yield "equipe", "team.html", {"view": example_team_and_admin.team(t)}, {"place": "team"}
    empty = TeamView((), (), (), ())
    yield "equipe-vide", "team.html", {"view": empty}, {"place": "team"}
    model = {"view": MODEL(t), "versions": example_model_page.versions(t)}
    yield "modele", "model.html", model, {"place": "model"}
    yield "modele-aucun", "model.html", {"view": None, "versions": []}, {"place": "model"}
    admin = {"place": "admin", "role": Role.ADMINISTRATOR}
    yield "administration", "admin.html", {"view": example_team_and_admin.administration()}, admin
    bare = AdminView((), (), (), error=t("error.required"))
    yield "administration-vide", "admin.html", {"view": bare}, {**admin, "suspended": "essai"}


def main(say: Callable[[str], object] = sys.stdout.write) -> None:
    """Write the gallery in both languages."""
    for language in ("fr", "en"):
        folder = ROOT / "var" / "gallery" / language
        names = write(folder, language=language)
        say(json.dumps({"folder": str(folder.relative_to(ROOT)), "pages": names}) + "\n")


if __name__ == "__main__":
    main()
