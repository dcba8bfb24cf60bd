"""Children forked from a process that has already imported what they all need: they share its memory.

The standard library's fork server does the forking. As a `GuardedProcess`, a child cannot outlive us, however we end.
"""

import contextlib
import gc
import multiprocessing
import os
import runpy
import select
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from guard.launcher import ENDING, die_with_parent

_NURSERY = "guard.nursery"


class Nursery:
    """Where children come from.

    Args:
        modules: imported once, before the first child; they must start no thread and open nothing.
    """

    def __init__(self, modules: Sequence[str]) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([_NURSERY, *modules])

    def child(self, command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> "ForkedProcess":
        """A child that is not started yet.

        Args:
            command: a module with its arguments, as after `python -m`.
            log: what it prints is added to this file.
            environment: all that it sees; what the C library reads when a process begins is the nursery's.
        """
        arguments = (list(command), str(log), dict(environment))
        return ForkedProcess(self._context.Process(target=_become, args=arguments, name=command[0], daemon=True))


class ForkedProcess:
    """One child in its own session; it is told to terminate when we end, and on Linux when the nursery does."""

    def __init__(self, process: multiprocessing.context.ForkServerProcess) -> None:
        self._process = process
        self._descriptor: int | None = None
        self._is_gone = False

    @property
    def pid(self) -> int:
        """Process id of the child.

        Raises:
            RuntimeError: it was not started.
        """
        if self._process.pid is None:
            raise RuntimeError("the process was not started")
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the child is gone."""
        return self.wait(0)

    @property
    def returncode(self) -> int | None:
        """Exit status, negative for a signal, 255 if nobody knows it; None while it runs."""
        return self._process.exitcode if self.has_ended else None

    def start(self) -> None:
        """Forks the child; the first one waits for the nursery's imports.

        Raises:
            OSError, EOFError: the nursery ended meanwhile; the next call makes a new one.
        """
        self._process.start()
        if sys.platform == "linux":
            try:
                self._descriptor = os.pidfd_open(self.pid)
            except ProcessLookupError:
                self._is_gone = True

    def wait(self, timeout_seconds: float) -> bool:
        """Waits for the end; whether it came in time.

        On Linux the child itself is asked: what the nursery says of it ends with the nursery.
        """
        if self._descriptor is not None:
            self._is_gone = bool(select.select([self._descriptor], [], [], timeout_seconds)[0])
            if self._is_gone:
                os.close(self._descriptor)
                self._descriptor = None
                self._process.join()
        elif not self._is_gone:
            self._process.join(timeout_seconds)
            self._is_gone = not self._process.is_alive()
        return self._is_gone

    def send_signal(self, number: signal.Signals) -> None:
        """Signals the child; nothing happens when it is gone already."""
        with contextlib.suppress(ProcessLookupError):
            if self._descriptor is not None:
                signal.pidfd_send_signal(self._descriptor, number)
            elif not self.has_ended:
                os.kill(self.pid, number)


def _become(command: list[str], log: str, environment: dict[str, str]) -> None:
    gc.freeze()
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    os.setsid()
    if sys.platform == "linux":
        die_with_parent(sys.modules[_NURSERY].PID, signal.SIGTERM)
    threading.Thread(target=_end_with_us, name="end-with-parent", daemon=True).start()
    os.umask(0o077)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = [folder for folder in sys.path if folder not in {"", str(Path.cwd())}]
    os.chdir("/")
    sys.argv = [*command]
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


def _end_with_us() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
