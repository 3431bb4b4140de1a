"""The command line: every command, each importing the rooms it needs when it runs."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from features.common.errors import InputError, VigieError, exit_code
from features.common.plain_output import show_plain_letters
from serving.commands import (
    backup,
    imports,
    keys,
    people,
    privacy,
    programme,
    scoring,
    serve,
    webhooks,
)
from training import commands as training
from training.effect import commands as effects

app = typer.Typer(
    name="vigie",
    help="Rupture risk of work-study contracts: known in time, explained, judged honestly.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out, err = Console(), Console(stderr=True)
VAR = Path("var")
TRAINING, SERVICE, PRIVACY = "Training", "Service", "People's data"


def main() -> None:
    """Run the command line; an anticipated error is one sentence and an exit code."""
    show_plain_letters((sys.stdout, sys.stderr))
    try:
        app()
    except VigieError as error:
        err.print(f"vigie: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        raise SystemExit(exit_code(error)) from None


@app.command(rich_help_panel=TRAINING)
def check(
    folder: training.ExtractPath,
    rejects: Annotated[
        Path | None, typer.Option(help="Folder to write refused rows to; default: var/rejects.")
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="Refuse a row for a faulty optional value too.")
    ] = False,
    lenient: Annotated[bool, typer.Option(help="Exit 0 even when rows were refused.")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day to judge it for; default: today."),
    ] = None,
    received_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of receipt, where no file name says it."),
    ] = None,
) -> None:
    """Report what an extract is enough for, what is wrong in it, and what it holds."""
    from features.intake.intake import take_in
    from features.intake.quality import report
    from features.intake.quality_view import render
    from features.intake.settings import IntakeSettings
    from features.point_in_time.days import as_timestamp
    from serving.context import system_clock
    from training.recipe import Recipe
    from training.verdict import verdict_on

    day = as_timestamp((as_of or system_clock()).date())
    named = "" if as_of else ", today"
    out.print(f"As known on {day:%Y-%m-%d}{named}.", highlight=False)
    key = IntakeSettings.of_environment().naming_key
    received = as_timestamp(received_on.date()) if received_on else None
    intake = take_in(folder, person_key=key, strict=strict, received_on=received)
    found = report(intake)
    for line in verdict_on(intake, found, day=day, recipe=Recipe()).lines:
        out.print(line, highlight=False)
    for table in render(found):
        out.print(table)
    if not len(intake.rejects) + len(intake.left_out):
        return
    path = intake.write_rejects(rejects or VAR / "rejects", delivery=folder)
    if len(intake.rejects) and not lenient:
        raise InputError(
            f"check: expected every row to be accepted, got some refused; see {path}; "
            "it holds their lines: delete it once it is dealt with"
        )
    out.print(f"Refused rows and values left out are in {path}; delete it once it is dealt with")


@app.command(rich_help_panel=TRAINING)
def prepare(
    file: Annotated[Path, typer.Argument(help="CSV, xlsx, Parquet or NDJSON file of one table.")],
    mapping: Annotated[
        Path, typer.Option(help="Mapping (TOML): read when it is there, else proposed and written.")
    ],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write the table to.")
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="contracts, interviews, events, outcomes; default: guessed.")
    ] = None,
    received_on: Annotated[
        str | None, typer.Option(help="Day of receipt, where the file does not say (known_on).")
    ] = None,
) -> None:
    """Map a file whose headers are not ours: propose, show ten rows, keep the mapping."""
    from features.intake.preparation import prepare_table

    for shown in prepare_table(
        file, mapping, out_folder=out_folder, table=table, received_on=received_on
    ):
        out.print(shown, highlight=False)


for command in (training.simulate, training.train, training.promote, scoring.score):
    app.command(rich_help_panel=TRAINING)(command)
for command in (effects.effect, effects.simulate_trial):
    app.command(rich_help_panel=TRAINING)(command)
app.command(rich_help_panel=SERVICE)(serve.serve)
app.command("import", rich_help_panel=SERVICE)(imports.import_file)
for command in (scoring.rescore, serve.migrate, backup.backup, backup.restore):
    app.command(rich_help_panel=SERVICE)(command)
for group in (people, keys, webhooks, programme):
    app.add_typer(group.app, rich_help_panel=SERVICE)
for command in (privacy.erase, privacy.retain, privacy.export, privacy.explain):
    app.command(rich_help_panel=PRIVACY)(command)
app.command("suspend-scoring", rich_help_panel=PRIVACY)(privacy.suspend_scoring)
app.command("resume-scoring", rich_help_panel=PRIVACY)(privacy.resume_scoring)


@app.command()
def docs(folder: Annotated[Path, typer.Option(help="Folder to write.")] = Path("docs")) -> None:
    """Write the documentation that is generated from the declarations."""
    from features.documentation import write_documentation
    from serving.commands.settings_docs import write_settings

    for path in (*write_documentation(folder), write_settings(folder)):
        out.print(str(path))


@app.command()
def demo(
    contracts: Annotated[int, typer.Option(min=100, help="Contracts to draw.")] = 6000,
    years: Annotated[float, typer.Option(min=1, help="Years over which they start.")] = 4,
    seed: Annotated[int, typer.Option(help="Same seed and day, same demo.")] = 0,
    var: Annotated[Path, typer.Option(help="Folder of the demo.")] = VAR / "demo",
    serve: Annotated[bool, typer.Option(help="End by starting the advisors' site.")] = True,
) -> None:
    """Simulate, check, train, promote, score and open the advisors' site."""
    from datetime import timedelta

    from serving.context import system_clock
    from serving.demo import running

    running.stop(var)
    _clear(var)
    extract, today = var / "extract", system_clock().replace(tzinfo=None)
    start = today - timedelta(days=365.25 * years)
    training.simulate(extract, contracts=contracts, years=years, seed=seed, first_start=start)
    check(extract, rejects=var / "rejects", lenient=True)
    training.train(extract, var=var)
    training.promote(var=var)
    bundle, risks = var / "bundles" / "champion", var / "risks.parquet"
    scoring.score(extract, as_of=today, out_file=risks, bundle=bundle, var=var)
    if serve:
        _open_site(var, extract)


@app.command("demo-stop", hidden=True)
def demo_stop(
    var: Annotated[Path, typer.Option(help="Folder of the demo.")] = VAR / "demo",
) -> None:
    """Stop the service that the demo started."""
    from serving.demo import running

    out.print("The service is stopped" if running.stop(var) else "No service to stop")


def _clear(var: Path) -> None:
    """Remove what an earlier demo made."""
    import shutil

    for folder in ("extract", "mlflow", "bundles"):
        shutil.rmtree(var / folder, ignore_errors=True)
    for file in var.glob("vigie.sqlite3*"):
        file.unlink()


def _open_site(var: Path, extract: Path) -> None:
    from features.common.progress import following
    from serving.context import AppContext
    from serving.demo import opening, running

    settings = opening.demo_settings(var, port=running.free_port())
    opened = AppContext.open(settings)
    with following(console=err) as follow:
        passwords = opening.fill(opened, extract, progress=follow)
    opened.close()
    running.start(settings, var)
    out.print(f"\nLe site est ouvert : {settings.public_url}", highlight=False)
    for (email, name, role), password in zip(opening.PEOPLE, passwords.values(), strict=True):
        out.print(
            f"  {name} ({role}) : {email}, mot de passe provisoire {password}",
            markup=False,
            soft_wrap=True,
        )
    out.print("`make demo-stop` l'arrête ; `make demo` recommence tout.", highlight=False)


if __name__ == "__main__":
    main()
