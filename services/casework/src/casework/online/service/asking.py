"""How a case stands, for whoever knows its number and the applicant's: no token, no oracle, not too often."""

from dataclasses import dataclass
from datetime import timedelta

from casework.cases.service import CaseView, find_case_by_number
from casework.online.domain import window_start
from casework.online.errors import AskedTooOften, NoSuchCase
from casework.online.repository import Questions
from common.clock import now
from common.crypto import FieldCipher
from common.db import Connection

_ADDRESS = "casework.progress.address"
_CASE = "casework.progress.case"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and how often one may.

    Attributes:
        network: None where the connection has no address (a Unix socket without a proxy that tells).
    """

    network: str | None
    per_address: int
    per_case: int
    window_seconds: int


async def ask_progress(
    conn: Connection, *, cipher: FieldCipher, case_number: str, identifier: str, asker: Asker
) -> CaseView:
    """The case with this number, if the applicant's number fits.

    Every question is counted before anything is looked up, in the database, so that it counts for all replicas and
    stays counted whatever follows. One that is over the limit learns nothing, not even when it would have been right.

    Source: O4.2b.

    Args:
        conn: every statement for itself, so that the count outlives a refusal.

    Raises:
        AskedTooOften: from this address, or about this number.
        NoSuchCase: the number is none, or the identity another; the same was done for both.
    """
    await _require_seldom(conn, cipher, case_number, asker)
    found = await find_case_by_number(conn, cipher, case_number=case_number, identifier=identifier)
    if found is None:
        raise NoSuchCase
    return found


async def forget_questions(conn: Connection, *, window_seconds: int, limit: int) -> int:
    """Forgets what was counted in windows that are over; returns how many."""
    return await Questions(conn).forget(before=window_start(now(), seconds=window_seconds), limit=limit)


async def _require_seldom(conn: Connection, cipher: FieldCipher, case_number: str, asker: Asker) -> None:
    at = now()
    start = window_start(at, seconds=asker.window_seconds)
    limits = {cipher.blind_index(case_number, context=_CASE): asker.per_case}
    if asker.network is not None:
        limits[cipher.blind_index(asker.network, context=_ADDRESS)] = asker.per_address
    counted = await Questions(conn).count(sorted(limits), start=start)
    if any(counted[bucket] > limit for bucket, limit in limits.items()):
        wait = start + timedelta(seconds=asker.window_seconds) - at
        raise AskedTooOften(retry_after_seconds=int(wait.total_seconds()) + 1)
