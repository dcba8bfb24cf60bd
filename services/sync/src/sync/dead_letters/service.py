"""Use cases of the dead letters."""

from datetime import datetime
from uuid import UUID

from common.auth import Actor, Role, require_role
from common.db import Connection
from sync.dead_letters import repository
from sync.dead_letters.repository import DeadLetterRow

READERS = (Role.AUDITOR, Role.ADMINISTRATOR)


async def list_dead_letters(
    conn: Connection, actor: Actor, *, group: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[DeadLetterRow]:
    """What this service's consumers have set aside, the newest first: place and reason, never the content.

    A message that could not be read has no division, so the role alone decides. Source: ADR 0010.

    Raises:
        RoleRequired: the actor is neither auditor nor administrator.
    """
    require_role(actor, *READERS)
    return await repository.page(conn, group=group, after=after, limit=limit)
