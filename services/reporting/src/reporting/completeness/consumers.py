"""The registry's events: the directory copy, and what it means for who is expected to report."""

from collections.abc import Sequence

from common.consumer import Delivered
from common.contracts.registry import OfficeState
from common.db import Connection
from common.directory import apply_directory
from reporting.completeness.service import divisions_of_offices, refresh_places


async def keep_directory(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Takes a batch of divisions and offices into the copy, and refreshes the places that they touch.

    An office that has moved touches two places. Idempotency: older and equal versions change nothing.
    """
    offices = [delivered.data for delivered in batch if isinstance(delivered.data, OfficeState)]
    before = await divisions_of_offices(conn, [office.id for office in offices])
    await apply_directory(conn, batch)
    touched = before | {office.division for office in offices}
    await refresh_places(conn, sorted(touched))
