"""Writing audit entries."""

from dataclasses import dataclass

from common.db import Connection

AUDIT_INSERT = (
    "INSERT INTO audit_entries (actor, actor_division, action, object_type, object_id, division, reason, trace_id) "
)
"""The head of a hot path's own statement."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act.

    Attributes:
        actor: subject of the token; never a name or an ID number.
        actor_division: where the actor belongs.
        action: `casework.case.register`, `casework.applicant.disclose`, …
        object_type: `casework.case`, …
        object_id: id of the object.
        division: division of the object.
        reason: what the actor gave as the reason, where one is asked for.
        trace_id: of the request.
    """

    actor: str
    actor_division: str | None
    action: str
    object_type: str
    object_id: str
    division: str | None = None
    reason: str | None = None
    trace_id: str | None = None


async def record(conn: Connection, entry: AuditEntry) -> None:
    """Adds the entry to the transaction of the act."""
    await conn.execute(
        AUDIT_INSERT + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        entry.actor,
        entry.actor_division,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.division,
        entry.reason,
        entry.trace_id,
    )
