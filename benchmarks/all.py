"""Everything `make bench` measures, one process each; a failure stops the rest."""

import subprocess
import sys

COMMANDS = (
    ("benchmarks.simulated", "large"),
    ("benchmarks.simulated", "small"),
    ("benchmarks.oulad",),
    ("benchmarks.effect",),
    ("benchmarks.speed", "everything"),
    ("benchmarks.single_case",),
    ("benchmarks.serving", "score"),
    ("benchmarks.serving", "rescore", "--kind", "sqlite"),
    ("benchmarks.serving", "rescore", "--kind", "postgresql"),
    ("benchmarks.serving", "soak"),
    ("benchmarks.pages", "--kind", "sqlite"),
    ("benchmarks.pages", "--kind", "postgresql"),
)

if __name__ == "__main__":
    for command in COMMANDS:
        subprocess.run([sys.executable, "-m", *command], check=True)  # noqa: S603  # our own modules
