"""What reporting publishes of plans: versions, filings, execution, five-year plans. Source: O6.2a-O6.2c, S4."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState

FilingStatus = Literal["to_file", "filed", "returned", "accepted"]
FilingActKind = Literal["file", "return", "accept"]
PlanStatus = Literal["draft", "approved", "filed", "returned", "accepted", "superseded"]
LineChangeKind = Literal["added", "changed", "removed"]
LineStatus = Literal["not_started", "under_way", "done", "cancelled"]
StageStatus = Literal["closed", "open", "passed", "waived"]


class PlanStage(EventData):
    """A stage (阶段); a stage opens when the one before it is passed or waived. Source: S4."""

    code: str
    title: str
    starts_on: date
    ends_on: date


class PlanLine(EventData):
    """One line: what, by which measure, by whom, in which stage, until when. Source: S4.

    Attributes:
        id: the same in every version.
        item: what is to be done.
        measure: the policy measure (政策措施).
        owner: the responsible body.
        owner_division: where that body is; None where it is the city's own.
        towns: how many towns the line covers; None where it is not counted.
    """

    id: UUID
    item: str
    measure: str
    owner: str
    owner_division: Division | None = None
    stage: str
    due_on: date
    towns: int | None = Field(default=None, ge=0)


class LineChange(EventData):
    """What became of a line since the version before; `members` of a changed one."""

    line_id: UUID
    kind: LineChangeKind
    members: tuple[str, ...] = ()


class Approval(EventData):
    """The city's own approval, before it files. Source: O6.2c.

    Attributes:
        body: that approved it.
        document: its 文号; None where there is none.
    """

    body: str
    document: str | None = None
    on: date
    at: Instant
    by: str


class PlanState(StoredState):
    """One version of a city's plan. Source: O6.2c, S4.

    Attributes:
        filing_id: of the city's filing.
        number: of the version, from 1.
        based_on: number of the version that it changes.
        changes: line by line, against that version.
        reason: why there is this version.
    """

    filing_id: UUID
    programme_id: UUID
    number: int = Field(ge=1)
    based_on: int | None = None
    title: str
    stages: tuple[PlanStage, ...] = Field(min_length=1)
    lines: tuple[PlanLine, ...] = Field(min_length=1)
    changes: tuple[LineChange, ...] = ()
    reason: str
    approval: Approval | None = None
    status: PlanStatus = "draft"


class ReturnReason(EventData):
    """One of the reasons of a return; `line_id` and `clause` where it is about one."""

    text: str
    line_id: UUID | None = None
    clause: str | None = None


class FilingAct(EventData):
    """One step of a filing.

    Attributes:
        on: the Beijing day on which it happened; earlier than `at` where it was entered afterwards.
        plan: number of the version.
        days_late: of a filing: days after the day that it was due, or to be corrected by; 0 in time.
        number: 备案号, of an acceptance.
        reasons: of a return, all at once.
        correct_by: of a return: until when it is to be filed again.
    """

    kind: FilingActKind
    on: date
    at: Instant
    by: str
    plan: int = Field(ge=1)
    days_late: int | None = None
    number: str | None = None
    reasons: tuple[ReturnReason, ...] = ()
    correct_by: date | None = None


class FilingState(StoredState):
    """The filing (备案) of a city's plan; one per city and programme. Lateness is derived, never a state of its own.

    Source: O6.2b, O6.2c.

    Attributes:
        division: the city.
        due_on: as the programme said on the first filing, before it as it said when preparing began; None: no day.
        draft: number of the version being prepared.
        pending: number of the version that was filed and is not decided.
        in_force: number of the version that was accepted last; it stays while a newer one is filed.
        versions: how many there are.
        number: 备案号 of the version in force.
        first_filed_on: what lateness is judged by.
        days_late: of the first filing.
        correct_by: until when a returned plan is to be filed again.
        acts: every step, the first one first.
    """

    programme_id: UUID
    status: FilingStatus = "to_file"
    due_on: date | None
    draft: int | None = None
    pending: int | None = None
    in_force: int | None = None
    versions: int = Field(ge=0)
    number: str | None = None
    first_filed_on: date | None = None
    days_late: int | None = None
    correct_by: date | None = None
    acts: tuple[FilingAct, ...] = ()


class Evidence(EventData):
    """What shows that something was done; `digest` of a file that is kept elsewhere."""

    title: str
    number: str | None = None
    digest: str | None = None


class LineProgress(EventData):
    """How far a line is. Source: S4."""

    line_id: UUID
    status: LineStatus
    on: date
    at: Instant
    by: str
    note: str | None = None
    evidence: tuple[Evidence, ...] = ()


class StageProgress(EventData):
    """How a stage stands.

    Attributes:
        reason: of a waiver.
        document: that a waiver rests on.
    """

    stage: str
    status: StageStatus
    on: date | None = None
    at: Instant | None = None
    by: str | None = None
    reason: str | None = None
    document: str | None = None


class ExecutionState(StoredState):
    """How the plan in force is carried out: lines and stages as they stand. Source: O6.2c, S4.

    Attributes:
        plan: number of the version in force.
        lines: the newest progress of each line; a line without an entry has not started.
        stages: in the order of the plan.
    """

    filing_id: UUID
    programme_id: UUID
    plan: int = Field(ge=1)
    lines: tuple[LineProgress, ...] = ()
    stages: tuple[StageProgress, ...] = ()


class LineEntryState(StoredState):
    """One entry about a line's progress, kept as it was made. Source: S4."""

    filing_id: UUID
    plan: int = Field(ge=1)
    entry: LineProgress


class InclusionState(StoredState):
    """The programme stands in the five-year plan of a government; its division is that government's. Source: O6.2a.

    Attributes:
        five_year_plan: which one: 十二五.
        title: of the planning document.
        number: its 文号; None where it has none.
        clause: where in it.
        included_on: the day on which the document was adopted.
    """

    programme_id: UUID
    five_year_plan: str
    title: str
    number: str | None = None
    clause: str
    included_on: date
    entered_by: str


RECORDS: tuple[Record, ...] = (
    Record("reporting.plan", PlanState, "建设方案变动"),
    Record("reporting.plan-filing", FilingState, "方案备案变动"),
    Record("reporting.plan-execution", ExecutionState, "方案执行变动"),
    Record("reporting.plan-progress", LineEntryState, "方案进展登记"),
    Record("reporting.plan-inclusion", InclusionState, "纳入五年规划变动"),
)
