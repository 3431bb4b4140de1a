"""Rooms and arrows of a package folder: how many parts it has, and which of them import which.

`python -m tools.arrows serving serving/pages features`

A *room* is a direct child of the folder: a module, or a folder that holds modules; `__init__` is
none. An *arrow* leads from a room to another one of the same folder when any file inside the first
imports the second or anything inside it, at the top of the file or within a function; however many
files do so, it is one arrow. A room that no arrow touches is counted apart. An arrow is *upward*
when a layers contract of import-linter (pyproject.toml) puts the room it leads to above the one it
comes from.

At commit 8c40435 this gives serving 34 rooms and 118 arrows, serving/pages 39 and 127, features 30
(`progress` stands apart) and 92. A first count had one room more in serving/pages; grimp, which
import-linter counts with, finds 39 as well.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

ROOT = Path(__file__).parents[1]
Arrow = tuple[str, str]
out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Plan:
    """The rooms of a folder and the arrows between them, in order.

    `upward` is a part of the arrows, or None when no contract puts these rooms into layers.
    """

    rooms: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    upward: tuple[Arrow, ...] | None

    @property
    def alone(self) -> tuple[str, ...]:
        """Return the rooms that no arrow touches."""
        joined = {room for arrow in self.arrows for room in arrow}
        return tuple(room for room in self.rooms if room not in joined)


def plan_of(folder: str, *, root: Path, contracts: Sequence[Mapping[str, Any]] = ()) -> Plan:
    """Return the plan of a package folder under `root`; `contracts` are import-linter's.

    Raises FileNotFoundError for a folder that is not there.
    """
    package = ".".join(Path(folder).parts)
    files = {room: list(_files(root / folder / room)) for room in _rooms(root / folder)}
    arrows = {
        (room, other)
        for room, paths in files.items()
        for path in paths
        for other in _imported(path, package)
        if other in files and other != room
    }
    upward = _upward(arrows, _heights(package, contracts))
    return Plan(tuple(sorted(files)), tuple(sorted(arrows)), upward)


def _rooms(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        is_module = path.suffix == ".py" and path.stem != "__init__"
        if is_module or (path.is_dir() and any(path.rglob("*.py"))):
            yield path.stem


def _files(room: Path) -> Iterator[Path]:
    module = room.with_suffix(".py")
    if module.exists():
        yield module
    yield from sorted(room.rglob("*.py"))


def _imported(path: Path, package: str) -> Iterator[str]:
    """Yield the rooms of the package that a file imports, or something inside of them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                targets = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names, level=0):
                targets = [f"{module}.{alias.name}" for alias in names]
            case _:
                targets = []
        for target in targets:
            if target.startswith(f"{package}."):
                yield target.removeprefix(f"{package}.").partition(".")[0]


def _heights(package: str, contracts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the height of each room that a layers contract names: the lowest layer has 0."""
    heights: dict[str, int] = {}
    for contract in contracts:
        if contract["type"] != "layers":
            continue
        containers = contract.get("containers", [""])
        for height, layer in enumerate(reversed(contract["layers"])):
            names = [name.strip(" ()") for name in layer.replace(":", "|").split("|")]
            for container in containers:
                for name in names:
                    parent, _, room = f"{container}.{name}".strip(".").rpartition(".")
                    if parent == package:
                        heights[room] = height
    return heights


def _upward(arrows: set[Arrow], heights: Mapping[str, int]) -> tuple[Arrow, ...] | None:
    if not heights:
        return None
    known = [arrow for arrow in sorted(arrows) if heights.keys() >= set(arrow)]
    return tuple((lower, upper) for lower, upper in known if heights[lower] < heights[upper])


def contracts_of(root: Path) -> list[dict[str, Any]]:
    """Return the contracts of import-linter in the pyproject.toml of a repository."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = project["tool"].get("importlinter", {}).get("contracts", [])
    return found


def main(
    folders: Annotated[list[str], typer.Argument(help="Package folders, as serving/pages.")],
    root: Annotated[Path, typer.Option(help="The repository to look at.")] = ROOT,
    every: Annotated[bool, typer.Option("--list", help="Name every arrow.")] = False,
) -> None:
    """Count the rooms and arrows of package folders, and name the upward ones."""
    contracts = contracts_of(root)
    for folder in folders:
        plan = plan_of(folder, root=root, contracts=contracts)
        joined, upward = len(plan.rooms) - len(plan.alone), plan.upward or ()
        height = "no layers" if plan.upward is None else f"{len(upward)} upward"
        apart = f"; apart: {', '.join(plan.alone)}" if plan.alone else ""
        out.print(f"{folder}: {joined} rooms, {len(plan.arrows)} arrows, {height}{apart}")
        for arrow in plan.arrows if every else upward:
            out.print(f"  {arrow[0]} -> {arrow[1]}{' (upward)' if arrow in upward else ''}")


if __name__ == "__main__":
    typer.run(main)
