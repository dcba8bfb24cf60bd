"""What the person in front of the terminal sees: bars where there is a terminal, plain lines otherwise."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Display:
    """Prints steps with the time that each took."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self.is_terminal = sys.stdout.isatty()

    def say(self, text: str = "") -> None:
        """One line, as it is."""
        self.console.print(text, markup=False)
        sys.stdout.flush()

    @contextmanager
    def step(self, title: str) -> Iterator["Step"]:
        """One step: a spinner while it runs, a line with its time when it is done."""
        began = time.monotonic()
        step = Step(title)
        if self.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
            with Progress(*columns, console=self.console, transient=True) as progress:
                task = progress.add_task(title, total=None)
                step.report = lambda done, total: progress.update(task, completed=done, total=total)
                yield step
        else:
            yield step
        note = f" · {step.note}" if step.note else ""
        self.say(f"  ✓ {title}{note} ({time.monotonic() - began:.1f} s)")


class Step:
    """What a step may tell while it runs."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.note = ""
        self.report = _nothing


def _nothing(done: int, total: int) -> None:
    del done, total
