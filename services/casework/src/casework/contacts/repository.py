"""All SQL of first contacts beside their records, raw: every person at a window passes here."""

from datetime import date
from typing import Any

from casework.calendar.service import CALENDAR_VERSION
from common.db import Connection
from common.directory import OPERATING_OFFICE

_OFFICE = f"SELECT *, {CALENDAR_VERSION} AS calendar_version FROM ({OPERATING_OFFICE}) AS office"  # noqa: S608
_SERIAL = (
    "INSERT INTO receipt_serials AS s (prefix, division, day, last) VALUES ($1, $2, $3, 1) "
    "ON CONFLICT (prefix, division, day) DO UPDATE SET last = s.last + 1 RETURNING last"
)


async def look_up(conn: Connection, *, division: str, on: date) -> Any:
    """Office of a registration and the calendar that holds, in one row; see `operating_office_of`."""
    return await conn.fetchrow(_OFFICE, division, on)


async def next_serial(conn: Connection, prefix: str, division: str, day: date) -> int:
    """The next number of an office on a day, without gaps: a transaction that is taken back gives its number back.

    Locks: the office's row of the day, until the transaction ends.
    """
    serial: int = await conn.fetchval(_SERIAL, prefix, division, day)
    return serial
