"""Processes under load: whether they run, and how much memory they hold."""

import subprocess
from contextlib import suppress

import psutil


def is_running(process: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Return whether a process still runs after so long."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    return process.returncode is None


def worker_memory(process: psutil.Process) -> list[float]:
    """Resident bytes of each worker, in MiB; the parent and small helpers are left out."""
    sizes = [child.memory_info().rss / 2**20 for child in process.children(recursive=True)]
    return [size for size in sizes if size > 100] or [process.memory_info().rss / 2**20]


def memory_of(process: psutil.Process) -> str:
    """`worker_memory` in words."""
    return ", ".join(f"{size:.0f}" for size in worker_memory(process))
