"""Who exports, and which offices documents name."""

from collections.abc import Collection

from common.auth import Actor, Role
from common.db import Connection
from common.directory import (
    DirectoryOffice,
    DivisionRetired,
    DivisionUnknown,
    OfficeNotOperating,
    OfficeUnknown,
    find_heirs,
    require_operating_office,
)
from common.uow import UnitOfWork

EXPORTERS = (Role.SYSTEM_CLIENT, Role.BUREAU_SUPERVISOR)
LEADERS = (Role.SYSTEM_CLIENT,)
"""Whose exports may show applicants in clear: programmes of a bureau, never people."""
EXPORT_RECORD = "casework.exchange"
NO_OFFICE = (DivisionRetired, DivisionUnknown, OfficeNotOperating, OfficeUnknown)


async def offices_of(conn: Connection, divisions: Collection[str]) -> dict[str, DirectoryOffice]:
    """The offices of today for some divisions; none where nobody serves any more."""
    heirs = await find_heirs(conn, divisions)
    found: dict[str, DirectoryOffice] = {}
    for division in sorted(divisions):
        try:
            found[division] = await require_operating_office(conn, heirs.get(division, division))
        except NO_OFFICE:
            continue
    return found


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts; the endpoints of these use cases ask for a token."""
    assert uow.actor is not None, "somebody exports"  # noqa: S101
    return uow.actor
