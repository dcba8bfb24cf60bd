"""The life of a proceeding: opened → stated → decided → appealed → final; who may take which step, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.accountability.errors import (
    AlreadyDecided,
    AppealMadeWorse,
    AppealNotOpen,
    AppealTooLate,
    ConcernedThemselves,
    DecisionKindUnknown,
    NotAppealed,
    NotOverseer,
    NotThePerson,
    StatementClosed,
    StatementPending,
)
from casework.clock.domain import Calendar
from common.contracts.casework.accountability import AppealResult, ProceedingState
from common.divisions import contains, parent_of


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for something.

    Attributes:
        subject: account.
        division: where they work; "" for citizens.
    """

    subject: str
    division: str
    is_head: bool
    is_supervisor: bool


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """A kind of decision (处理方式) while it is in force. Source: O4.3d.

    Attributes:
        points: what it counts in the ledger, 0 or below.
        severity: heavier ones are higher; 0 is no sanction.
        mark: how sure it is.
    """

    code: str
    label: str
    points: int
    severity: int
    effective_from: date
    effective_to: date | None
    clause: str
    mark: str
    to_confirm: str | None

    @property
    def is_sanction(self) -> bool:
        """Whether the person has anything to bear."""
        return self.severity > 0


@dataclass(frozen=True, slots=True)
class Periods:
    """How long each step may take.

    Attributes:
        statement_working_days: for the person's statement.
        decision_working_days: for the decision, after the statement or its time.
        appeal_days: for the appeal, after the decision; calendar days.
        outcome_days: for hearing it; calendar days.
    """

    statement_working_days: int
    decision_working_days: int
    appeal_days: int
    outcome_days: int


def require_overseer(asker: Asker, division: str) -> None:
    """Lets through the head of the office (or of an office above) and supervisors of a level above it.

    Source: O4.3d; architecture.md §6.

    Raises:
        NotOverseer: neither.
    """
    if not asker.division or not contains(asker.division, division):
        raise NotOverseer
    is_above = asker.division != division
    if not (asker.is_head or (is_above and asker.is_supervisor)):
        raise NotOverseer


def require_unconcerned(asker: Asker, persons: Iterable[str | None]) -> None:
    """Nobody judges themselves, or what they brought about.

    Source: O4.3d.

    Raises:
        ConcernedThemselves: the asker is one of the persons.
    """
    if asker.subject in set(persons):
        raise ConcernedThemselves


def require_opener(asker: Asker, *, person: str, division: str) -> None:
    """Who may open a proceeding.

    Source: O4.3d.

    Raises:
        NotOverseer, ConcernedThemselves: may not.
    """
    require_overseer(asker, division)
    require_unconcerned(asker, (person,))


def require_person(asker: Asker, held: ProceedingState) -> None:
    """Only the person concerned states and appeals.

    Source: O4.3d.

    Raises:
        NotThePerson: somebody else.
    """
    if asker.subject != held.person:
        raise NotThePerson


def require_stateable(asker: Asker, held: ProceedingState) -> None:
    """The person may state their side once, also after the time for it as long as nothing is decided.

    Source: O4.3d.

    Raises:
        NotThePerson, StatementClosed: may not, or no more.
    """
    require_person(asker, held)
    if held.status != "awaiting_statement":
        raise StatementClosed


def require_decidable(asker: Asker, held: ProceedingState, *, on: date) -> None:
    """Decided by somebody else than who opened it, and only after the person was heard or could have been.

    Source: O4.3d.

    Raises:
        NotOverseer, ConcernedThemselves: the asker may not.
        AlreadyDecided: there is a decision.
        StatementPending: the person may still speak.
    """
    require_overseer(asker, held.division)
    require_unconcerned(asker, (held.person, held.opened_by, *held.barred))
    if held.decision is not None:
        raise AlreadyDecided
    if held.stated_at is None and on <= held.statement_due_on:
        raise StatementPending(statement_due_on=held.statement_due_on.isoformat())


def require_appealable(asker: Asker, held: ProceedingState, *, on: date) -> None:
    """Appealed by the person, once, within the time for it.

    Source: O4.3d.

    Raises:
        NotThePerson, AppealNotOpen, AppealTooLate: may not, not now, no more.
    """
    require_person(asker, held)
    if held.status != "decided" or held.appeal_due_on is None:
        raise AppealNotOpen
    if on > held.appeal_due_on:
        raise AppealTooLate(appeal_due_on=held.appeal_due_on.isoformat())


def require_hearable(asker: Asker, held: ProceedingState) -> None:
    """Heard by a supervisor of the level above who decided, who has had nothing to do with it.

    Source: O4.3d.

    Raises:
        NotOverseer, ConcernedThemselves: the asker may not.
        NotAppealed: there is nothing to hear.
    """
    above = held.appeal_division
    is_above = above is not None and bool(asker.division) and contains(asker.division, above)
    if above is not None and not (is_above and asker.is_supervisor):
        raise NotOverseer
    decided_by = None if held.decision is None else held.decision.by
    require_unconcerned(asker, (held.person, held.opened_by, decided_by, *held.barred))
    if held.status != "appealed":
        raise NotAppealed


def appeal_division_of(decided_in: str, person_division: str) -> str:
    """Where an appeal is heard: above who decided and above the person's office; the province hears its own anew.

    Source: O4.3d.
    """
    above = parent_of(decided_in) or decided_in
    return above if contains(above, person_division) else parent_of(person_division) or person_division


def kind_of(kinds: Iterable[DecisionKind], code: str, *, on: date) -> DecisionKind:
    """The kind of a code while it is in force.

    Source: O4.3d.

    Raises:
        DecisionKindUnknown: none, or no more.
    """
    for kind in kinds:
        if kind.code == code and kind.effective_from <= on and (kind.effective_to is None or on < kind.effective_to):
            return kind
    raise DecisionKindUnknown


def standing_kind(result: AppealResult, decided: DecisionKind, changed: DecisionKind | None) -> DecisionKind | None:
    """What stands after an appeal; nobody is worse off for having appealed.

    Source: O4.3d.

    Raises:
        DecisionKindUnknown: changed into nothing, or not changed and yet named.
        AppealMadeWorse: the new one is not lighter.
    """
    if (result == "changed") != (changed is not None):
        raise DecisionKindUnknown
    if changed is not None and changed.severity >= decided.severity:
        raise AppealMadeWorse
    if result == "revoked":
        return None
    return changed or decided


def working_days_after(calendar: Calendar, day: date, count: int) -> date:
    """The end of a period in working days. Source: O4.3d; standards.md §6."""
    return calendar.add_working_days(day, count)


def days_after(calendar: Calendar, day: date, count: int) -> date:
    """The end of a period in calendar days; it never ends on a rest day. Source: O4.3d; standards.md §6."""
    return calendar.roll_forward(date.fromordinal(day.toordinal() + count))


def is_lapsed(held: ProceedingState, *, on: date) -> bool:
    """Whether the decision stands because nobody has appealed in time. Source: O4.3d."""
    return held.status == "decided" and held.appeal_due_on is not None and on > held.appeal_due_on


def may_see(asker: Asker, held: ProceedingState) -> bool:
    """The person concerned; the head of the office; supervisors of the subtree. Nobody else.

    Source: O4.3d; architecture.md §6.
    """
    if asker.subject == held.person:
        return True
    is_within = bool(asker.division) and contains(asker.division, held.division)
    return is_within and (asker.is_head or asker.is_supervisor)
