"""What a case, a rating, a complaint contribute: facts on Beijing days. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from common.clock import beijing_day
from common.contracts.casework import CASE_RECORD, CaseState
from common.contracts.casework.complaints import ComplaintState
from common.contracts.casework.ratings import RatingState
from common.contracts.model import EventData
from reporting.figures.domain.counting import Contribution, Fact

_ONLINE = frozenset({"computer", "mobile"})
_ENDED_WITHOUT_ANSWER = frozenset({"voided", "deleted"})


class _Facts:
    """Facts as they are gathered; two on one day are one with twice the amount."""

    def __init__(self) -> None:
        self._amounts: Counter[tuple[str, date]] = Counter()

    def add(self, measure: str, at: datetime | date | None, amount: int = 1) -> None:
        if at is not None and amount:
            day = beijing_day(at) if isinstance(at, datetime) else at
            self._amounts[measure, day] += amount

    def all(self) -> frozenset[Fact]:
        return frozenset(Fact(measure, day, amount) for (measure, day), amount in self._amounts.items())


def contribution_of_case(case: CaseState) -> Contribution:
    """What a case contributes in its present state.

    Whether it was closed in time is told by the case itself: its clock is the law's, not the calendar's. Voided and
    deleted cases are closed and answer nobody, so they count as neither in time nor late.

    Source: O4.2a, O4.3c, O4.3e; ADR 0012.

    Raises:
        OverflowError: an instant has no Beijing day that a calendar knows.
    """
    facts = _Facts()
    facts.add("registered", case.registered_at)
    facts.add("accepted", case.accepted_at)
    facts.add("refused", case.refused_at)
    facts.add("withdrawn", case.withdrawn_at)
    facts.add("closed", case.closed_at)
    if case.channel in _ONLINE:
        facts.add("registered_online", case.registered_at)
    if case.is_deemed_accepted:
        facts.add("accepted_deemed", case.accepted_at)
    for supplement in case.file.supplements:
        facts.add("supplement_asked", supplement.asked_at)
    if case.closed_at is not None:
        _add_closing(facts, case, case.closed_at)
    return Contribution(case.division, case.duty, case.item_code, facts.all())


def _add_closing(facts: _Facts, case: CaseState, closed_at: datetime) -> None:
    if case.closing_result in _ENDED_WITHOUT_ANSWER:
        facts.add("closed_void", closed_at)
        return
    if case.handling is not None:
        facts.add(f"closed_{case.handling}", closed_at)
    if case.is_on_time is not None:
        facts.add("closed_on_time" if case.is_on_time else "closed_overdue", closed_at)
    if case.accepted_at is not None:
        facts.add("handled", closed_at)
        facts.add("handling_days", closed_at, (beijing_day(closed_at) - beijing_day(case.accepted_at)).days)


def contribution_of_rating(rating: RatingState) -> Contribution:
    """What a rating contributes; an excluded one nothing, a supplement (追评) only that there was one.

    A matter that nobody rated has no rating: it is never praise.

    Source: O4.3f; standards.md §7.
    """
    facts = _Facts()
    if rating.status == "counted" and rating.number == 1:
        facts.add(f"rated_{rating.rating}", rating.rated_on)
        facts.add("rated_matters" if rating.occasion == "matter" else "rated_visits", rating.rated_on)
    elif rating.status == "counted":
        facts.add("rated_again", rating.rated_on)
    else:
        facts.add("rated_excluded", rating.rated_on)
    return Contribution(rating.division, rating.duty, rating.item_code, facts.all(), is_report=False)


def contribution_of_complaint(complaint: ComplaintState) -> Contribution:
    """What a consultation, complaint or report contributes to the office that handles it.

    Source: O4.3f.

    Raises:
        OverflowError: an instant has no Beijing day that a calendar knows.
    """
    facts = _Facts()
    kind = "consultations" if complaint.kind == "consultation" else "complaints"
    facts.add(f"{kind}_filed", complaint.filed_at)
    facts.add(f"{kind}_replied", complaint.replied_at)
    if complaint.overdue_days:
        facts.add(f"{kind}_overdue", complaint.replied_at or complaint.closed_at)
    if kind == "complaints" and complaint.finding in {"substantiated", "partly_substantiated"}:
        facts.add("complaints_substantiated", complaint.replied_at or complaint.closed_at)
    return Contribution(complaint.division, "", "", facts.all(), is_report=False)


class Reader(NamedTuple):
    """How one type of record is read: its model, and what a state of it contributes."""

    model: type[EventData]
    contribute: Callable[[Any], Contribution]


READERS: Mapping[str, Reader] = {
    CASE_RECORD: Reader(CaseState, cast("Callable[[Any], Contribution]", contribution_of_case)),
    "casework.rating": Reader(RatingState, cast("Callable[[Any], Contribution]", contribution_of_rating)),
    "casework.complaint": Reader(ComplaintState, cast("Callable[[Any], Contribution]", contribution_of_complaint)),
}
"""Every type of record that the figures hold."""
