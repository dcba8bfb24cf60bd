"""What a case says to the other services: its full state, without anything of the applicant but the kind."""

from collections.abc import Mapping

from casework.cases.domain.case import Case, CaseStatus
from common.contracts.casework import (
    CASE_ACCEPTED,
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


def event_of(case: Case, *, traceparent: str | None) -> Event:
    """The event of the change that brought the case to its present status.

    Source: O4.2a.
    """
    case_id = str(case.id)
    return Event(
        id=str(uuid7()),
        type=_TYPES[case.status],
        source=SOURCE,
        subject=case_id,
        time=case.changed_at,
        division=case.division,
        level=case.level.value,
        recordversion=case.version,
        partitionkey=case_id,
        data=_state_of(case).to_bytes(),
        traceparent=traceparent,
    )


def _state_of(case: Case) -> CaseState:
    return CaseState.model_validate(
        {
            "id": case.id,
            "version": case.version,
            "division": case.division,
            "level": case.level,
            "office_id": case.office_id,
            "item_code": case.item_code,
            "duty": case.duty,
            "applicant_kind": case.applicant_kind.value,
            "status": case.status.value,
            "registered_at": case.registered_at,
            "accepted_at": case.accepted_at,
            "refused_at": case.refused_at,
            "withdrawn_at": case.withdrawn_at,
            "closed_at": case.closed_at,
            "closing_result": case.closing_result.value if case.closing_result is not None else None,
            "handled_by": case.handled_by,
        }
    )
