"""What reporting publishes of programmes: cohorts, targets, milestones, and lists of towns. Source: O6.1a-O6.1c."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import DispatchOrder, Record, StoredState

ProgrammeStatus = Literal["draft", "in_force", "closed"]
RuleKind = Literal["towns_of", "listed", "rest"]
Wording = Literal["exact", "approximate"]
MilestoneKind = Literal["plan_filing", "members_ready", "progress_report", "acceptance", "other"]
ProgrammeAct = Literal["create", "revise", "enforce", "close", "seed"]
Origin = Literal["packaged", "entered"]


class LegalDocument(EventData):
    """A document that the programme rests on; `clause` where one is meant in particular."""

    number: str
    title: str
    clause: str | None = None


class MembershipRule(EventData):
    """Which towns belong to a cohort; the rules of one cohort are added up.

    Source: O6.1b, O6.1c.

    Attributes:
        kind: `towns_of` every formal town of the divisions named; `listed` the towns that authorised people have
            entered; `rest` every formal town that no other cohort has.
        divisions: of `towns_of`, otherwise empty.
    """

    kind: RuleKind
    divisions: tuple[Division, ...] = ()


class Target(EventData):
    """How many offices a cohort is to have. Source: O6.1b.

    Attributes:
        wording: `approximate` where the document says 约; nothing is ever refused by it.
    """

    offices: int = Field(ge=1)
    wording: Wording
    clause: str | None = None


class Cohort(EventData):
    """A part of the towns with one due day. Source: O6.1b, O6.1c."""

    code: str
    title: str
    rules: tuple[MembershipRule, ...] = Field(min_length=1)
    due_on: date
    target: Target | None = None
    clause: str | None = None


class Milestone(EventData):
    """A day and what it asks.

    Attributes:
        cohort: whom it is about; None for the whole programme.
        share_percent: of the members that shall be ready; only of `members_ready`.
        is_soft: a wish (约, 一般) rather than a demand.
    """

    code: str
    title: str
    kind: MilestoneKind
    on: date
    cohort: str | None = None
    share_percent: int | None = Field(default=None, ge=1, le=100)
    is_soft: bool = False
    clause: str | None = None


class ProgrammeChange(EventData):
    """One version of the programme: what was done, by whom, why, and which members it changed."""

    version: int = Field(ge=1)
    act: ProgrammeAct
    at: Instant
    by: str
    reason: str
    changed: tuple[str, ...] = ()


class ProgrammeState(StoredState):
    """A programme. Its division is that of the government which runs it; its subtree are those whom it concerns.

    Source: O6.1a.

    Attributes:
        code: for people, unique below its division: `2011-2012`.
        starts_on: first day.
        ends_on: last day.
        cohorts: in the order in which a town is looked for.
        in_force_from: the day from which it holds.
        closed_on: the day on which it was closed.
        history: every version with its reason.
        dispatch: how this version goes down the levels.
    """

    code: str
    title: str
    starts_on: date
    ends_on: date
    documents: tuple[LegalDocument, ...] = ()
    cohorts: tuple[Cohort, ...] = Field(min_length=1)
    milestones: tuple[Milestone, ...] = ()
    origin: Origin = "entered"
    status: ProgrammeStatus = "draft"
    in_force_from: date | None = None
    closed_on: date | None = None
    history: tuple[ProgrammeChange, ...]
    dispatch: DispatchOrder | None = None


class ListedTown(EventData):
    """A town that was entered into a cohort's list. Source: O6.1b.

    Attributes:
        since: the first day from which it belongs to the list.
        until: the first day on which it no longer does.
        document: that names it; None where none is known.
        entered_for: the division whose people entered it; None where that was not kept.
    """

    division: Division
    since: date
    until: date | None = None
    document: str | None = None
    reason: str
    entered_at: Instant
    entered_by: str
    entered_for: Division | None = None
    removed_at: Instant | None = None
    removed_by: str | None = None
    removal_reason: str | None = None


class ProgrammeListState(StoredState):
    """The entered towns of one city in one cohort; its division is the city. Removed ones stay with their days.

    Source: O6.1b.
    """

    programme_id: UUID
    cohort: str
    towns: tuple[ListedTown, ...]


RECORDS: tuple[Record, ...] = (
    Record("reporting.programme", ProgrammeState, "建设任务变动"),
    Record("reporting.programme-list", ProgrammeListState, "建设任务名单变动"),
)
