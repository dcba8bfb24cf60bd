"""Counting what the public asks and files without a token."""

from dataclasses import dataclass
from datetime import timedelta

from casework.limits.domain import window_start
from casework.limits.errors import AskedTooOften
from casework.limits.repository import Questions
from common.clock import now
from common.crypto import FieldCipher
from common.db import Connection

_ADDRESS = "casework.progress.address"
_NUMBER = "casework.progress.case"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and how often one may.

    Attributes:
        per_case: about one number, of a case or of a complaint.
    """

    network: str
    per_address: int
    per_case: int
    window_seconds: int


async def require_seldom(conn: Connection, *, cipher: FieldCipher, asker: Asker, number: str | None = None) -> None:
    """Counts one question, or one filing, before anything is looked up or written.

    The address comes first: who is over its limit is counted no more against the number, and so shuts nobody else's.

    Source: O4.2b, O4.3f.

    Args:
        conn: every statement for itself, so that the count outlives whatever follows.
        number: of the case or complaint that is asked about, whether there is such a one or not.

    Raises:
        AskedTooOften: from this address, or about this number.
    """
    await _count(conn, cipher.blind_index(asker.network, context=_ADDRESS), asker.per_address, asker)
    if number is not None:
        await _count(conn, cipher.blind_index(number, context=_NUMBER), asker.per_case, asker)


async def forget_questions(conn: Connection, *, window_seconds: int, limit: int) -> int:
    """Forgets what was counted in windows that are over; returns how many."""
    return await Questions(conn).forget(before=window_start(now(), seconds=window_seconds), limit=limit)


async def _count(conn: Connection, bucket: bytes, limit: int, asker: Asker) -> None:
    at = now()
    start = window_start(at, seconds=asker.window_seconds)
    if await Questions(conn).count(bucket, start=start) > limit:
        wait = start + timedelta(seconds=asker.window_seconds) - at
        raise AskedTooOften(retry_after_seconds=int(wait.total_seconds()) + 1)
