"""Asking the copy."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.clock import today
from common.db import Connection
from common.directory.errors import DivisionRetired, DivisionUnknown, OfficeNotOperating, OfficeUnknown
from common.divisions import Level


@dataclass(frozen=True, slots=True)
class DirectoryOffice:
    """An office as this service knows it.

    Attributes:
        uscc: unified social credit code; None where the registry has none.
        phone: of the office.
        guidance_division: whose office guides it (业务指导).
        complaint_phone: of the office that guides it.
    """

    id: UUID
    division: str
    level: Level
    name: str
    uscc: str | None = None
    phone: str | None = None
    guidance_division: str | None = None
    complaint_phone: str | None = None


_VALIDITY = (
    "SELECT bool_or(valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)) "
    "FROM directory_divisions WHERE code = $1 AND kind <> 'filler'"
)
OPERATING_OFFICE = (
    f"SELECT ({_VALIDITY}) AS is_valid, o.* FROM (SELECT) AS one LEFT JOIN LATERAL ("  # noqa: S608 - constants
    "SELECT id, division, level, name, status, uscc, phone AS office_phone, guidance_division, "
    "(SELECT phone FROM directory_offices AS guide WHERE guide.division = office.guidance_division "
    "ORDER BY (guide.status = 'operating') DESC, guide.id LIMIT 1) AS complaint_phone "
    "FROM directory_offices AS office WHERE division = $1 "
    "ORDER BY (status = 'operating') DESC, id LIMIT 1) AS o ON true"
)
"""For a hot path's own statement: one row for division $1 on day $2, to be read by `operating_office_of`."""

WITHIN = "coalesce((SELECT heir FROM directory_heirs WHERE code = {column}), {column}) BETWEEN {low} AND {high}"
"""A condition: the division lies in a subtree of today's tree, a retired one where its heir lies; for `str.format`."""


_CROSSED = (
    "SELECT code, true AS is_ours FROM directory_heirs WHERE heir BETWEEN $1 AND $2 AND code NOT BETWEEN $1 AND $2 "
    "UNION ALL "
    "SELECT code, false FROM directory_heirs WHERE code BETWEEN $1 AND $2 AND heir NOT BETWEEN $1 AND $2"
)


async def find_crossed(conn: Connection, bounds: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Retired divisions outside a subtree with heirs in it, and the reverse; almost always none.

    For statements over many rows, which cannot ask `WITHIN` of each of them. Source: ADR 0014.
    """
    rows = await conn.fetch(_CROSSED, *bounds)
    return [row["code"] for row in rows if row["is_ours"]], [row["code"] for row in rows if not row["is_ours"]]


async def find_heirs(conn: Connection, codes: Collection[str]) -> dict[str, str]:
    """Retired code → the code that took over, as far as that is known; codes in force are absent.

    Source: standards.md §1 (Order 79), architecture.md §5.
    """
    rows = await conn.fetch("SELECT code, heir FROM directory_heirs WHERE code = ANY($1::text[])", list(codes))
    return {row["code"]: row["heir"] for row in rows}


async def find_successions(conn: Connection, codes: Collection[str]) -> dict[str, tuple[str, date | None]]:
    """Retired code → the code that took over, and from which day on if that is known; codes in force are absent.

    Source: standards.md §1 (Order 79), architecture.md §5.
    """
    rows = await conn.fetch(
        "SELECT code, heir, (SELECT max(valid_to) FROM directory_divisions d WHERE d.code = h.code) AS since "
        "FROM directory_heirs h WHERE code = ANY($1::text[])",
        list(codes),
    )
    return {row["code"]: (row["heir"], row["since"]) for row in rows}


async def find_places(conn: Connection, code: str) -> list[str]:
    """The codes under which what belongs to a division lies: its own and those that it took over.

    None for a division that another took over: nothing lies there any more.

    Source: standards.md §1 (Order 79), architecture.md §5.
    """
    rows = await conn.fetch("SELECT code FROM directory_heirs WHERE heir = $1 OR code = $1 ORDER BY code", code)
    codes = [row["code"] for row in rows]
    return [] if code in codes else [code, *codes]


async def require_division(conn: Connection, code: str, *, on: date | None = None) -> None:
    """Raises unless a division has this code on the given Beijing day (today by default).

    Raises:
        DivisionUnknown: never heard of.
        DivisionRetired: no longer valid.
    """
    is_valid = await conn.fetchval(_VALIDITY, code, on or today())
    if is_valid is None:
        raise DivisionUnknown
    if not is_valid:
        raise DivisionRetired


async def require_operating_office(conn: Connection, code: str) -> DirectoryOffice:
    """The operating office of a division.

    Raises:
        DivisionUnknown: no such division.
        DivisionRetired: the division is no more.
        OfficeUnknown: the division has no office.
        OfficeNotOperating: it has one that does not serve now.
    """
    return operating_office_of(await conn.fetchrow(OPERATING_OFFICE, code, today()))


def operating_office_of(row: Any) -> DirectoryOffice:
    """The office in a row of OPERATING_OFFICE; raises as `require_operating_office` does."""
    if row["is_valid"] is None:
        raise DivisionUnknown
    if not row["is_valid"]:
        raise DivisionRetired
    if row["id"] is None:
        raise OfficeUnknown
    if row["status"] != "operating":
        raise OfficeNotOperating
    return DirectoryOffice(
        row["id"],
        row["division"],
        Level(row["level"]),
        row["name"],
        uscc=row["uscc"],
        phone=row["office_phone"],
        guidance_division=row["guidance_division"],
        complaint_phone=row["complaint_phone"],
    )
