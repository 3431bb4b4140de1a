"""The front door: every command, each importing the rooms it needs when it runs."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from features.errors import BundleError, GateError, InputError, VigieError, exit_code

if TYPE_CHECKING:
    from features.intake import Intake
    from models.bundle import Bundle

app = typer.Typer(
    name="vigie",
    help="Rupture risk of work-study contracts: known in time, explained, judged honestly.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out, err = Console(), Console(stderr=True)

VAR = Path("var")
ExtractPath = Annotated[
    Path, typer.Argument(help="Folder of tables (CSV, Parquet, NDJSON) or dossier V3 JSON.")
]
BundlePath = Annotated[Path, typer.Option(help="Bundle to score with.")]
RecipePath = Annotated[Path, typer.Option(help="Recipe of the run (TOML).")]
Var = Annotated[Path, typer.Option(help="Folder of generated data: runs, bundles, rejects.")]


def main() -> None:
    """Run the command line; an anticipated error is one sentence and an exit code."""
    try:
        app()
    except VigieError as error:
        err.print(f"vigie: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        raise SystemExit(exit_code(error)) from None


@app.command()
def simulate(
    out_folder: Annotated[Path, typer.Option("--out", help="New folder to write.")],
    contracts: Annotated[int, typer.Option(min=1, help="Number of contracts.")] = 6000,
    years: Annotated[float, typer.Option(min=0.5, help="Years over which they start.")] = 4,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 0,
    share_professionalisation: Annotated[
        float, typer.Option(min=0, max=1, help="Share of contrats de professionnalisation.")
    ] = 0.1,
) -> None:
    """Draw a programme: the truth first, then records as an observer would get them."""
    from features.extract import seal
    from features.progress import counting
    from training.simulator import write_simulation

    with counting("drawing contracts", total=contracts, console=err) as advance:
        write_simulation(
            out_folder,
            contracts=contracts,
            years=years,
            seed=seed,
            share_professionalisation=share_professionalisation,
            progress=advance,
        )
    seal(out_folder, source=f"simulator, {contracts} contracts, {years:g} years, seed {seed}")
    out.print(f"{contracts} contracts over {years:g} years in {out_folder}")


@app.command()
def check(
    folder: ExtractPath,
    rejects: Annotated[
        Path | None, typer.Option(help="Folder to write rejects.csv to; default: var/rejects.")
    ] = None,
    lenient: Annotated[bool, typer.Option(help="Exit 0 even when rows were refused.")] = False,
) -> None:
    """Report what an extract holds: counts, refused rows, missing values, contradictions."""
    from features.intake import take_in
    from features.quality import report
    from features.quality_view import render

    intake = take_in(folder)
    for table in render(report(intake)):
        out.print(table)
    if len(intake.rejects):
        path = intake.write_rejects(rejects or VAR / "rejects")
        words = f"check: expected every row to be accepted, got some refused; see {path}"
        if not lenient:
            raise InputError(words)
        out.print(words)


@app.command()
def train(
    extract: ExtractPath,
    recipe: RecipePath = Path("recipes/default.toml"),
    var: Var = VAR,
) -> None:
    """Backtest the candidates, fit the simplest good one, judge it and keep the run in MLflow."""
    import tempfile

    from features.extract import digest
    from features.progress import following
    from models.bundle import save
    from training.figures import draw_figures
    from training.recipe import read_recipe
    from training.report_view import candidates_table
    from training.run import train as run_training
    from training.tracking.runs import log_run
    from training.tracking.store import open_store

    chosen_recipe = read_recipe(recipe)
    records = _take_in(extract, var=var).records
    with following(console=err) as follow:
        run = run_training(
            records,
            chosen_recipe,
            digest=digest(records),
            source=extract.name,
            champion=_champion(var),
            progress=follow,
        )
        follow("MLflow", 1, 1)
        open_store(var)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "bundle"
            save(run.bundle, folder)
            _, version = log_run(run, draw_figures(run), folder=folder)
    out.print(candidates_table(run.comparison.ranking))
    out.print(run.bundle.card, highlight=False, markup=False)
    out.print(f"Registered as version {version}; `vigie promote` puts it in service.")


@app.command()
def promote(
    version: Annotated[str, typer.Option(help="Registered version; default: the newest.")] = "",
    var: Var = VAR,
) -> None:
    """Check the gates, move the champion alias and write the bundle where services look for it."""
    import tempfile

    from features.families import CATALOGUE
    from models.bundle import load
    from training.promotion import install, judge_gates
    from training.report_view import gate_line
    from training.tracking import registry
    from training.tracking.store import open_store

    open_store(var)
    version = version or registry.latest_version()
    champion = _champion(var)
    with tempfile.TemporaryDirectory() as temporary:
        fetched = registry.fetch_bundle(version, Path(temporary))
        bundle = load(fetched, catalogue=CATALOGUE)
        gates = judge_gates(bundle, champion_version=champion.version if champion else None)
        for gate in gates:
            out.print(gate_line(gate), highlight=False, markup=False)
        failed = [gate.name for gate in gates if not gate.holds]
        if failed:
            raise GateError(
                f"promote: expected every gate to hold, got version {version} failing: "
                f"{'; '.join(failed)}; the champion stays"
            )
        folder = install(fetched, var / "bundles", version=bundle.version)
    registry.move_champion(version)
    jaccard = bundle.facts["metrics"]["champion"].get("top_list_jaccard")
    if jaccard is not None:
        out.print(f"Top list shared with the previous champion: {jaccard:.0%} (Jaccard)")
    out.print(f"Champion: {bundle.version} in {folder}")


@app.command()
def score(
    extract: ExtractPath,
    as_of: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Morning to score (YYYY-MM-DD).")
    ],
    out_file: Annotated[Path, typer.Option("--out", help="Parquet file to write.")] = VAR
    / "risks.parquet",
    bundle: BundlePath = VAR / "bundles" / "champion",
    most: Annotated[int, typer.Option(min=0, help="Cases to show on screen.")] = 15,
    var: Var = VAR,
) -> None:
    """Score every open contract on a morning, with reasons in French, most urgent first."""
    from features.cases import open_cases
    from features.days import as_timestamp
    from features.families import CATALOGUE
    from features.progress import counting
    from features.snapshot import Index
    from models.bundle import load
    from serving.risks_file import ranked, risks_table, write_risks
    from serving.scoring import assess

    loaded = load(bundle, catalogue=CATALOGUE)
    records = _take_in(extract, var=var).records
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


@app.command()
def docs(folder: Annotated[Path, typer.Option(help="Folder to write.")] = Path("docs")) -> None:
    """Write the documentation that is generated from the declarations."""
    from features.documentation import write_documentation

    for path in write_documentation(folder):
        out.print(str(path))


@app.command()
def demo(
    contracts: Annotated[int, typer.Option(min=100, help="Contracts to draw.")] = 6000,
    years: Annotated[float, typer.Option(min=1, help="Years over which they start.")] = 4,
    seed: Annotated[int, typer.Option(help="Same seed, same demo.")] = 0,
    var: Var = VAR / "demo",
) -> None:
    """Simulate, check, train, promote and score: the whole road in one command."""
    import shutil

    import pandas as pd

    for made_before in ("extract", "mlflow", "bundles"):
        shutil.rmtree(var / made_before, ignore_errors=True)
    extract = var / "extract"
    simulate(extract, contracts=contracts, years=years, seed=seed)
    check(extract, rejects=var / "rejects", lenient=True)
    train(extract, var=var)
    promote(var=var)
    end = pd.Timestamp("2022-09-01") + pd.Timedelta(days=365.25 * years)
    score(
        extract,
        as_of=end.to_pydatetime(),
        out_file=var / "risks.parquet",
        bundle=var / "bundles" / "champion",
        var=var,
    )


def _take_in(extract: Path, *, var: Path) -> "Intake":
    """Read an extract; refused rows are counted on screen and kept in a file."""
    from features.intake import take_in

    intake = take_in(extract)
    if len(intake.rejects):
        path = intake.write_rejects(var / "rejects")
        err.print(f"{len(intake.rejects)} cells or rows refused, kept in {path}", highlight=False)
    return intake


def _champion(var: Path) -> "Bundle | None":
    """The bundle in service; None before the first promotion, or when it can no longer be read.

    A champion of another catalogue must not stand in the way of the model that replaces it.
    """
    from features.families import CATALOGUE
    from models.bundle import load

    folder = var / "bundles" / "champion"
    if not folder.exists():
        return None
    try:
        return load(folder, catalogue=CATALOGUE)
    except BundleError as error:
        err.print(f"no comparison with the champion: {error}", highlight=False, markup=False)
        return None


if __name__ == "__main__":
    main()
