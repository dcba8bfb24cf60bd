"""Warnings, accountability and the ledger of rewards and penalties (电子监察、责任追究、奖惩台账)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState

WarningKind = Literal[
    "reminder",
    "due_today",
    "overdue",
    "step_overdue",
    "unanswered",
    "supplement_repeated",
    "special_overrun",
    "refused_without_reason",
    "forwarded_late",
]
Colour = Literal["reminder", "yellow", "red"]
ThresholdUnit = Literal["working_days", "times"]
WarningStatus = Literal["raised", "lifted"]
RuleMark = Literal["V", "P", "K"]
ProceedingSource = Literal["warning", "complaint", "rectification", "finding"]
ProceedingStatus = Literal["awaiting_statement", "awaiting_decision", "decided", "appealed", "final"]
AppealResult = Literal["upheld", "changed", "revoked"]
LedgerSubject = Literal["person", "office"]
LedgerSource = Literal["assessment", "award", "accountability", "reversal"]
LedgerDirection = Literal["reward", "penalty"]
Account = Annotated[str, Field(min_length=1, max_length=255)]
"""An account: the token's subject, never a name."""


class RulePeriod(EventData):
    """What a rule says from a day on. Source: O4.3c; standards.md §6.

    Attributes:
        threshold: from how many it warns.
        mark: how sure it is: V read, P on a secondary page, K to be confirmed.
    """

    effective_from: date
    threshold: int = Field(ge=0, le=1000)
    unit: ThresholdUnit
    colour: Colour
    is_active: bool
    clause: str
    document: str
    mark: RuleMark
    to_confirm: str | None = None


class WarningRuleState(StoredState):
    """A rule of e-supervision (监察规则); its periods follow one another. Source: O4.3c; standards.md §4 (表11).

    Attributes:
        number: 监察规则编号.
    """

    number: str = Field(min_length=1, max_length=20)
    kind: WarningKind
    title: str
    periods: tuple[RulePeriod, ...] = Field(min_length=1)


class WarningState(StoredState):
    """One warning (预警) about one thing by one rule for one reason. Source: O4.3c; standards.md §4 (表11).

    Attributes:
        number: 监察编号.
        subject: record that it is about, `casework.case`.
        occurrence: what happened, so that the same is never warned of twice: the due day, which supplement.
        holder: account that held the thing when it was raised; None where nobody did.
        content: 督办内容, Chinese.
        finding: 监察结果描述, Chinese; what is measured now.
        subject_due_on: when the thing is or was due.
    """

    number: str = Field(min_length=1, max_length=20)
    subject: str
    subject_id: UUID
    case_id: UUID | None = None
    item_code: str | None = None
    rule_number: str
    kind: WarningKind
    colour: Colour
    occurrence: str
    status: WarningStatus
    holder: Account | None = None
    content: str
    finding: str
    subject_due_on: date | None = None
    raised_on: date
    raised_at: Instant
    lifted_at: Instant | None = None


class DecisionState(EventData):
    """A decision (处理决定). Source: O4.3d.

    Attributes:
        kind: of `accountability_decision_kinds`.
        division: of who decided.
    """

    kind: str
    reason: str
    by: Account
    division: Division
    decided_at: Instant


class OutcomeState(EventData):
    """What came of an appeal (申诉处理). Source: O4.3d.

    Attributes:
        kind: what stands instead, of `changed`.
    """

    result: AppealResult
    kind: str | None = None
    reason: str
    by: Account
    division: Division
    heard_at: Instant


class ProceedingState(StoredState):
    """A case of accountability (责任追究) of one account. Source: O4.3d.

    The person's statement and the grounds of the appeal are sealed beside it.

    Attributes:
        division: of the office that the person works at.
        source_id: the warning, complaint or rectification; None of a finding.
        barred: accounts that may neither decide nor hear: who brought it about.
        statement_due_on: until when the person may state their side.
        appeal_division: from which division on upwards an appeal is heard.
        due_on: until when the next step may or must be taken; None when it is final.
        standing_kind: what stands in the end; None when nothing does.
        ledger_entry_id: its entry in the ledger of rewards and penalties.
    """

    source: ProceedingSource
    source_id: UUID | None = None
    case_id: UUID | None = None
    person: Account
    grounds: str
    opened_by: Account
    opened_at: Instant
    barred: tuple[Account, ...] = ()
    status: ProceedingStatus
    statement_due_on: date
    stated_at: Instant | None = None
    decision: DecisionState | None = None
    appeal_due_on: date | None = None
    appeal_division: Division | None = None
    appealed_at: Instant | None = None
    outcome: OutcomeState | None = None
    due_on: date | None = None
    finalised_at: Instant | None = None
    standing_kind: str | None = None
    ledger_entry_id: UUID | None = None


class LedgerEntryState(StoredState):
    """One entry of the ledger of rewards and penalties (奖惩台账); never changed, only reversed. Source: O4.3g.

    Attributes:
        person: of an entry about a person.
        kind: of the kinds of rewards and penalties in force on its day.
        points: rewards above 0, penalties below; a reversal takes them back.
        year: that it counts for; of a reversal the year of what it takes back.
        quarter: likewise, 1 to 4.
        reverses: the entry that this one takes back.
    """

    subject: LedgerSubject
    person: Account | None = None
    source: LedgerSource
    source_id: UUID | None = None
    direction: LedgerDirection
    kind: str
    title: str
    points: int
    year: int
    quarter: int = Field(ge=1, le=4)
    entered_on: date
    entered_by: Account | None = None
    reason: str
    reverses: UUID | None = None


RECORDS: tuple[Record, ...] = (
    Record("casework.warning-rule", WarningRuleState, "监察规则变动"),
    Record("casework.warning", WarningState, "监察预警变动"),
    Record("casework.proceeding", ProceedingState, "责任追究变动"),
    Record("casework.ledger-entry", LedgerEntryState, "奖惩台账变动"),
)
