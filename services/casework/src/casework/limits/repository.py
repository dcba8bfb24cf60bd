"""All SQL of counting questions."""

from datetime import datetime

from common.db import Connection

_COUNT = """
INSERT INTO progress_questions AS q (bucket, window_start, asked) VALUES ($1, $2, 1)
ON CONFLICT ON CONSTRAINT pk_progress_questions DO UPDATE SET window_start = excluded.window_start,
    asked = CASE WHEN q.window_start = excluded.window_start THEN q.asked + 1 ELSE 1 END
RETURNING asked
"""


class Questions:
    """Questions without a token, counted where all replicas see them."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def count(self, bucket: bytes, *, start: datetime) -> int:
        """Counts one more in the bucket; gives how many there are in the window that began at `start`.

        Locks: the bucket, until the statement ends; the connection commits each for itself.
        """
        asked: int = await self._conn.fetchval(_COUNT, bucket, start)
        return asked

    async def forget(self, *, before: datetime, limit: int) -> int:
        """Forgets windows that are over; returns how many."""
        done = await self._conn.execute(
            "DELETE FROM progress_questions WHERE bucket IN "
            "(SELECT bucket FROM progress_questions WHERE window_start < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
            before,
            limit,
        )
        return int(done.rsplit(" ", 1)[-1])
