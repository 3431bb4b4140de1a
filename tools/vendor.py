"""Bring the front end's libraries into serving/pages/static/vendor, from their npm packages.

`python -m tools.vendor` needs npm and a network; the site needs neither. A package whose digest is
not the one below is refused: to take a newer version, read what changed, then change both here.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parents[1] / "serving" / "pages" / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """What is taken from an npm package, and the digest it must have."""

    folder: str
    name: str
    version: str
    licence: str
    integrity: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "pico",
        "@picocss/pico",
        "2.1.1",
        "MIT",
        "sha512-kIDugA7Ps4U+2BHxiNHmvgPIQDWPDU4IeU6TNRdvXQM1uZX+FibqDQT2xUOnnO2yq/LUHcwnGlu1hvf4KfXnMg==",
        ("css/pico.min.css", "LICENSE.md"),
    ),
    # The 2.x line, because its configuration can forbid eval and inline styles altogether.
    Package(
        "htmx",
        "htmx.org",
        "2.0.11",
        "0BSD",
        "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        ("dist/htmx.min.js", "LICENSE"),
    ),
    Package(
        "uplot",
        "uplot",
        "1.6.32",
        "MIT",
        "sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==",
        ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE"),
    ),
    Package(
        "source-sans",
        "@fontsource-variable/source-sans-3",
        "5.3.0",
        "OFL-1.1",
        "sha512-dpi0GZk7EQe2tYpg6Q0Fx0OmUgnuGu+0rHPgtXqtKhglYmJuP7jZ12Mu1uN+NfRaJRY1Emn8AQJEWzmoZ4wa9g==",
        ("files/source-sans-3-latin-wght-normal.woff2", "LICENSE"),
    ),
)


def digest_of(archive: bytes) -> str:
    """Return the digest npm calls integrity."""
    return "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()


def label_of(package: Package) -> str:
    """Return the text of a library's VENDOR.txt."""
    facts = {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "npm integrity": package.integrity,
        "files": ", ".join(package.files),
    }
    return "".join(f"{name}: {fact}\n" for name, fact in facts.items())


def bring(package: Package) -> None:
    """Fetch, verify and unpack one package. Exits with a sentence when the digest differs."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603  # the arguments are the constants above
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607
            cwd=folder,
            check=True,
            capture_output=True,
        )
        archive = next(Path(folder).glob("*.tgz"))
        got = digest_of(archive.read_bytes())
        if got != package.integrity:
            sys.exit(f"{package.name}: expected {package.integrity}, got {got}")
        _unpack(archive, package)


def _unpack(archive: Path, package: Package) -> None:
    target = TARGET / package.folder
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as opened:
        for file in package.files:
            member = opened.extractfile(f"package/{file}")
            if member is None:
                sys.exit(f"{package.name}: expected {file} in the package, got nothing")
            (target / Path(file).name).write_bytes(member.read())
    (target / "VENDOR.txt").write_text(label_of(package), encoding="utf-8")


if __name__ == "__main__":
    for wanted in PACKAGES:
        bring(wanted)
