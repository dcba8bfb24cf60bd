"""A child process that dies with us, and the ones an earlier life left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import psutil

Guard = Literal["pdeathsig", "pipe"]

_LAUNCHER = Path(__file__).with_name("launcher.py")
DEFAULT_GUARD: Guard = "pdeathsig" if sys.platform == "linux" else "pipe"
_END_TIMEOUT_SECONDS = 15.0


class GuardedProcess:
    """One child in its own session that gets SIGTERM when this process ends, however it ends.

    Linux sends the parent-death signal when the *thread* that forked ends, so a thread of our own forks, waits for
    the child, and lives as long as the child does.
    """

    def __init__(self, command: Sequence[str], *, log_fd: int, cwd: Path, guard: Guard = DEFAULT_GUARD) -> None:
        self._command = list(command)
        self._log_fd = log_fd
        self._cwd = cwd
        self._guard = guard
        self._begun = threading.Event()
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="guarded-process", daemon=True)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._started().pid

    @property
    def has_ended(self) -> bool:
        """Whether the child is gone and reaped."""
        return self._ended.is_set()

    def start(self) -> None:
        """Fork the child; raises what the fork raised."""
        self._thread.start()
        self._begun.wait()
        if self._failure is not None:
            raise self._failure

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for the end; whether it came in time."""
        return self._ended.wait(timeout_seconds)

    def send_signal(self, number: signal.Signals) -> None:
        """Signal the child; nothing happens when it is gone already."""
        if not self.has_ended:
            self._started().send_signal(number)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the process was not started")
        return self._process

    def _run(self) -> None:
        read_fd, write_fd = os.pipe()
        try:
            self._process = self._spawn(read_fd)
        except BaseException as error:  # noqa: BLE001 - handed to the caller of start()
            self._failure = error
        finally:
            os.close(read_fd)
            self._begun.set()
        try:
            if self._process is not None:
                self._process.wait()
        finally:
            os.close(write_fd)
            self._ended.set()

    def _spawn(self, pipe_fd: int) -> subprocess.Popen[bytes]:
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), self._guard, str(os.getpid()), str(pipe_fd)]
        return subprocess.Popen(
            [*launcher, *self._command],
            stdin=subprocess.DEVNULL,
            stdout=self._log_fd,
            stderr=self._log_fd,
            cwd=self._cwd,
            start_new_session=True,
            pass_fds=(pipe_fd,) if self._guard == "pipe" else (),
        )


def end_orphans(settings_file: Path) -> None:
    """End every broker that still runs from `settings_file`: asked first, then killed.

    A process is known by its command line, never by a stored pid: numbers are reused.
    """
    orphans = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "kafka.Kafka" in command and str(settings_file) in command:
            orphans.append(process)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in orphans:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        _, orphans = psutil.wait_procs(orphans, timeout=_END_TIMEOUT_SECONDS)
