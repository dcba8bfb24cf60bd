"""A child process that cannot outlive us, however we end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Guard = Literal["pdeathsig", "pipe"]

_LAUNCHER = Path(__file__).with_name("launcher.py")
DEFAULT_GUARD: Guard = "pdeathsig" if sys.platform == "linux" else "pipe"


@dataclass(frozen=True, slots=True)
class Identity:
    """The account a process runs under; `drops` is true when we have to change to it from root."""

    uid: int
    gid: int
    drops: bool


def launcher_command(command: Sequence[str], identity: Identity, *extra: str) -> list[str]:
    """The command line that runs `command` under `identity` through the launcher."""
    account = ["--uid", str(identity.uid), "--gid", str(identity.gid)] if identity.drops else []
    return [sys.executable, "-I", "-S", str(_LAUNCHER), *extra, *account, "--", *command]


class GuardedProcess:
    """One child process in its own session that gets `death_signal` when this process ends, however it ends.

    Linux sends the parent-death signal when the *thread* that forked ends, so a thread of our own forks, waits for
    the child, and lives as long as the child does.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log_fd: int,
        environment: Mapping[str, str],
        identity: Identity | None = None,
        death_signal: signal.Signals = signal.SIGTERM,
        cwd: Path = Path("/"),
        guard: Guard = DEFAULT_GUARD,
    ) -> None:
        self._command = list(command)
        self._identity = identity or Identity(os.getuid(), os.getgid(), drops=False)
        self._log_fd = log_fd
        self._death_signal = death_signal
        self._environment = dict(environment)
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

    @property
    def returncode(self) -> int | None:
        """Exit status, negative for a signal; None while it runs."""
        return self._started().returncode if self.has_ended else None

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
        tie = ["--guard", self._guard, "--parent", str(os.getpid()), "--signal", str(int(self._death_signal))]
        if self._guard == "pipe":
            tie += ["--pipe-fd", str(pipe_fd)]
        return subprocess.Popen(
            launcher_command(self._command, self._identity, *tie),
            stdin=subprocess.DEVNULL,
            stdout=self._log_fd,
            stderr=self._log_fd,
            env=self._environment,
            cwd=self._cwd,
            start_new_session=True,
            pass_fds=(pipe_fd,) if self._guard == "pipe" else (),
        )
