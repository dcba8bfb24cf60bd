"""What registry tells about divisions."""

from common.clock import now
from common.contracts.registry import DIVISION_CHANGED, DIVISION_TOPIC, DivisionState
from common.events import Event
from common.ids import uuid7
from common.telemetry import current_traceparent

SOURCE = "/jiceng/registry"


def division_changed(state: DivisionState) -> tuple[str, Event]:
    """The topic and the event for a division in its new state; order is kept per division row."""
    return DIVISION_TOPIC, Event(
        id=str(uuid7()),
        type=DIVISION_CHANGED,
        source=SOURCE,
        subject=str(state.id),
        time=now(),
        division=state.code,
        level=state.level,
        recordversion=state.version,
        partitionkey=str(state.id),
        data=state.to_bytes(),
        traceparent=current_traceparent(),
    )
