"""The laws of the service that can be read off its files."""

import ast
import re
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError
from typer.main import get_command

from tests.laws.test_no_clock import days
from tests.lib.commands import BINARIES
from vigie import app

ROOT = Path(__file__).parents[2]
ROOMS = ("features", "models", "training", "serving")
CODE = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
EVERY_FOLDER = (*ROOMS, "benchmarks", "examples", "tests", "tools")
CEILING = 250
CLOCK = ROOT / "serving" / "context.py"
LONGER: dict[str, str] = {  # path: the reason it may be longer
    "serving/store/migrations/versions/0001_initial.py": "every table at once, written by Alembic",
}
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]  # a group, seen as a command


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def committed_files() -> Iterator[Path]:
    """Files that are or would be committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return (ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file())


def test_imports_go_down_only() -> None:
    """The contracts of pyproject.toml, as `make check` runs them."""
    done = subprocess.run(  # noqa: S603 - our own command
        [BINARIES / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_file_is_short_or_says_why_not() -> None:
    """One that is short again, or gone, leaves the list."""
    files = [path for folder in EVERY_FOLDER for path in (ROOT / folder).rglob("*.py")]
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in files}

    assert {name for name, lines in lengths.items() if lines > CEILING} == set(LONGER)


def test_a_unit_test_is_in_the_folder_of_its_room() -> None:
    """Where a reader of the room looks for it."""
    unit = ROOT / "tests" / "unit"
    parts = [path.relative_to(unit).parts for path in unit.rglob("test_*.py")]
    assert {"/".join(p) for p in parts if len(p) == 1 or not (ROOT / p[0]).is_dir()} == set()


@pytest.mark.parametrize(
    "path",
    [p for p in CODE if p.parts[len(ROOT.parts)] in {"training", "serving"} and p != CLOCK],
    ids=name_of,
)
def test_no_clock_below_the_interface(path: Path) -> None:
    """What day it is, is an argument; features/ and models/ have a stricter test of their own."""
    assert list(days(path.read_text(encoding="utf-8"))) == []


def test_the_only_clock_of_the_service_is_where_it_should_be() -> None:
    assert len(list(days(CLOCK.read_text(encoding="utf-8")))) == 1


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nothing_prints_and_every_import_is_absolute(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(level=level) if level > 0:
                pytest.fail(f"line {node.lineno}: relative import")
            case ast.Call(func=ast.Name(id="print")):
                pytest.fail(f"line {node.lineno}: print; the command line owns the screen")


PLACES = {
    "a package registry": r"https?://[^\s\"')]*(pypi|pythonhosted|artifactory|nexus|/simple\b)",
    "an index": r"(?m)^\s*(--(extra-)?index-url|--find-links|index-url\s*=)",
    "a place on a machine": r"(?<![\w/.<])/(home|Users|root|work|mnt)/\w",
}


@pytest.mark.parametrize("what", PLACES)
def test_no_file_names_a_place_that_only_we_have(what: str) -> None:
    """A fresh clone works anywhere."""
    found = [
        name_of(path)
        for path in committed_files()
        if path != Path(__file__)
        and re.search(PLACES[what], path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_every_locked_package_has_its_hashes() -> None:
    """Pinned to one version, hashed, and from whatever index the machine is set to."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [
        line for line in text.splitlines() if line.strip() and not line.startswith((" ", "#"))
    ]

    assert len(packages) > 50
    unpinned = [line for line in packages if not re.match(r"[a-z0-9._-]+==\S+ ", line)]
    assert unpinned == []
    assert [line for line in packages if "--hash=sha256:" not in line] == []


def test_every_dependency_is_locked_and_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[^\w-]", line)[0] for line in wanted]

    silent = [n for n in names if not re.search(rf'(?m)^    "{n}[^"]*", +# \w', text)]
    assert silent == []
    assert [n for n in names if not re.search(rf"(?m)^{n}(\[[^]]*\])?==", lock)] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_has_help(name: str) -> None:
    command = COMMANDS[name]

    assert (command.help or "").endswith(".")
    assert [p.name for p in command.params if not getattr(p, "help", None)] == []


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_make_target_that_is_documented_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    documented = {
        (name_of(page), target)
        for page in pages()
        for target in re.findall(
            r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    documented |= {
        (".ci/run", target)
        for target in re.findall(r"(?m)^make ([a-z-]+)", (ROOT / ".ci/run").read_text())
    }

    assert {target for _, target in documented} >= {"demo", "test", "check"}
    assert {(page, target) for page, target in documented if target not in targets} == set()


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [phony] = re.findall(r"(?m)^\.PHONY: (.*)$", makefile)

    assert [t for t in phony.split() if not re.search(rf"(?m)^{t}:.*## \w", makefile)] == []


def test_every_command_that_is_documented_exists_with_its_options() -> None:
    """A line of a code block that starts with `vigie`, wherever the documentation has one."""
    documented = [
        (name_of(page), line)
        for page in pages()
        for line in re.findall(r"(?m)^vigie (.+)$", page.read_text(encoding="utf-8"))
    ]
    assert documented
    assert [(page, line) for page, line in documented if not _is_a_command(line)] == []


def _is_a_command(line: str) -> bool:
    name, *words = line.partition("#")[0].split()
    if name not in COMMANDS:
        return False
    command = COMMANDS[name]
    if words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words[0]]
    options = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
    return {word.split("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("198.51.100.7", 443)])
def test_the_network_is_off_in_tests(address: tuple[str, int]) -> None:
    """Whatever reaches out fails at once, with or without a network."""
    # The plug-in warns as it raises, and a warning is an error.
    blocked = pytest.raises((SocketConnectBlockedError, UserWarning), match="tried to use socket")
    with socket.socket() as connection, blocked:
        connection.connect(address)


def test_loopback_is_on_in_tests() -> None:
    """Servers of our own can be talked to."""
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
