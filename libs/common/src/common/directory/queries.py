"""Asking the copy."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.clock import today
from common.db import Connection
from common.directory.errors import DivisionRetired, DivisionUnknown, OfficeNotOperating, OfficeUnknown
from common.divisions import Level


@dataclass(frozen=True, slots=True)
class DirectoryOffice:
    """An office as this service knows it."""

    id: UUID
    division: str
    level: Level
    name: str


async def require_division(conn: Connection, code: str, *, on: date | None = None) -> None:
    """Raises unless a division has this code on the given Beijing day (today by default).

    Raises:
        DivisionUnknown: never heard of.
        DivisionRetired: no longer valid.
    """
    day = on or today()
    row = await conn.fetchrow(
        "SELECT bool_or(valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)) AS valid "
        "FROM directory_divisions WHERE code = $1 AND kind <> 'filler'",
        code,
        day,
    )
    if row["valid"] is None:
        raise DivisionUnknown
    if not row["valid"]:
        raise DivisionRetired


async def require_operating_office(conn: Connection, code: str) -> DirectoryOffice:
    """The operating office of a division.

    Raises:
        DivisionUnknown: no such division.
        DivisionRetired: the division is no more.
        OfficeUnknown: the division has no office.
        OfficeNotOperating: it has one that does not serve now.
    """
    rows = await conn.fetch(
        "SELECT id, division, level, name, status FROM directory_offices WHERE division = $1 "
        "ORDER BY (status = 'operating') DESC, id LIMIT 1",
        code,
    )
    if not rows or rows[0]["status"] != "operating":
        await require_division(conn, code)
        if not rows:
            raise OfficeUnknown
        raise OfficeNotOperating
    row = rows[0]
    return DirectoryOffice(row["id"], row["division"], Level(row["level"]), row["name"])
