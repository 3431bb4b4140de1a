"""Takes the screenshots of docs/guide-conseiller.md from a running demo.

`python -m tools.guide_screenshots --url http://127.0.0.1:8000 --password …`, with the one-time
password that the demo printed (it is then changed to NEW_PASSWORD) or with NEW_PASSWORD itself. One
interview is recorded in the demo on the way. The persons of a demo are fictional.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright
from rich.console import Console

CHROMIUM = "/usr/bin/chromium"
FOLDER = Path(__file__).parents[1] / "docs" / "images"
NEW_PASSWORD = "une phrase pour le guide"  # noqa: S105  # of a demo on one's own machine
WIDTH, HEIGHT, COLOURS, HEAVIEST = 1200, 860, 256, 150_000
NOTE = "Échange difficile avec le tuteur depuis lundi ; visite en entreprise proposée."
FORM_VALUES = {
    "status": "held",
    "channel": "phone",
    "phase": "during",
    "rating_motivation": "2",
    "rating_tutor": "1",
    "rating_conditions": "2",
    "rating_wellbeing": "1",
    "declared_risk": "yes",
}
# A date field speaks the browser's language, not the page's, and Debian's Chromium speaks English.
FRENCH_DATE = """() => {
  const field = document.querySelector('#held_on');
  const [year, month, day] = (field.dataset.iso = field.value).split('-');
  field.type = 'text';
  field.value = `${day}/${month}/${year}`;
}"""
CHOSEN_DATE = """() => {
  const field = document.querySelector('#held_on');
  field.type = 'date';
  field.value = field.dataset.iso;
}"""

out = Console()
application = typer.Typer(add_completion=False)


@application.command()
def take(
    password: Annotated[str, typer.Option(envvar="VIGIE_GUIDE_PASSWORD", help="Of the advisor.")],
    url: Annotated[
        str, typer.Option(envvar="VIGIE_GUIDE_URL", help="Address of the demo.")
    ] = "http://127.0.0.1:8000",
    email: Annotated[
        str, typer.Option(envvar="VIGIE_GUIDE_EMAIL", help="Of the advisor.")
    ] = "conseillere@demo.fr",
    folder: Annotated[Path, typer.Option(help="Where the pictures go.")] = FOLDER,
) -> None:
    """Walk through the site as the guide does, and take a picture at each step."""
    folder.mkdir(parents=True, exist_ok=True)
    with _page() as page:
        page.goto(f"{url}/connexion")
        _keep(page, folder, "connexion", height=640)
        _enter(page, email, password)
        page.goto(f"{url}/suivis")
        _keep(page, folder, "suivis", height=1060)
        _read_case(page, folder)
        _record(page, folder)
        _answer(page, folder)
        _explain(page, folder)


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
            locale="fr-FR",
        )
        browser.close()


def _enter(page: Page, email: str, password: str) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()
    if page.url.endswith("/mot-de-passe"):
        page.get_by_label("Mot de passe actuel").fill(password)
        page.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
        page.locator("main button").click()
    page.get_by_role("heading", name="Mes suivis").wait_for()


def _read_case(page: Page, folder: Path) -> None:
    page.locator("li.case h3 a").first.click()
    page.locator("figure.chart canvas").wait_for()
    _keep(page, folder, "dossier", height=900)
    why = page.locator("section[aria-labelledby=why]")
    why.locator("details.reason summary").first.click()
    _keep_part(why, folder, "raisons")
    _keep_part(page.locator("section[aria-labelledby=evolution]"), folder, "evolution")


def _record(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="Saisir un entretien").click()
    for name, value in FORM_VALUES.items():
        _choose(page, name, value)
    page.locator("#with_young_person").check()
    page.locator("#theme_securing_the_path").check()
    page.evaluate(FRENCH_DATE)
    _keep(page, folder, "entretien", height=1000)
    page.evaluate(CHOSEN_DATE)
    page.locator("#note").fill(NOTE)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="C'est enregistré").wait_for()
    _keep(page, folder, "enregistre", height=520)
    page.get_by_role("link", name="Retour au dossier").click()


def _answer(page: Page, folder: Path) -> None:
    page.get_by_text("Ce niveau me paraît faux").click()
    _keep_part(page.locator("section[aria-labelledby=disagree]"), folder, "avis")


def _explain(page: Page, folder: Path) -> None:
    page.goto(f"{page.url.partition('?')[0]}/donnees")
    _keep(page, folder, "explication", height=900)


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label.segment:has(input[name={name}][value='{value}'])").click()


def _keep(page: Page, folder: Path, name: str, *, height: int) -> None:
    """The top of the page, `height` pixels of it."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.wait_for_timeout(300)  # the chart follows the size of the window
    _write(page.screenshot(), folder, name)


def _keep_part(part: Locator, folder: Path, name: str) -> None:
    part.scroll_into_view_if_needed()
    part.page.mouse.move(0, 0)  # nothing lit by the pointer
    part.page.wait_for_timeout(300)
    _write(part.screenshot(), folder, name)


def _write(png: bytes, folder: Path, name: str) -> None:
    """Write a picture with few colours. Raises ValueError when it is still too heavy."""
    file = folder / f"guide-{name}.png"
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    if size > HEAVIEST:
        raise ValueError(f"{file.name}: expected {HEAVIEST} bytes or fewer, got {size}")
    out.print(f"{file.name}: {picture.width} by {picture.height}, {size / 1000:.0f} kB")


if __name__ == "__main__":
    application()
