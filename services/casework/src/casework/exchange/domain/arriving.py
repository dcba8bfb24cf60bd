"""Which documents may become cases here, and as what.

Only cases that have ended arrive: an open one has a clock that runs and somebody who is responsible, and neither can be
taken from another system's rows; it is registered anew at the window.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.cases.domain import (
    OFFICE_ACCOUNT,
    Applicant,
    ApplicantKind,
    Case,
    CaseStatus,
    ClosingResult,
    Stage,
    make_applicant,
    make_reason,
)
from casework.cases.errors import (
    ApplicantInvalid,
    IdNumberInvalid,
    NameInvalid,
    PhoneInvalid,
    ReasonHoldsPersonalData,
    UsccInvalid,
)
from casework.exchange.domain.documents import ReadCase
from common.contracts.casework import CaseState
from common.contracts.casework.cases import HolderState

ENDED = frozenset({"refused", "withdrawn", "closed"})
_FREE_TEXTS = frozenset({"reason", "opinion", "result", "materials", "material", "required_materials", "clause"})
_WRONG_APPLICANT = (ApplicantInvalid, IdNumberInvalid, NameInvalid, PhoneInvalid, UsccInvalid)
_LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a document cannot become a case.

    Attributes:
        code: stable, in English.
        reason: in Chinese, without anything of the document.
    """

    code: str
    reason: str


NOT_ENDED = Obstacle("not-ended", "办件尚未结束，只导入已结束的办件")
NO_NUMBER = Obstacle("case-number-missing", "没有办件编号")
NO_APPLICANT = Obstacle("applicant-missing", "没有申请人的完整信息")
WRONG_APPLICANT = Obstacle("applicant-invalid", "申请人的姓名、证件号码或电话不正确")
PERSONAL_TEXT = Obstacle("personal-data", "意见、理由或材料名称中含有疑似身份证号码或手机号码")
BEFORE_ITS_START = Obstacle("times-reversed", "结束时间早于收件时间")


def find_obstacle(read: ReadCase, *, on: date) -> Obstacle | None:
    """The first reason why what was read cannot become a case; None if it can.

    Source: O4.2a; standards.md §2, §9.

    Args:
        read: from a document.
        on: Beijing day of the import.
    """
    state, applicant = read.state, read.applicant
    ended_at = state.closed_at or state.withdrawn_at or state.refused_at
    if state.status not in ENDED or ended_at is None:
        return NOT_ENDED
    if ended_at < state.registered_at:
        return BEFORE_ITS_START
    if not state.case_number or len(state.case_number) > _LONGEST_NUMBER:
        return NO_NUMBER
    if applicant is None:
        return NO_APPLICANT
    if _checked(applicant, on) is None:
        return WRONG_APPLICANT
    return PERSONAL_TEXT if _names_somebody(state) else None


def make_arrival(read: ReadCase, *, office_id: UUID, duty: str, on: date) -> tuple[Case, Applicant]:
    """The case and the applicant, where `find_obstacle` has found none.

    A case of another system that names no holder was its office's.

    Source: O4.2a, O4.3b.

    Args:
        read: from a document.
        office_id: of the office of its division here.
        duty: of its item here.
        on: Beijing day of the import.
    """
    state = read.state
    assert read.applicant is not None, "find_obstacle was asked"  # noqa: S101
    applicant = _checked(read.applicant, on)
    assert applicant is not None, "find_obstacle was asked"  # noqa: S101
    values = {name: getattr(state, name) for name in CaseState.model_fields}
    values |= {"office_id": office_id, "duty": duty, "file": _held(state), "changed_at": _changed_at(state)}
    values |= {
        "applicant_kind": ApplicantKind(state.applicant_kind),
        "status": CaseStatus(state.status),
        "stage": None if state.stage is None else Stage(state.stage),
        "closing_result": _result(state),
        "channel": state.channel or "other",
        "handling": state.handling or "promised",
    }
    return replace(Case(**values), due_on=None, statutory_due_on=None, step_due_on=None), applicant


def _result(state: CaseState) -> ClosingResult | None:
    return ClosingResult(state.closing_result or "other") if state.status == "closed" else None


def _held(state: CaseState) -> Any:
    if state.file.holders:
        return state.file
    account = f"{OFFICE_ACCOUNT}{state.division}"
    holder = HolderState(account=account, division=state.division, since=state.registered_at)
    return state.file.model_copy(update={"holders": (holder,)})


def _changed_at(state: CaseState) -> datetime:
    ends = (state.registered_at, state.accepted_at, state.refused_at, state.withdrawn_at, state.closed_at)
    return max(at for at in (*ends, state.collected_at) if at is not None)


def _checked(applicant: Applicant, on: date) -> Applicant | None:
    is_person = applicant.kind is ApplicantKind.NATURAL_PERSON
    try:
        return make_applicant(
            kind=applicant.kind,
            name=applicant.name,
            id_number=applicant.identifier if is_person else None,
            uscc_code=None if is_person else applicant.identifier,
            phone=applicant.phone,
            on=on,
        )
    except _WRONG_APPLICANT:
        return None


def _names_somebody(state: CaseState) -> bool:
    for text in _free_texts(json.loads(state.model_dump_json())):
        try:
            make_reason(text)
        except ReasonHoldsPersonalData:
            return True
    return False


def _free_texts(value: Any, *, is_free: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        if is_free:
            yield value
    elif isinstance(value, Mapping):
        for name, held in value.items():
            yield from _free_texts(held, is_free=name in _FREE_TEXTS)
    elif isinstance(value, list):
        for held in value:
            yield from _free_texts(held, is_free=is_free)
