"""How a problem moves between the reporter and the province, and its clock. Pure. Source: G2."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from common.clock import beijing_day
from common.contracts.reporting.problems import (
    AnswerState,
    ClosingState,
    ExchangeKind,
    ExchangeState,
    FaqState,
    NoteState,
    ProblemState,
    ProblemStatus,
    ReopeningState,
    Urgency,
)
from common.divisions import Level, ancestors_of, level_of, node_at
from common.errors import PreconditionFailed
from common.policy import parameter
from reporting.problems.errors import (
    AlreadyReopened,
    CannotMerge,
    NotBetween,
    NotesExhausted,
    NotTheProvince,
    NotTheReporter,
    ProblemNotInState,
    ProvinceItself,
    SatisfiedReporter,
)

STATUS_LABELS: Mapping[ProblemStatus, str] = {
    "reported": "已反映",
    "taken_up": "办理中",
    "asked_back": "待补充",
    "supplemented": "已补充",
    "merged": "并案办理",
    "answered": "已答复",
    "closed": "已办结",
}
URGENCY_LABELS: Mapping[Urgency, str] = {"normal": "一般", "urgent": "紧急"}
EXCHANGE_LABELS: Mapping[ExchangeKind, str] = {"question": "省厅询问", "supplement": "补充说明"}
OPEN: tuple[ProblemStatus, ...] = ("reported", "taken_up", "asked_back", "supplemented", "merged")
_ANSWERABLE: tuple[ProblemStatus, ...] = ("taken_up", "supplemented")
_LAST_ROUND = 2
NOTES_OF_AN_OFFICE = 5
"""At most; three offices lie between at most, so that what they note never crowds out the answer."""


def addressee_of(division: str) -> str:
    """The province's division, whoever lies between.

    Source: G2.

    Raises:
        ProvinceItself: the province reports to nobody here.
    """
    province = node_at(division, Level.PROVINCE)
    if province is None or province == division:
        raise ProvinceItself
    return province


def require_province(state: ProblemState, division: str) -> None:
    """Only the province acts on it; the levels between can neither take it up nor answer nor stop it.

    Source: G2.

    Raises:
        NotTheProvince: another office.
    """
    if state.addressed_to != division:
        raise NotTheProvince


def require_reporter(state: ProblemState, division: str, *, heir: str | None = None) -> None:
    """Only the office that reported it says more about it, closes it and reopens it; of a dissolved one its heir.

    Source: G2.

    Raises:
        NotTheReporter: another office.
    """
    if division != (heir or state.division):
        raise NotTheReporter


def take_up_due(*, on: date) -> date:
    """Until when the province takes it up.

    Source: G2.
    """
    return on + timedelta(days=parameter("problem_take_up_days", on=on).number)


def answer_due(urgency: Urgency, *, on: date) -> date:
    """Until when the province answers, from taking it up.

    Source: G2.
    """
    code = "problem_urgent_answer_days" if urgency == "urgent" else "problem_answer_days"
    return on + timedelta(days=parameter(code, on=on).number)


def taken_up(state: ProblemState, *, by: str, at: datetime) -> dict[str, Any]:
    """The province takes it up, and the clock of the answer starts.

    Source: G2.

    Raises:
        ProblemNotInState: taken up before.
    """
    _require(state, "reported")
    due_on = answer_due(state.urgency, on=beijing_day(at))
    return {"status": "taken_up", "holder": by, "taken_up_at": at, "due_on": due_on, "days_left": None}


def asked_back(state: ProblemState, *, by: str, at: datetime, text: str) -> dict[str, Any]:
    """The province asks the reporter; meanwhile the clock stands still, for as long as the pause lasts at most.

    `due_on` is the last day if the reporter stays silent; `days_left` of it run after the pause.

    Source: G2.

    Raises:
        ProblemNotInState: not taken up, asked already, or answered.
    """
    _require(state, *_ANSWERABLE)
    on = beijing_day(at)
    left = (state.due_on - on).days if state.due_on is not None else 0
    return {
        "status": "asked_back",
        "holder": by,
        "due_on": on + timedelta(days=parameter("problem_pause_days", on=on).number + left),
        "days_left": left,
        "exchanges": (*state.exchanges, ExchangeState(kind="question", text=text, at=at, by=by)),
    }


def supplemented(state: ProblemState, *, by: str, at: datetime, text: str) -> dict[str, Any]:
    """The reporter says more; the clock goes on with the days that were left.

    Source: G2.

    Raises:
        ProblemNotInState: nobody asked.
    """
    _require(state, "asked_back")
    return {
        "status": "supplemented",
        "due_on": _resumed(state, beijing_day(at)),
        "days_left": None,
        "exchanges": (*state.exchanges, ExchangeState(kind="supplement", text=text, at=at, by=by)),
    }


def answered(state: ProblemState, *, by: str, at: datetime, text: str) -> dict[str, Any]:
    """The province answers; also whom it has asked, so that a silent or dissolved office leaves nothing hanging.

    Source: G2.

    Raises:
        ProblemNotInState: not taken up, merged, or answered.
    """
    _require(state, *_ANSWERABLE, "asked_back")
    return _with_answer(state, by=by, at=at, text=text)


def answered_with(state: ProblemState, *, by: str, at: datetime, text: str) -> dict[str, Any]:
    """A merged one gets the answer of the one that it was merged into.

    Source: G2.

    Raises:
        ProblemNotInState: not merged.
    """
    _require(state, "merged")
    return _with_answer(state, by=by, at=at, text=text)


def require_leading(state: ProblemState, *, is_leading: bool, of: UUID) -> None:
    """What another one is merged into: open, and itself not merged.

    Source: G2.

    Args:
        is_leading: others are merged into `of`, which therefore cannot be merged itself.

    Raises:
        CannotMerge.
    """
    if state.id == of or is_leading or state.merged_into is not None or state.status not in OPEN:
        raise CannotMerge


def merged(state: ProblemState, *, into: UUID, by: str, at: datetime) -> dict[str, Any]:
    """A duplicate is answered with another one; its own day still counts.

    Source: G2.

    Raises:
        ProblemNotInState: merged, answered or closed.
    """
    _require(state, "reported", "taken_up", "asked_back", "supplemented")
    on = beijing_day(at)
    if state.status == "reported":
        due_on: date | None = answer_due(state.urgency, on=on)
    else:
        due_on = _resumed(state, on) if state.status == "asked_back" else state.due_on
    return {
        "status": "merged",
        "holder": by,
        "taken_up_at": state.taken_up_at or at,
        "merged_into": into,
        "due_on": due_on,
        "days_left": None,
    }


def separated(state: ProblemState, *, by: str) -> dict[str, Any]:
    """It is no duplicate after all, and is answered by itself.

    Source: G2.

    Raises:
        ProblemNotInState: not merged.
    """
    _require(state, "merged")
    return {"status": "taken_up", "merged_into": None, "holder": by}


def closed(state: ProblemState, *, by: str, at: datetime, is_satisfied: bool, remark: str | None) -> dict[str, Any]:
    """The reporter closes it, satisfied or not.

    Source: G2.

    Raises:
        ProblemNotInState: not answered.
    """
    _require(state, "answered")
    return {"status": "closed", "closing": ClosingState(is_satisfied=is_satisfied, remark=remark, at=at, by=by)}


def reopened(state: ProblemState, *, by: str, at: datetime, reason: str) -> dict[str, Any]:
    """Whoever is not satisfied reopens it, once, and it goes to the province again.

    Source: G2.

    Raises:
        ProblemNotInState: not answered.
        SatisfiedReporter, AlreadyReopened.
    """
    _require(state, "answered", "closed")
    if state.closing is not None and state.closing.is_satisfied:
        raise SatisfiedReporter
    if state.reopening is not None:
        raise AlreadyReopened
    return {
        "status": "reported",
        "holder": None,
        "taken_up_at": None,
        "merged_into": None,
        "closing": None,
        "due_on": take_up_due(on=beijing_day(at)),
        "reopening": ReopeningState(reason=reason, at=at, by=by),
    }


def require_seen(state: ProblemState, version: int) -> None:
    """Whoever acts has seen the last step; notes made since change nothing that is decided on, and stop nobody.

    Source: G2.

    Raises:
        PreconditionFailed: a step was taken meanwhile.
    """
    if not (state.acted_version or state.version) <= version <= state.version:
        raise PreconditionFailed(current_version=state.version)


def noted(state: ProblemState, *, division: str, by: str, at: datetime, text: str) -> dict[str, Any]:
    """An office between the reporter and the province remarks something; nothing else changes.

    Source: G2.

    Raises:
        NotBetween: the reporter, the province, or somebody else.
        NotesExhausted: the office has said as much as it may.
    """
    if division not in ancestors_of(state.division) or division == state.addressed_to:
        raise NotBetween
    if sum(note.division == division for note in state.notes) >= NOTES_OF_AN_OFFICE:
        raise NotesExhausted
    note = NoteState(division=division, level=level_of(division), text=text, at=at, by=by)
    return {"notes": (*state.notes, note)}


def published(state: ProblemState, *, by: str, at: datetime, question: str, answer: str) -> dict[str, Any]:
    """Question and answer become public (常见问题), in words without anybody's data.

    Source: G2, O4.3e.

    Raises:
        ProblemNotInState: not answered.
    """
    _require(state, "answered", "closed")
    return {"publication": FaqState(question=question, answer=answer, at=at, by=by)}


def unpublished(state: ProblemState) -> dict[str, Any]:
    """The public reads it no more.

    Source: G2, O4.3e.

    Raises:
        ProblemNotInState: it is not public.
    """
    if state.publication is None:
        raise ProblemNotInState(status=state.status)
    return {"publication": None}


def ordered(state: ProblemState, *, order_id: UUID) -> dict[str, Any]:
    """The province has issued a supervision order (督办) about it.

    Source: G2, S6.

    Raises:
        ProblemNotInState: nobody has taken it up.
    """
    if state.status == "reported":
        raise ProblemNotInState(status=state.status)
    return {"order_ids": (*state.order_ids, order_id)}


def is_overdue(state: ProblemState, *, on: date) -> bool:
    """Whether the province is late; not while the reporter is asked.

    Source: G2.
    """
    return state.due_on is not None and on > state.due_on


def _with_answer(state: ProblemState, *, by: str, at: datetime, text: str) -> dict[str, Any]:
    on = beijing_day(at)
    due_on = _resumed(state, on) if state.status == "asked_back" else state.due_on
    late = max(0, (on - due_on).days) if due_on is not None else 0
    number = 1 if state.reopening is None else _LAST_ROUND
    answer = AnswerState(round=number, text=text, at=at, by=by, overdue_days=late)
    return {"status": "answered", "holder": by, "due_on": None, "days_left": None, "answers": (*state.answers, answer)}


def _resumed(state: ProblemState, on: date) -> date:
    """The days that were left, from the reporter's day; from the end of the pause where that was before."""
    resumed = on + timedelta(days=state.days_left or 0)
    return resumed if state.due_on is None else min(resumed, state.due_on)


def _require(state: ProblemState, *statuses: ProblemStatus) -> None:
    if state.status not in statuses:
        raise ProblemNotInState(status=state.status)
