"""The four services as processes, each carrying all its roles; one that dies is started again.

They are forked from one process that has imported what all of them need: that is a quarter of their memory (ADR 0020).
"""

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path

import httpx

from guard import ForkedProcess, Nursery
from onebox.places import SERVICES, Places

READY_SECONDS = 90.0
STOP_SECONDS = 40.0
_RESTART_PAUSE_SECONDS = 1.0
_LOG_BYTES = 20_000_000
SHARED = (
    "common.process", "common.directory", "common.records.service", "common.policy", "common.workbooks",
    "common.bus.embedded", "sqlalchemy.dialects.postgresql.asyncpg", "uvloop",
)  # fmt: skip
"""What all services import; it starts no thread and opens nothing."""


class ServiceFailed(RuntimeError):
    """A service did not become ready; the text holds the end of its log."""


class Services:
    """Starts, watches and ends the services.

    Args:
        places: the data folder.
        environments: the environment of each service, without HTTP_UDS.
    """

    def __init__(self, places: Places, environments: dict[str, dict[str, str]]) -> None:
        self._places = places
        self._environments = environments
        self._folder = Path(tempfile.mkdtemp(prefix="jiceng-"))
        self._nursery = Nursery(SHARED)
        self._processes: dict[str, ForkedProcess] = {}
        self.restarts = 0

    @property
    def sockets(self) -> dict[str, Path]:
        """Where each service listens: a short 0700 folder, because a socket's path has at most 107 bytes."""
        return {name: self._folder / f"{name}.sock" for name in SERVICES}

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by service."""
        return {name: process.pid for name, process in self._processes.items()}

    def start(self) -> None:
        """Starts all four; it takes as long as what they share is imported.

        Raises:
            ServiceFailed: the process that they are forked from ended meanwhile.
        """
        for name in SERVICES:
            try:
                self._start(name)
            except (OSError, EOFError) as error:
                raise ServiceFailed(f"{name} could not be started: {type(error).__name__}") from error

    def _start(self, name: str) -> None:
        log = self._places.logs / f"{name}.log"
        log.parent.mkdir(mode=0o700, exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        self.sockets[name].unlink(missing_ok=True)
        environment = {**os.environ, **self._environments[name], "HTTP_UDS": str(self.sockets[name])}
        process = self._nursery.child([name, "all"], log=log, environment=environment)
        process.start()
        self._processes[name] = process

    async def wait_ready(self) -> None:
        """Returns when every service answers that it is ready.

        Raises:
            ServiceFailed: one ended, or was not ready in time.
        """
        deadline = time.monotonic() + READY_SECONDS
        await asyncio.gather(*(self._wait_one(name, deadline) for name in SERVICES))

    async def _wait_one(self, name: str, deadline: float) -> None:
        transport = httpx.AsyncHTTPTransport(uds=str(self.sockets[name]))
        async with httpx.AsyncClient(transport=transport, base_url="http://onebox", timeout=5) as client:
            while time.monotonic() < deadline:
                if self._processes[name].has_ended:
                    break
                try:
                    if (await client.get("/readyz")).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise ServiceFailed(f"{name} did not become ready:\n{self._tail(name)}")

    async def watch(self, stop: asyncio.Event) -> None:
        """Starts again what has died, until told to stop."""
        while not stop.is_set():
            for name, process in list(self._processes.items()):
                if process.has_ended and not stop.is_set():
                    self.restarts += 1
                    await asyncio.sleep(_RESTART_PAUSE_SECONDS)
                    with contextlib.suppress(OSError, EOFError):  # tried again in the next turn
                        self._start(name)
            try:
                await asyncio.wait_for(stop.wait(), 0.5)
            except TimeoutError:
                continue

    def stop(self) -> list[str]:
        """Ends all; returns the names of those that had to be killed."""
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        killed = []
        for name, process in self._processes.items():
            if not process.wait(max(0.1, deadline - time.monotonic())):
                process.send_signal(signal.SIGKILL)
                process.wait(5)
                killed.append(name)
        for socket in self.sockets.values():
            socket.unlink(missing_ok=True)
        self._folder.rmdir()
        return killed

    def _tail(self, name: str) -> str:
        log = self._places.logs / f"{name}.log"
        if not log.exists():
            return "(no log)"
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
