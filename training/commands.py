"""Commands of training: simulate, train, promote."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from features.common.errors import BundleError, GateError

if TYPE_CHECKING:
    from models.bundle import Bundle

out, err = Console(), Console(stderr=True)
VAR = Path("var")
RecipePath = Annotated[Path, typer.Option(help="Recipe of the run (TOML).")]
Var = Annotated[Path, typer.Option(help="Folder of generated data: runs, bundles, rejects.")]
ExtractPath = Annotated[
    Path, typer.Argument(help="Folder of tables (CSV, Parquet, NDJSON) or dossier V3 JSON.")
]


def simulate(
    out_folder: Annotated[Path, typer.Option("--out", help="New folder to write.")],
    contracts: Annotated[int, typer.Option(min=1, help="Number of contracts.")] = 6000,
    years: Annotated[float, typer.Option(min=0.5, help="Years over which they start.")] = 4,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 0,
    share_professionalisation: Annotated[
        float, typer.Option(min=0, max=1, help="Share of contrats de professionnalisation.")
    ] = 0.1,
    first_start: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="First day a contract may start.")
    ] = datetime(2022, 9, 1),  # noqa: DTZ001  # a day, in no zone
) -> None:
    """Draw a programme: the truth first, then records as an observer would get them."""
    from features.common.progress import counting
    from features.intake.extract import write_manifest
    from training.simulator import write_simulation

    with counting("drawing contracts", total=contracts, console=err) as advance:
        write_simulation(
            out_folder,
            contracts=contracts,
            years=years,
            seed=seed,
            share_professionalisation=share_professionalisation,
            first_start=first_start.date(),
            progress=advance,
        )
    write_manifest(
        out_folder, source=f"simulator, {contracts} contracts, {years:g} years, seed {seed}"
    )
    out.print(f"{contracts} contracts over {years:g} years in {out_folder}")


def train(
    extract: ExtractPath,
    recipe: RecipePath = Path("recipes/default.toml"),
    parent: Annotated[
        Path | None,
        typer.Option(help="Bundle learned elsewhere that candidates may start from."),
    ] = None,
    var: Var = VAR,
) -> None:
    """Backtest the candidates, fit the one chosen, judge it and store the run in MLflow."""
    import tempfile

    from features.common.progress import following
    from features.families import CATALOGUE
    from features.intake.extract import digest
    from features.intake.intake import take_in
    from features.intake.quality_view import reported
    from features.intake.settings import IntakeSettings
    from models.bundle import load, save
    from training.figures import draw_figures
    from training.recipe import read_recipe
    from training.report_view import candidates_table
    from training.run import train as run_training
    from training.tracking.runs import log_run
    from training.tracking.store import alone, open_store

    chosen_recipe = read_recipe(recipe)
    key = IntakeSettings.of_environment().naming_key
    records = reported(
        take_in(extract, person_key=key), folder=var / "rejects", delivery=extract, console=err
    ).records
    with following(console=err) as follow:
        run = run_training(
            records,
            chosen_recipe,
            digest=digest(records),
            source=extract.name,
            champion=_champion(var),
            parent=load(parent, catalogue=CATALOGUE) if parent else None,
            progress=follow,
        )
        follow("MLflow", 1, 1)
        open_store(var)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "bundle"
            save(run.bundle, folder)
            figures = draw_figures(run)
            with alone(var):
                _, version = log_run(run, figures, folder=folder)
    out.print(candidates_table(run.comparison.ranking))
    out.print(run.bundle.card, highlight=False, markup=False)
    out.print(f"Registered as version {version}; `vigie promote` puts it in service.")


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


def _champion(var: Path) -> "Bundle | None":
    """Return the bundle in service.

    None before the first promotion, or when it can no longer be read.

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
