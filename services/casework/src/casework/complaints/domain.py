"""Rules of consultations, complaints and reports: who handles them, until when, and how they move on. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from casework.complaints.errors import (
    AccusedCannotHandle,
    AlreadyAppealed,
    AlreadyExtended,
    AppealNotPossible,
    ComplaintNotInState,
    ExtensionRefused,
    FindingDoesNotFit,
    NotPublishable,
    NotTheHandler,
)
from common.clock import beijing_day
from common.contracts.casework.complaints import (
    ComplaintKind,
    ComplaintState,
    ComplaintStatus,
    ComplaintSubject,
    ExtensionState,
    Finding,
    PublicationState,
)
from common.divisions import ancestors_of, contains
from common.policy import parameter

KIND_LABELS: Mapping[ComplaintKind, str] = {"consultation": "咨询", "complaint": "投诉", "report": "举报"}
NUMBER_PREFIXES: Mapping[ComplaintKind, str] = {"consultation": "ZX", "complaint": "TS", "report": "JB"}
SUBJECT_LABELS: Mapping[ComplaintSubject, str] = {
    "attitude": "服务态度",
    "delay": "超时、拖延",
    "refusal": "推诿、拒绝办理",
    "procedure": "违反程序或增加材料",
    "charging": "违规收费",
    "discipline": "违纪违规",
    "information": "信息公开、指引不清",
    "labour_violation": "用人单位违反劳动保障法律",
    "fund_fraud": "骗取社会保险或补贴资金",
    "policy": "政策咨询",
    "other": "其他",
}
STATUS_LABELS: Mapping[ComplaintStatus, str] = {
    "received": "已收到",
    "accepted": "已受理",
    "not_ours": "不属受理范围，已转告",
    "handling": "办理中",
    "replied": "已答复",
    "closed": "已办结",
}
FINDING_LABELS: Mapping[Finding, str] = {
    "substantiated": "属实",
    "partly_substantiated": "部分属实",
    "unsubstantiated": "不属实",
    "unverifiable": "无法查实",
}
ROUND_LABELS: Mapping[int, str] = {1: "初次办理", 2: "复查"}
FIRST, RE_EXAMINATION = 1, 2
PENDING: tuple[ComplaintStatus, ...] = ("received", "accepted", "handling")


def divisions_above(accused: str, guidance: str | None) -> list[str]:
    """Who may handle a complaint about an office: whoever guides it first, then the levels above, nearest first.

    The accused office's own division is never among them, so that what is complained of does not lie in its sight.

    Source: O1.3a, O4.3f.
    """
    above = ancestors_of(accused)
    if guidance is None or guidance not in above:
        return above
    return above[above.index(guidance) :]


def is_about(accused: str, case_division: str) -> bool:
    """Whether a case is one of the office complained of, or of one below; another one is not linked.

    Source: O4.3f.
    """
    return contains(accused, case_division)


def acceptance_days(*, on: date) -> int:
    """Working days to decide whether it is taken on.

    Source: O4.3c, O4.3f; standards.md §6.
    """
    return parameter("complaint_acceptance_working_days", on=on).number


def reply_days(*, on: date) -> int:
    """Working days to reply, from acceptance.

    Source: O4.3c, O4.3f; standards.md §6.
    """
    return parameter("complaint_reply_working_days", on=on).number


def accepted(
    state: ComplaintState, *, by: str, at: datetime, handler: str, days: int, due_on: date, is_provisional: bool
) -> dict[str, Any]:
    """It is taken on, and somebody handles it; the clock of the reply starts.

    Source: O4.3b, O4.3c, O4.3f.

    Raises:
        ComplaintNotInState: decided before.
        AccusedCannotHandle: the handler is complained of.
    """
    _require(state, "received")
    _require_not_accused(state, handler)
    return {
        "status": "accepted",
        "accepted_at": at,
        "accepted_by": by,
        "holder": handler,
        "promised_days": days,
        "due_on": due_on,
        "is_due_provisional": is_provisional,
    }


def not_ours(state: ComplaintState, *, at: datetime, referred_to: str, overdue_days: int) -> dict[str, Any]:
    """It is somebody else's, and the complainant is told whose.

    Source: O4.3b, O4.3f.

    Raises:
        ComplaintNotInState: decided before.
    """
    _require(state, "received")
    return {
        "status": "not_ours",
        "referred_to": referred_to,
        "replied_at": at,
        "due_on": None,
        "overdue_days": overdue_days,
    }


def reassigned(state: ComplaintState, *, handler: str) -> dict[str, Any]:
    """Somebody else handles it.

    Source: O4.3b, O4.3f.

    Raises:
        ComplaintNotInState: not accepted, or answered.
        AccusedCannotHandle: the handler is complained of.
    """
    _require(state, "accepted", "handling")
    _require_not_accused(state, handler)
    return {"status": "accepted", "holder": handler, "taken_up_at": None}


def taken_up(state: ComplaintState, *, by: str, at: datetime) -> dict[str, Any]:
    """Its handler begins (承办时间).

    Source: O4.3f; standards.md §4 (表10).

    Raises:
        ComplaintNotInState, NotTheHandler.
    """
    _require(state, "accepted")
    _require_handler(state, by)
    return {"status": "handling", "taken_up_at": at}


def extended(
    state: ComplaintState, *, by: str, at: datetime, days: int, reason: str, due_on: date, is_provisional: bool
) -> dict[str, Any]:
    """One extension, with a reason, before the day is over.

    Source: O4.3c; standards.md §4 (表10).

    Raises:
        ComplaintNotInState: not accepted, or answered.
        AlreadyExtended: once only.
        ExtensionRefused: too long or too late.
    """
    _require(state, "accepted", "handling")
    if state.extension is not None:
        raise AlreadyExtended
    on = beijing_day(at)
    longest = parameter("complaint_extension_working_days", on=on).number
    if days > longest or (state.due_on is not None and on > state.due_on):
        raise ExtensionRefused(max_working_days=longest)
    extension = ExtensionState(working_days=days, reason=reason, at=at, by=by)
    return {"extension": extension, "due_on": due_on, "is_due_provisional": is_provisional}


def replied(
    state: ComplaintState, *, by: str, at: datetime, finding: Finding | None, accused: str | None, overdue_days: int
) -> dict[str, Any]:
    """Its handler has answered; what was complained of is found true or not.

    Source: O4.3d, O4.3f.

    Args:
        accused: account of whom it is about, where the finding names one.
        overdue_days: working days after the due day, 0 in time.

    Raises:
        ComplaintNotInState, NotTheHandler.
        FindingDoesNotFit: a consultation with one, or something else without.
        AccusedCannotHandle: the handler names themselves.
    """
    _require(state, "handling")
    _require_handler(state, by)
    if (finding is None) != (state.kind == "consultation"):
        raise FindingDoesNotFit
    if accused == by:
        raise AccusedCannotHandle
    return {
        "status": "replied",
        "replied_at": at,
        "finding": finding,
        "accused_account": accused or state.accused_account,
        "due_on": None,
        "overdue_days": overdue_days,
    }


def closed(state: ComplaintState, *, at: datetime) -> dict[str, Any]:
    """It is filed away; the complainant may still ask for re-examination while there is time.

    Source: O4.3f.

    Raises:
        ComplaintNotInState: not answered.
    """
    _require(state, "replied")
    return {"status": "closed", "closed_at": at}


def require_appealable(state: ComplaintState, *, at: datetime) -> None:
    """Once, after an answer or a refusal, within some days, and not for a consultation.

    Source: O4.3f.

    Raises:
        AlreadyAppealed: there is one.
        AppealNotPossible: a consultation, a re-examination, not answered, or too late.
    """
    if state.appeal_id is not None:
        raise AlreadyAppealed
    answered = state.replied_at
    if state.kind == "consultation" or state.round != FIRST or answered is None:
        raise AppealNotPossible
    on = beijing_day(at)
    if on > beijing_day(answered) + timedelta(days=parameter("complaint_appeal_days", on=on).number):
        raise AppealNotPossible


def published(state: ComplaintState, *, by: str, at: datetime, question: str, answer: str) -> dict[str, Any]:
    """A consultation becomes public, in the words of staff.

    Source: O4.3e, O4.3f.

    Raises:
        NotPublishable: no consultation, or not answered.
    """
    if state.kind != "consultation" or state.status not in ("replied", "closed"):
        raise NotPublishable
    return {"publication": PublicationState(question=question, answer=answer, at=at, by=by)}


def is_overdue(state: ComplaintState, *, on: date) -> bool:
    """Whether a decision or a reply came, or is, later than its day.

    Source: O4.3c.
    """
    if state.status in PENDING:
        return state.due_on is not None and on > state.due_on
    return bool(state.overdue_days)


def is_concerned(state: ComplaintState, *, account: str, office_id: object) -> bool:
    """Whether somebody is complained of, or works for the office that is.

    Source: O4.3f.
    """
    is_office = state.accused_office_id is not None and state.accused_office_id == office_id
    return state.accused_account == account or is_office


def _require(state: ComplaintState, *statuses: ComplaintStatus) -> None:
    if state.status not in statuses:
        raise ComplaintNotInState(status=state.status)


def _require_handler(state: ComplaintState, by: str) -> None:
    if state.holder != by:
        raise NotTheHandler


def _require_not_accused(state: ComplaintState, handler: str) -> None:
    if state.accused_account == handler:
        raise AccusedCannotHandle
