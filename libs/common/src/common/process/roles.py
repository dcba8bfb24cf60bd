"""Running roles side by side in one event loop, and ending them in order."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from common.audit import AuditSealer
from common.bus import PositionLost
from common.consumer import ConsumerRunner, ConsumerStopped
from common.errors import JSON, Unavailable
from common.http import attach, create_probe_app, serve
from common.process.context import Context
from common.process.definition import ServiceDefinition
from common.process.garbage import settle_garbage
from common.relay import Relay
from common.settings import ServiceSettings

ROLES = ("api", "worker", "relay")
DEFAULT_METRICS_PORT = 9090
SELF_STOPPED = (ConsumerStopped, PositionLost)
"""A consumer that has stopped itself: a restart would not help."""
log = structlog.get_logger(__name__)


class ConsumersStopped(Unavailable):
    """At least one consumer has stopped itself; see docs/runbooks."""

    code = "service.consumer-stopped"
    title = "消费者已停止"


class StillStarting(Unavailable):
    """Database or bus have not answered yet."""

    code = "service.starting"
    title = "服务正在启动"


async def run_roles(definition: ServiceDefinition, settings: ServiceSettings, roles: tuple[str, ...]) -> int:
    """Runs the roles until SIGTERM, SIGINT or the failure of one; returns the exit code.

    Order of the end: the API drains its requests first, then consumers finish their batch, then the relay.
    """
    context = Context(definition.name, settings, definition.migrations)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    crew = _Crew(definition, context, stop)
    await crew.start(roles)
    settle_garbage()
    try:
        await stop.wait()
    finally:
        await crew.end()
    return 1 if crew.failed else 0


class _Crew:
    """The tasks of one process."""

    def __init__(self, definition: ServiceDefinition, context: Context, stop: asyncio.Event) -> None:
        self._definition = definition
        self._context = context
        self._stop = stop
        self._end_workers = asyncio.Event()
        self._end_relay = asyncio.Event()
        self._end_servers = asyncio.Event()
        self._servers: list[asyncio.Task[None]] = []
        self._workers: list[asyncio.Task[None]] = []
        self._relays: list[asyncio.Task[None]] = []
        self._runners: list[ConsumerRunner] = []
        self._is_started = False
        self.failed = False

    async def start(self, roles: tuple[str, ...]) -> None:
        """Background roles answer probes from the first moment: a bus that is away is no reason to be killed."""
        if "api" not in roles:
            checks = {
                "start": self._check_started,
                "database": self._context.check_ready,
                "consumers": self._check_runners,
            }
            self._serve(create_probe_app(checks), port=self._context.settings.metrics_port or DEFAULT_METRICS_PORT)
        await _with_patience(lambda: self._context.start(with_bus="worker" in roles or "relay" in roles), self._stop)
        self._is_started = True
        if "api" in roles:
            app = self._definition.create_app(self._context)
            attach(app, readiness={"consumers": self._check_runners})
            self._serve(app)
        if "worker" in roles:
            self._start_workers()
        if "relay" in roles:
            relay = Relay(self._context.db, self._context.bus, service=self._definition.name, wake=self._context.wake)
            self._relays.append(self._watch(relay.run(self._end_relay), "relay"))

    def _start_workers(self) -> None:
        self._runners = list(self._definition.consumers(self._context))
        for runner in self._runners:
            self._workers.append(self._watch(runner.run(self._end_workers), runner.group, survives=SELF_STOPPED))
        for job in self._definition.jobs(self._context):
            self._workers.append(self._watch(job(self._end_workers), "job"))
        sealer = AuditSealer(self._context.db)
        self._workers.append(self._watch(sealer.run(self._end_workers), "audit-sealer"))

    async def _check_started(self) -> None:
        if not self._is_started:
            raise StillStarting

    async def _check_runners(self) -> None:
        """A consumer that stopped itself makes the process unready: a person must look, a restart would not help."""
        stopped: list[JSON] = [runner.group for runner in self._runners if runner.has_stopped]
        if stopped:
            raise ConsumersStopped(groups=stopped)

    def _serve(self, app: Any, *, port: int | None = None) -> None:
        work = serve(app, self._context.settings, stop=self._end_servers, port=port)
        self._servers.append(self._watch(work, "http"))

    def _watch(self, work: Any, name: str, *, survives: tuple[type[BaseException], ...] = ()) -> asyncio.Task[None]:
        """Starts a task whose end ends the process, so that whoever runs it starts it again, but for some failures."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)

        def ended(done: asyncio.Task[None]) -> None:
            if done.cancelled() or self._stop.is_set():
                return
            failure = done.exception()
            log.error("process.role-ended", role=name, error=type(failure).__name__)
            if not isinstance(failure, survives):
                self.failed = True
                self._stop.set()

        task.add_done_callback(ended)
        return task

    async def end(self) -> None:
        self._stop.set()
        self._end_servers.set()
        await _join(self._servers, self._context.settings.http_shutdown_seconds + 5)
        self._end_workers.set()
        await _join(self._workers, 15)
        self._end_relay.set()
        await _join(self._relays, 10)
        await asyncio.wait_for(self._context.stop(), 10)


async def _join(tasks: list[asyncio.Task[None]], seconds: float) -> None:
    if not tasks:
        return
    _, pending = await asyncio.wait(tasks, timeout=seconds)
    for task in pending:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _with_patience(start: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Tries again while database or bus are not there yet: order of start is nobody's business."""
    while not stop.is_set():
        try:
            await start()
        except (Unavailable, OSError, TimeoutError) as error:
            log.warning("process.waits", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1.0)
        else:
            return
