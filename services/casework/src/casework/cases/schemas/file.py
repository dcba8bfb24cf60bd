"""Answers about what was done with a case, and about its time."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from casework.cases.domain import (
    DOCUMENT_LABELS,
    FORM_LABELS,
    MEDIUM_LABELS,
    OUTCOME_LABELS,
    PURPOSE_LABELS,
    STEP_LABELS,
    Case,
    counted_missing,
)
from casework.cases.schemas.answers import HolderAnswer, OfferAnswer
from casework.cases.service import Explanation
from casework.clock.domain import CLOCK_LABELS, PAUSE_LABELS
from common.contracts.casework.cases import (
    Action,
    CaseTerms,
    ClockEntry,
    ClockName,
    DocumentKind,
    Limit,
    MaterialForm,
    MaterialMedium,
    OfferOutcome,
    OfferPurpose,
    PauseReason,
    ReceivedState,
    StepName,
)
from common.http import AnswerModel, BeijingTime, DivisionCode


class StepAnswer(AnswerModel):
    """A step that was done."""

    step: StepName
    step_label: str
    action: Action
    by: str
    division: DivisionCode
    started_at: BeijingTime
    ended_at: BeijingTime
    opinion: str | None


class SupplementAnswer(AnswerModel):
    """A notice of what is missing."""

    asked_at: BeijingTime
    by: str
    materials: list[str]
    due_on: date
    supplied_at: BeijingTime | None


class SpecialAnswer(AnswerModel):
    """A special procedure."""

    kind: PauseReason
    kind_label: str
    started_at: BeijingTime
    by: str
    reason: str
    is_pausing: bool
    expected: Limit | None
    ended_at: BeijingTime | None
    result: str | None


class ToleranceAnswer(AnswerModel):
    """A material that may come later."""

    material: str
    due_on: date
    supplied_at: BeijingTime | None


class ReceivedAnswer(AnswerModel):
    """Pieces of a material that the office has received."""

    material: str
    form: MaterialForm | None
    form_label: str | None
    count: int
    medium: MaterialMedium
    medium_label: str
    received_at: BeijingTime
    by: str


class AnsweredOfferAnswer(AnswerModel):
    """An offer that waits no more."""

    purpose: OfferPurpose
    purpose_label: str
    division: DivisionCode
    account: str | None
    offered_at: BeijingTime
    by: str
    reason: str | None
    answered_at: BeijingTime
    answered_by: str
    outcome: OfferOutcome
    outcome_label: str


class DocumentAnswer(AnswerModel):
    """A numbered document."""

    kind: DocumentKind
    kind_label: str
    number: str
    issued_at: BeijingTime


class CaseFileAnswer(AnswerModel):
    """What was done with a case."""

    id: UUID
    version: int
    case_number: str
    terms: CaseTerms
    steps: list[StepAnswer]
    holders: list[HolderAnswer]
    offer: OfferAnswer | None
    offers: list[AnsweredOfferAnswer]
    received: list[ReceivedAnswer]
    missing: list[str] = Field(description="事项必备而未登记收到的材料；登记时没有逐项登记收取情况的办件为空。")
    supplements: list[SupplementAnswer]
    specials: list[SpecialAnswer]
    tolerances: list[ToleranceAnswer]
    documents: list[DocumentAnswer]
    ledger: list[ClockEntry]

    @classmethod
    def of_case(cls, case: Case) -> Self:
        """From a case."""
        file = case.file
        return cls.model_validate(
            {
                "id": case.id,
                "version": case.version,
                "case_number": case.case_number,
                "terms": case.terms,
                "steps": [{**dict(one), "step_label": STEP_LABELS[one.step]} for one in file.steps],
                "holders": [HolderAnswer.of(one) for one in file.holders],
                "offer": None if file.offer is None else OfferAnswer.of(file.offer),
                "offers": [
                    {
                        **dict(one),
                        "purpose_label": PURPOSE_LABELS[one.purpose],
                        "outcome_label": OUTCOME_LABELS[one.outcome],
                    }
                    for one in file.offers
                ],
                "received": [_received(one) for one in file.received],
                "missing": list(counted_missing(file)),
                "supplements": [{**dict(one), "materials": list(one.materials)} for one in file.supplements],
                "specials": [{**dict(one), "kind_label": PAUSE_LABELS[one.kind]} for one in file.specials],
                "tolerances": [dict(one) for one in file.tolerances],
                "documents": [{**dict(one), "kind_label": DOCUMENT_LABELS[one.kind]} for one in file.documents],
                "ledger": list(file.ledger),
            }
        )


def _received(one: ReceivedState) -> dict[str, object]:
    form = None if one.form is None else FORM_LABELS[one.form]
    return {**dict(one), "form_label": form, "medium_label": MEDIUM_LABELS[one.medium]}


class LineAnswer(AnswerModel):
    """One reason for a due date."""

    day: date
    text: str
    clause: str | None


class ClockAnswer(AnswerModel):
    """One clock: what it shows today, and why."""

    clock: ClockName
    clock_label: str
    due_on: date | None
    statutory_due_on: date | None
    last_due_on: date | None
    is_running: bool
    is_paused: bool
    elapsed: int
    remaining: int
    overdue: int
    is_provisional: bool
    lines: list[LineAnswer]


class CaseClocks(AnswerModel):
    """The clocks of a case."""

    id: UUID
    version: int
    case_number: str
    clocks: list[ClockAnswer]

    @classmethod
    def of_case(cls, case: Case, clocks: list[Explanation]) -> Self:
        """From the use case's answer."""
        return cls(
            id=case.id,
            version=case.version,
            case_number=case.case_number,
            clocks=[_clock(one) for one in clocks],
        )


def _clock(told: Explanation) -> ClockAnswer:
    members = set(ClockAnswer.model_fields) - {"clock", "clock_label", "lines"}
    return ClockAnswer.model_validate(
        {
            **{name: getattr(told.reading, name) for name in members},
            "clock": told.clock,
            "clock_label": CLOCK_LABELS[told.clock],
            "lines": [LineAnswer(day=one.day, text=one.text, clause=one.clause) for one in told.lines],
        }
    )
