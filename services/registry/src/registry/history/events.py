"""The event that carries a state of the registry."""

from common.clock import now
from common.contracts.registry import DivisionChangeState, DivisionState, OfficeState, RecordState, record_of
from common.events import Event
from common.ids import uuid7
from common.telemetry import current_traceparent

SOURCE = "/jiceng/registry"


State = RecordState | OfficeState | DivisionState | DivisionChangeState


def state_changed(state: State) -> tuple[str, Event]:
    """The topic and the event for a record in its new state; order is kept per record."""
    record = record_of(type(state))
    return record.topic, Event(
        id=str(uuid7()),
        type=record.type,
        source=SOURCE,
        subject=str(state.id),
        time=now(),
        division=state.code if isinstance(state, DivisionState) else state.division,
        level=state.level,
        recordversion=state.version,
        partitionkey=str(state.id),
        data=state.to_bytes(),
        traceparent=current_traceparent(),
    )
