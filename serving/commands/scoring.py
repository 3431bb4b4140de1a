"""`vigie score` assesses an extract without any database, `vigie rescore` what is stored."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from serving.actors import COMMAND
from serving.commands.opening import opened_context

out, err = Console(), Console(stderr=True)
VAR = Path("var")


def score(
    extract: Annotated[
        Path, typer.Argument(help="Folder of tables (CSV, Parquet, NDJSON) or dossier V3 JSON.")
    ],
    as_of: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Morning to score (YYYY-MM-DD).")
    ],
    out_file: Annotated[Path, typer.Option("--out", help="Parquet file to write.")] = VAR
    / "risks.parquet",
    bundle: Annotated[Path, typer.Option(help="Bundle to score with.")] = VAR
    / "bundles"
    / "champion",
    most: Annotated[int, typer.Option(min=0, help="Cases to show on screen.")] = 15,
    var: Annotated[Path, typer.Option(help="Folder of generated data.")] = VAR,
) -> None:
    """Score every open contract on a morning, with reasons in French, most urgent first."""
    from features.common.progress import counting
    from features.families import CATALOGUE
    from features.intake.intake import take_in
    from features.intake.quality_view import reported
    from features.intake.settings import IntakeSettings
    from features.point_in_time.cases import open_cases
    from features.point_in_time.days import as_timestamp
    from features.point_in_time.snapshot import Index
    from models.bundle import load
    from serving.commands.risks_file import ranked, risks_table, write_risks
    from serving.predictor.scorer import assess

    loaded = load(bundle, catalogue=CATALOGUE)
    key = IntakeSettings.of_environment().naming_key
    records = reported(
        take_in(extract, person_key=key), folder=var / "rejects", delivery=extract, console=err
    ).records
    cases = open_cases(records, as_of=as_timestamp(as_of))
    with counting("scoring contracts", total=len(cases), console=err) as advance:
        assessments = ranked(assess(Index.of(records), cases, loaded, progress=advance))
    write_risks(assessments, out_file)
    out.print(risks_table(assessments, most=most))
    left_out = int((assessments["status"] != "assessed").sum())
    out.print(
        f"{len(assessments)} contrats ouverts le {as_of:%d/%m/%Y}, dont {left_out} non évalués ; "
        f"modèle {loaded.version} ; tout est dans {out_file}"
    )


def rescore(
    chunk: Annotated[
        int | None, typer.Option(min=1, hidden=True, help="Contracts written together.")
    ] = None,
) -> None:
    """Assess every open contract for tomorrow's morning, freeze weekly lists; run it nightly."""
    from features.common.progress import following
    from serving.operations.week_lists import freeze_week
    from serving.scoring.nightly_run import CHUNK
    from serving.scoring.nightly_run import rescore as rescore_all

    with opened_context() as context, following(console=err) as follow:
        last = [0]

        def progress(done: int, total: int) -> None:
            follow("assessing contracts", done - last[0], total)
            last[0] = done

        run = rescore_all(context, actor=COMMAND, progress=progress, chunk=chunk or CHUNK)
        frozen = freeze_week(context, actor=COMMAND)
    out.print(
        f"{run.contracts} open contracts for {run.as_of}: {run.scored} assessed, "
        f"{run.unchanged} unchanged; model {run.model_version}"
        + (f"; weekly lists frozen: {frozen}" if frozen else ""),
        highlight=False,
    )
