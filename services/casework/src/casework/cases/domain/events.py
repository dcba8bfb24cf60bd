"""What a case says to the other services: its full state, without anything of the applicant but the kind."""

from collections.abc import Mapping
from enum import StrEnum

from casework.cases.domain.case import Case, CaseStatus
from common.contracts.casework import (
    CASE_ACCEPTED,
    CASE_CHANGED,
    CASE_CLOSED,
    CASE_REFUSED,
    CASE_REGISTERED,
    CASE_WITHDRAWN,
    CaseState,
)
from common.events import Event
from common.ids import uuid7

SOURCE = "/jiceng/casework"

_TYPES: Mapping[CaseStatus, str] = {
    CaseStatus.REGISTERED: CASE_REGISTERED,
    CaseStatus.ACCEPTED: CASE_ACCEPTED,
    CaseStatus.REFUSED: CASE_REFUSED,
    CaseStatus.WITHDRAWN: CASE_WITHDRAWN,
    CaseStatus.CLOSED: CASE_CLOSED,
}


def event_of(case: Case, *, before: CaseStatus | None, traceparent: str | None) -> Event:
    """The event of a change: one of the status's own if it brought the case there, otherwise just that it changed.

    Source: O4.2a.

    Args:
        before: the status before the change; None for a new case.
    """
    is_return = before is CaseStatus.SUPPLEMENTING and case.status is CaseStatus.REGISTERED
    kind = CASE_CHANGED if before is case.status or is_return else _TYPES.get(case.status, CASE_CHANGED)
    case_id = str(case.id)
    return Event(
        id=str(uuid7()),
        type=kind,
        source=SOURCE,
        subject=case_id,
        time=case.changed_at,
        division=case.division,
        level=case.level.value,
        recordversion=case.version,
        partitionkey=case_id,
        data=state_of(case).to_bytes(),
        traceparent=traceparent,
    )


def state_of(case: Case) -> CaseState:
    """What the event carries. Source: O4.2a."""
    values = {name: getattr(case, name) for name in CaseState.model_fields}
    plain = {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}
    return CaseState.model_validate({**plain, "level": case.level})
