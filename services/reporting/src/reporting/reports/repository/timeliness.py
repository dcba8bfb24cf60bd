"""SQL of how punctual one division is over all periods, whether or not it ever began its reports."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from common.db import Connection

_DUE = """
SELECT period_id, due_on, status, first_submitted_at FROM report_places
WHERE division = $1 AND due_on BETWEEN $2 AND $3 ORDER BY due_on, period_id
"""


class DueRows:
    """Places of one division by their days, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def between(self, division: str, first: date, last: date) -> Sequence[Any]:
        """What was due from a day to a day, the first one first."""
        return await self._conn.fetch(_DUE, division, first, last)  # type: ignore[no-any-return]
