"""What registry tells about offices."""

from common.clock import now
from common.contracts.registry import OFFICE_CHANGED, OFFICE_TOPIC, OfficeState
from common.divisions import Level
from common.events import Event
from common.ids import uuid7
from common.telemetry import current_traceparent
from registry.offices.models import Office

SOURCE = "/jiceng/registry"


def state_of(office: Office) -> OfficeState:
    """The row as readers of the event get it."""
    values = {name: getattr(office, name) for name in OfficeState.model_fields}
    return OfficeState.model_validate({**values, "level": Level(office.level)})


def office_changed(state: OfficeState) -> tuple[str, Event]:
    """The topic and the event for an office in its new state; order is kept per office."""
    return OFFICE_TOPIC, Event(
        id=str(uuid7()),
        type=OFFICE_CHANGED,
        source=SOURCE,
        subject=str(state.id),
        time=now(),
        division=state.division,
        level=state.level,
        recordversion=state.version,
        partitionkey=str(state.id),
        data=state.to_bytes(),
        traceparent=current_traceparent(),
    )
