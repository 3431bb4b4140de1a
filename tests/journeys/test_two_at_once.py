"""Two commands at once, outputs that show few letters, zones nobody knows: nothing is lost."""

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from features.common.writing import whole_file, whole_folder
from tests.lib.commands import BINARIES, ENVIRONMENT, vigie
from tests.lib.contexts import SECRET
from tests.lib.trained_programme import TrainedProgramme

SOMEWHERE = {"PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}
WRITERS, LINES = 4, 2000


def started(*arguments: object, folder: Path, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own command
        [BINARIES / "vigie", *map(str, arguments)],
        cwd=folder,
        env={**ENVIRONMENT, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


@pytest.mark.slow
def test_two_trainings_that_start_at_once_are_both_registered(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    """Neither loses its run, its bundle or its figures, in a store that neither had made."""
    source = trained_programme.folder
    words = ("train", source / "learned", "--recipe", source / "recipe.toml", "--var", tmp_path)
    both = [started(*words, folder=tmp_path) for _ in range(2)]
    printed = [process.communicate(timeout=900) for process in both]

    assert [process.returncode for process in both] == [0, 0], [err[-800:] for _, err in printed]
    registered = "\n".join(out for out, _ in printed)
    assert "Registered as version 1;" in registered
    assert "Registered as version 2;" in registered
    for version in (1, 2):
        done = vigie("promote", "--version", version, "--var", tmp_path, folder=tmp_path)
        assert "Champion: " in done.out + done.err or done.code == 6, done.err


@pytest.mark.parametrize("environ", [SOMEWHERE, {**os.environ, "PYTHONIOENCODING": "latin-1"}])
def test_an_output_that_shows_no_accent_ends_in_no_traceback(
    environ: dict[str, str], tmp_path: Path
) -> None:
    options = ("--contracts", 40, "--years", 1, "--out", "extract")
    assert vigie("simulate", *options, folder=tmp_path).code == 0
    for words in (
        ("check", "extract", "--lenient"),
        ("check", "nulle-part-à-Orléans"),
        ("--help",),
    ):
        process = started(*words, folder=tmp_path, **environ)
        out, err = process.communicate(timeout=100)
        assert "Traceback" not in err
        assert "UnicodeEncodeError" not in err
        assert process.returncode == (0 if "nulle" not in words[-1] else 3), err
        if environ is SOMEWHERE:
            assert (out + err).isascii()


def test_an_unknown_time_zone_is_one_sentence(tmp_path: Path) -> None:
    for zone in ("Mars/Olympus", "", "../etc/passwd", "Europe"):
        process = started(
            *("rescore",), folder=tmp_path, VIGIE_SECRET_KEY=SECRET, VIGIE_TIME_ZONE=zone
        )
        _, err = process.communicate(timeout=100)
        assert "Traceback" not in err, zone
        assert "VIGIE_TIME_ZONE" in err, zone
        assert "Europe/Paris" in err, zone
        assert process.returncode != 0


def test_writers_of_one_file_never_mix(tmp_path: Path) -> None:
    """The last one stands, whole."""
    path = tmp_path / "rejects.csv"

    def write(writer: int) -> None:
        for _ in range(10):
            with whole_file(path) as temporary, temporary.open("w") as file:
                file.writelines(f"{writer}\n" for _ in range(LINES))

    _at_once(write)
    assert path.read_text() in {f"{n}\n" * LINES for n in range(WRITERS)}
    assert [p.name for p in tmp_path.iterdir()] == ["rejects.csv"]


def test_writers_of_one_folder_never_mix(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"

    def write(writer: int) -> None:
        for _ in range(25):
            with whole_folder(folder, replace=True) as temporary:
                for name in ("a", "b"):
                    (temporary / name).write_text(str(writer))

    _at_once(write)
    assert (folder / "a").read_text() == (folder / "b").read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def _at_once(write: Callable[[int], None]) -> None:
    failures: list[Exception] = []

    def run(writer: int) -> None:
        try:
            write(writer)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
