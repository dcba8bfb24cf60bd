"""Appends to the log."""

from collections.abc import Iterator, Sequence
from typing import Any

from common.bus.embedded.catalogue import Catalogue, Topic
from common.bus.embedded.connections import BROKEN, Connections
from common.bus.embedded.headers import encode_headers
from common.bus.embedded.schema import APPEND, CHANNEL
from common.bus.embedded.tuning import Tuning
from common.bus.errors import BusUnavailable
from common.bus.limits import refuse_too_large
from common.bus.partitioner import partition_of
from common.bus.port import Message

_STATEMENT_BYTES = 8 * 1024 * 1024


class EmbeddedProducer:
    """Appends batches; an acknowledged message is committed and flushed."""

    def __init__(self, connections: Connections, catalogue: Catalogue, tuning: Tuning) -> None:
        self._connections = connections
        self._catalogue = catalogue
        self._tuning = tuning
        self._is_stopped = False

    async def start(self) -> None:
        """Sees that the database answers."""
        self._is_stopped = False
        await self._connections.call(lambda conn: conn.fetchval("SELECT 1"))

    async def stop(self) -> None:
        """There is nothing to let go of: connections belong to the bus."""
        self._is_stopped = True

    async def send(self, messages: Sequence[Message]) -> None:
        """Appends all, in chunks of one transaction each; see the port."""
        if self._is_stopped:
            raise BusUnavailable("stopped")
        refuse_too_large(messages)
        names = list({message.topic for message in messages})
        for chunk in _chunks(messages, self._tuning.rows_per_statement):
            while not await self._append(chunk, await self._catalogue.find(names)):
                pass

    async def _append(self, messages: Sequence[Message], topics: dict[str, Topic]) -> bool:
        """Appends a chunk; False when the connections broke since the topics were looked up: look again."""
        counts: dict[int, int] = {}
        ids: list[int] = []
        places: list[int] = []
        for message in messages:
            partition_ids = topics[message.topic].partition_ids
            id_ = partition_ids[partition_of(message.key, len(partition_ids))]
            place = counts.get(id_, 0)
            counts[id_] = place + 1
            ids.append(id_)
            places.append(place)
        payload = "m " + " ".join(str(id_) for id_ in sorted({topics[message.topic].id for message in messages}))
        columns = (
            [message.key for message in messages],
            [message.value for message in messages],
            [encode_headers(message.headers) for message in messages],
        )

        async def append(conn: Any) -> str | None:
            if not self._catalogue.is_current:
                return None
            done: str = await conn.execute(APPEND, list(counts), list(counts.values()), ids, places, *columns)
            await _wake_readers(conn, payload)
            return done

        done = await self._connections.call(append)
        if done is None:
            return False
        if done != f"INSERT 0 {len(messages)}":
            self._catalogue.forget()
            raise BusUnavailable("a partition is gone")
        return True


async def _wake_readers(conn: Any, payload: str) -> None:
    """After the commit: a NOTIFY inside it would make all writers of the server commit one after another."""
    try:
        await conn.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
    except BROKEN:
        conn.terminate()


def _chunks(messages: Sequence[Message], rows: int) -> Iterator[Sequence[Message]]:
    start = 0
    size = 0
    for index, message in enumerate(messages):
        size += len(message.value)
        if index - start + 1 >= rows or size >= _STATEMENT_BYTES:
            yield messages[start : index + 1]
            start, size = index + 1, 0
    if start < len(messages):
        yield messages[start:]
