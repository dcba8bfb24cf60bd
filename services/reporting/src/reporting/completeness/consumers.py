"""The registry's events: the directory copy, and what it means for who is expected to report."""

from collections.abc import Sequence

from common.consumer import Delivered
from common.contracts.registry import OfficeState
from common.db import Connection
from common.directory import apply_directory
from reporting.completeness.service import note_offices, refresh_places


async def keep_directory(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Takes a batch of divisions and offices into the copy, and refreshes the places that they touch.

    An office that has moved touches two places. Every version counts, also one that a newer one has overtaken: what an
    office was on a day stays. Idempotency: known versions change nothing.
    """
    offices = [delivered.data for delivered in batch if isinstance(delivered.data, OfficeState)]
    await apply_directory(conn, batch)
    await refresh_places(conn, sorted(await note_offices(conn, offices)))
