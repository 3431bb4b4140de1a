"""Progress on screen for long work: a bar for one count, lines for the steps of a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


@contextmanager
def counting(words: str, *, total: int, console: Console) -> Iterator[Callable[[int], None]]:
    """A progress bar; the function it gives is called with the number of things just done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.advance(task, done)


@contextmanager
def following(*, console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """One bar per step; the function it gives is called with (step, just done, total or 0)."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def follow(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total or None)
            bar.advance(tasks[step], done)

        yield follow
