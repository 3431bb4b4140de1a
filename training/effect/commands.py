"""Commands of the effect: `vigie effect`, of a programme or of any table, and a simulated trial."""

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from features.common.errors import InputError

if TYPE_CHECKING:
    from training.effect.table_effect import Columns

out, err = Console(), Console(stderr=True)
VAR = Path("var")


def effect(
    programme: Annotated[
        str | None, typer.Argument(help="Programme: its code in programmes/, or a TOML file.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Morning of the analysis.")
    ] = None,
    extract: Annotated[
        Path | None, typer.Option(help="Extract with its enrolments and follow-ups.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="Any table of a trial instead: CSV, TSV, Parquet, NDJSON.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(help="Column of the outcome.")] = None,
    arm: Annotated[str | None, typer.Option(help="Column of the arm.")] = None,
    covariates: Annotated[
        list[str] | None, typer.Option(help="Columns to adjust for; repeat, or part by commas.")
    ] = None,
    strata: Annotated[
        list[str] | None, typer.Option(help="Columns of the strata; repeat, or part by commas.")
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(help="Column of times; the outcome is then the status, 0 censored."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Column of what goes together, for the adjusted error.")
    ] = None,
    treated: Annotated[str | None, typer.Option(help="Value of the treated arm.")] = None,
    control: Annotated[str | None, typer.Option(help="Value of the arm to compare with.")] = None,
    event: Annotated[str | None, typer.Option(help="Value of the outcome that counts.")] = None,
    level: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Confidence of a table's intervals.")
    ] = 0.95,
    var: Annotated[Path, typer.Option(help="Folder of generated data: reports, runs.")] = VAR,
    track: Annotated[bool, typer.Option(help="Log the report to MLflow as a run.")] = True,
) -> None:
    """Report the effect of a programme, or of the trial in any table, as a sealed folder."""
    from training.effect.report.folder import write_report

    if (programme is None) == (table is None):
        raise InputError("effect: expected a programme or --table, one of them")
    if table is not None:
        columns = _columns(outcome, arm, covariates, strata, time, cluster, treated, control, event)
        found = _of_table(table, columns, level)
        name = f"table-{table.stem}-{columns.outcome}"
    else:
        found = _of_programme(str(programme), extract, as_of, var)
        name = f"{found['plan']['code']}-{found['as_of']}"
    folder = write_report(found, var / "reports" / re.sub(r"[^\w.-]+", "-", name).lower())
    _show(found, folder)
    if track:
        _track(found, folder, var)


def simulate_trial(
    programme: Annotated[str, typer.Argument(help="Programme: its code, or a TOML file.")],
    out_folder: Annotated[Path, typer.Option("--out", help="New folder to write.")],
    effect_name: Annotated[
        str, typer.Option("--effect", help="null, small, cote_d_or, harmful or by_stratum.")
    ] = "small",
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 0,
    first_start: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="First day a contract may start.")
    ] = datetime(2022, 9, 1),  # noqa: DTZ001  # a day, in no zone
    years: Annotated[float, typer.Option(min=0.5, help="Years over which they start.")] = 2,
) -> None:
    """Draw a trial of a programme: records, enrolments and follow-ups, the truth beside."""
    from features.programme.plan_file import find_programme, read_programme
    from training.simulator.trial import EFFECTS, write_trial

    if effect_name not in EFFECTS:
        raise InputError(f"--effect: expected one of {', '.join(EFFECTS)}, got {effect_name}")
    plan = read_programme(find_programme(programme))
    write_trial(
        out_folder,
        plan,
        effect=EFFECTS[effect_name],
        seed=seed,
        first_start=first_start.date(),
        years=years,
    )
    out.print(f"{plan.arms.total} persons drawn, effect {effect_name}, in {out_folder}")


def _of_programme(
    programme: str, extract: Path | None, as_of: datetime | None, var: Path
) -> dict[str, Any]:
    from features.intake.extract import digest
    from features.intake.intake import take_in
    from features.intake.quality_view import reported
    from features.point_in_time.days import as_timestamp
    from features.programme.plan_file import find_programme, read_programme
    from training.effect.enrolments import read_enrolments, read_week_lists
    from training.effect.programme_effect import programme_effect

    if extract is None or as_of is None:
        raise InputError("effect: expected --extract and --as-of beside a programme")
    plan = read_programme(find_programme(programme))
    morning = as_timestamp(as_of)
    enrolled = read_enrolments(extract, programme=plan.code, as_of=morning)
    rejects = var / "rejects"
    intake = reported(take_in(extract), folder=rejects, delivery=extract, console=err)
    return programme_effect(
        intake.records,
        enrolled,
        plan,
        as_of=morning,
        source=extract.name,
        digest=digest(intake.records),
        week_lists=read_week_lists(extract, as_of=morning),
    )


def _of_table(table: Path, columns: "Columns", level: float) -> dict[str, Any]:
    from training.effect.table_effect import read_trial, table_effect

    frame = read_trial(table)
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    return table_effect(frame, columns, level=level, source=table.name, digest=digest)


def _columns(
    outcome: str | None,
    arm: str | None,
    covariates: list[str] | None,
    strata: list[str] | None,
    *others: str | None,
) -> "Columns":
    from training.effect.table_effect import Columns

    if outcome is None or arm is None:
        raise InputError("effect: expected --outcome and --arm beside --table")
    return Columns(outcome, arm, _listed(covariates), _listed(strata), *others)


def _listed(names: list[str] | None) -> tuple[str, ...]:
    """Names given one by one or parted by commas."""
    return tuple(part.strip() for name in names or () for part in name.split(",") if part.strip())


def _show(found: dict[str, Any], folder: Path) -> None:
    from training.effect.view import findings, results

    for line in findings(found):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    out.print(results(found))
    out.print(f"report in {folder}", highlight=False, soft_wrap=True)


def _track(found: dict[str, Any], folder: Path, var: Path) -> None:
    from training.tracking.effects import log_effect
    from training.tracking.store import alone, open_store

    open_store(var)
    with alone(var):
        run_id = log_effect(found, folder)
    out.print(f"run {run_id} in MLflow", highlight=False)
