"""Who may read and write programmes."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, OutOfScope, Role, require_role
from common.db import Connection

PREPARERS = (Role.BUREAU_SUPERVISOR, Role.STATISTICIAN)
DECIDERS = (Role.BUREAU_SUPERVISOR,)

Asked = AsyncSession | Connection
"""Reads work on a session's connection or on a raw one."""


async def raw(asked: Asked) -> Connection:
    """The raw connection, in whatever transaction it is."""
    if not isinstance(asked, AsyncSession):
        return asked
    wrapped = await (await asked.connection()).get_raw_connection()
    conn: Any = wrapped.driver_connection
    return conn


def require_own(actor: Actor, division: str, *roles: Role) -> None:
    """Lets through who acts for exactly this division.

    Source: O6.3a.

    Raises:
        RoleRequired: another role is needed.
        OutOfScope: another division's.
    """
    require_role(actor, *roles)
    if actor.division != division:
        raise OutOfScope
