"""What the benchmarks stand on: a durable PostgreSQL of their own, migrated databases, a little real data."""

import contextlib
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from devkafka.server import KafkaServer
from onebox.postgres import PostgresServer, ServerOptions
from onebox.stack import SEPARATE_ROLES, Stack

STATION = "440304002016"
WARM = 30
"""Reads that are made before any is timed."""


@contextlib.contextmanager
def stack(*, kafka: bool = False, roles: dict[str, tuple[str, str]] | None = None) -> Iterator[Stack]:
    """A prepared stack with fsync on; no process is started."""
    with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        options = ServerOptions(durable=True, shared_buffers_mb=256, max_connections=150)
        postgres = PostgresServer(folder / "postgres", options=options)
        postgres.start()
        broker = None
        if kafka:
            broker = KafkaServer(folder / "kafka")
            broker.start()
        made = Stack(folder, postgres, broker, SEPARATE_ROLES if roles is None else roles)
        try:
            made.prepare([STATION])
            yield made
        finally:
            made.stop()


class Timer:
    """Seconds of a block."""

    def __enter__(self) -> Self:
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began


async def timed(asked: Sequence[Any], read: Callable[[Any], Awaitable[object]], warm: int = WARM) -> list[float]:
    """Milliseconds of each read after the first ones."""
    took = []
    for number, one in enumerate(asked):
        began = time.perf_counter()
        await read(one)
        if number >= warm:
            took.append((time.perf_counter() - began) * 1000)
    return took


def tell(what: str, ours: float, peer: str, theirs: float, unit: str, aim: str) -> None:
    """One line: ours, the peer, the ratio, the aim."""
    ratio = f"ratio {ours / theirs:.2f} (aim {aim})"
    print(f"  {what}: {ours:,.0f} {unit}; {peer}: {theirs:,.0f} {unit}; {ratio}", flush=True)
