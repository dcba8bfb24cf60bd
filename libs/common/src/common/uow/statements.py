"""One statement for the row, its audit entry and its event: a round trip instead of three."""

from typing import Any

from common.audit import AUDIT_INSERT, AuditEntry
from common.events import Event
from common.outbox import INSERT_ONE, row_of

_AUDIT_TYPES = ("text", "char(12)", "text", "text", "text", "char(12)", "text", "text")
_EVENT_TYPES = (
    "text", "uuid", "text", "text", "text", "timestamptz", "char(12)", "text", "integer", "text", "text", "text",
)  # fmt: skip
_EVENT_DATA = len(_AUDIT_TYPES) + len(_EVENT_TYPES) - 1


def places(first: int, types: tuple[str, ...]) -> str:
    """Typed parameters from a number on."""
    return ", ".join(f"${number}::{kind}" for number, kind in enumerate(types, first))


def telling(first: int) -> str:
    """The last part of `WITH written AS (… RETURNING …), <this>`; `sent` has a row if `written` has one.

    The outbox id is drawn while the row's lock is held, because the insert into the outbox reads the written row.
    Source: ADR 0002.

    Args:
        first: number of the first of its parameters, which `told` gives.
    """
    audit, event = places(first, _AUDIT_TYPES), places(first + len(_AUDIT_TYPES), _EVENT_TYPES)
    return (
        f"audited AS ({AUDIT_INSERT} SELECT {audit} FROM written), "  # noqa: S608 - constants
        f"sent AS ({INSERT_ONE} SELECT {event} FROM written RETURNING 1) "
    )


def event_data(first: int) -> str:
    """The data of the event among the parameters of `telling(first)`: what a row keeps of it need not be sent twice."""
    return f"${first + _EVENT_DATA}::text"


def told(audit: AuditEntry, topic: str, event: Event) -> tuple[Any, ...]:
    """The values of the parameters of `telling`; raises as `row_of` does."""
    return (
        audit.actor,
        audit.actor_division,
        audit.action,
        audit.object_type,
        audit.object_id,
        audit.division,
        audit.reason,
        audit.trace_id,
        *row_of(topic, event),
    )
