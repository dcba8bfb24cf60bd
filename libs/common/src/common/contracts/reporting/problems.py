"""Problems of implementation, told straight to the province (径向省厅反映). Source: G2."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState
from common.divisions import Level

Account = str
"""An account: the token's subject, never a name."""

ProblemStatus = Literal["reported", "taken_up", "asked_back", "supplemented", "merged", "answered", "closed"]
Urgency = Literal["normal", "urgent"]
ExchangeKind = Literal["question", "supplement"]


class ExchangeState(EventData):
    """A question of the province, or what the reporter adds. Source: G2."""

    kind: ExchangeKind
    text: str
    at: Instant
    by: Account


class NoteState(EventData):
    """What an office between the reporter and the province remarks; it decides nothing. Source: G2."""

    division: Division
    level: Level
    text: str
    at: Instant
    by: Account


class AnswerState(EventData):
    """The province's answer.

    Source: G2.

    Attributes:
        round: 1, and 2 after a reopening.
        overdue_days: days after the due day; 0 in time.
    """

    round: int = Field(ge=1, le=2)
    text: str
    at: Instant
    by: Account
    overdue_days: int = Field(ge=0)


class ClosingState(EventData):
    """What the reporter thinks of the answer. Source: G2."""

    is_satisfied: bool
    remark: str | None = None
    at: Instant
    by: Account


class ReopeningState(EventData):
    """Once, with a reason. Source: G2."""

    reason: str
    at: Instant
    by: Account


class FaqState(EventData):
    """Question and answer as the province makes them public. Source: G2, O4.3e."""

    question: str
    answer: str
    at: Instant
    by: Account


class ProblemState(StoredState):
    """One problem; its division is that of the office that reports it, whatever its level.

    Source: G2.

    Attributes:
        number: WT, the day, and eight characters of the id.
        clause: of the policy that it concerns, as in clauses.md; None where it concerns no single one.
        programme: code of the programme that it concerns.
        addressed_to: division of the province's office, which alone answers.
        holder: who took it up at the province.
        due_on: last Beijing day of the limit that runs: to take it up, then to answer; while the
            reporter is asked, if it stays silent; None when it is answered.
        days_left: of the answer's limit when the reporter was asked back; None while the limit runs.
        merged_into: the problem under whose answer this one is answered.
        acted_version: the version of the last step; later ones are notes, which stale nobody's picture of the problem.
        order_ids: supervision orders (督办) that the province issued about it.
    """

    number: str
    title: str
    text: str
    clause: str | None = None
    programme: str | None = None
    urgency: Urgency
    status: ProblemStatus
    reported_by: Account
    reported_at: Instant
    addressed_to: Division
    holder: Account | None = None
    taken_up_at: Instant | None = None
    due_on: date | None = None
    days_left: int | None = None
    exchanges: tuple[ExchangeState, ...] = ()
    notes: tuple[NoteState, ...] = ()
    answers: Annotated[tuple[AnswerState, ...], Field(max_length=2)] = ()
    closing: ClosingState | None = None
    reopening: ReopeningState | None = None
    merged_into: UUID | None = None
    order_ids: tuple[UUID, ...] = ()
    publication: FaqState | None = None
    acted_version: int | None = None


RECORDS: tuple[Record, ...] = (Record("reporting.problem", ProblemState, "实施问题变动"),)
