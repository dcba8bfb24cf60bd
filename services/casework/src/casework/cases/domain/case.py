"""The life of a case: registered → accepted → closed; registered → refused; registered or accepted → withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from casework.cases.domain.applicant import ApplicantKind
from casework.cases.errors import (
    CaseAlreadyAccepted,
    CaseAlreadyClosed,
    CaseAlreadyRefused,
    CaseAlreadyWithdrawn,
    CaseNotAccepted,
)
from common.divisions import Level, level_of
from common.errors import Conflict


class CaseStatus(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


STATUS_LABELS: Mapping[CaseStatus, str] = {
    CaseStatus.REGISTERED: "已收件",
    CaseStatus.ACCEPTED: "已受理",
    CaseStatus.REFUSED: "不予受理",
    CaseStatus.WITHDRAWN: "已撤回",
    CaseStatus.CLOSED: "已办结",
}


class ClosingResult(StrEnum):
    """How a case was closed; Guangdong's 办结结果代码 by name, never by number. Source: standards.md §5."""

    GRANTED = "granted"
    RETURNED = "returned"
    VOIDED = "voided"
    DELETED = "deleted"
    REFERRED = "referred"
    SUPPLEMENT_LAPSED = "supplement_lapsed"
    OTHER = "other"


CLOSING_RESULT_LABELS: Mapping[ClosingResult, str] = {
    ClosingResult.GRANTED: "出证办结",
    ClosingResult.RETURNED: "退回办结",
    ClosingResult.VOIDED: "作废办结",
    ClosingResult.DELETED: "删除办结",
    ClosingResult.REFERRED: "转报办结",
    ClosingResult.SUPPLEMENT_LAPSED: "补正不来办结",
    ClosingResult.OTHER: "办结",
}

_ENDED: Mapping[CaseStatus, type[Conflict]] = {
    CaseStatus.REFUSED: CaseAlreadyRefused,
    CaseStatus.WITHDRAWN: CaseAlreadyWithdrawn,
    CaseStatus.CLOSED: CaseAlreadyClosed,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case at one version, without the applicant's personal data.

    Attributes:
        version: from 1, one more with every change.
        level: of `division`.
        reason: why it was refused or withdrawn.
        handled_by: account of who closed it; the pay of stations is traced to it (O1.4f).
    """

    id: UUID
    version: int
    division: str
    level: Level
    office_id: UUID
    item_code: str
    duty: str
    applicant_kind: ApplicantKind
    status: CaseStatus
    registered_at: datetime
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    closed_at: datetime | None = None
    closing_result: ClosingResult | None = None
    reason: str | None = None
    handled_by: str | None = None

    @property
    def changed_at(self) -> datetime:
        """When it came to its present status."""
        return self.closed_at or self.withdrawn_at or self.refused_at or self.accepted_at or self.registered_at


def register(
    *,
    case_id: UUID,
    division: str,
    office_id: UUID,
    item_code: str,
    duty: str,
    applicant_kind: ApplicantKind,
    at: datetime,
) -> Case:
    """A case as it begins; whether it may begin is asked before (item, office, scope).

    Source: O4.1c.
    """
    return Case(
        id=case_id,
        version=1,
        division=division,
        level=level_of(division),
        office_id=office_id,
        item_code=item_code,
        duty=duty,
        applicant_kind=applicant_kind,
        status=CaseStatus.REGISTERED,
        registered_at=at,
    )


def accept(case: Case, *, at: datetime) -> Case:
    """Takes a registered case on.

    Source: O4.1b.

    Raises:
        CaseAlreadyAccepted: it has been.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    _require_registered(case)
    at = _not_before(case, at)
    return replace(case, version=case.version + 1, status=CaseStatus.ACCEPTED, accepted_at=at)


def refuse(case: Case, *, reason: str, at: datetime) -> Case:
    """Declines a registered case, with the reason that the applicant is told.

    Source: O4.1b.

    Raises:
        CaseAlreadyAccepted: an accepted case is closed or withdrawn, no longer refused.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    _require_registered(case)
    at = _not_before(case, at)
    return replace(case, version=case.version + 1, status=CaseStatus.REFUSED, refused_at=at, reason=reason)


def close(case: Case, *, result: ClosingResult, at: datetime, by: str) -> Case:
    """Ends an accepted case with its result.

    Source: O1.4f, O4.1b; standards.md §5.

    Args:
        by: account of who closes it.

    Raises:
        CaseNotAccepted: it is only registered.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    _require_open(case)
    if case.status is CaseStatus.REGISTERED:
        raise CaseNotAccepted
    at = _not_before(case, at)
    version = case.version + 1
    return replace(case, version=version, status=CaseStatus.CLOSED, closed_at=at, closing_result=result, handled_by=by)


def withdraw(case: Case, *, reason: str, at: datetime) -> Case:
    """Ends a case at the applicant's wish.

    Source: O4.1b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    _require_open(case)
    at = _not_before(case, at)
    return replace(case, version=case.version + 1, status=CaseStatus.WITHDRAWN, withdrawn_at=at, reason=reason)


def _require_open(case: Case) -> None:
    ended = _ENDED.get(case.status)
    if ended is not None:
        raise ended(status=case.status.value)


def _require_registered(case: Case) -> None:
    _require_open(case)
    if case.status is not CaseStatus.REGISTERED:
        raise CaseAlreadyAccepted(status=case.status.value)


def _not_before(case: Case, at: datetime) -> datetime:
    """Clocks of two machines differ a little; the life of a case never runs backwards."""
    return max(at, case.changed_at)
