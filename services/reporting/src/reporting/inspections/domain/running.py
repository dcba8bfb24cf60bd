"""Rules of an inspection: planned → drawn → under way → concluded → published, or withdrawn before. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.record import DispatchOrder
from common.contracts.reporting.inspections import (
    FrameState,
    InspectionState,
    InspectionStatus,
    InspectionVisitState,
    RankedOfficeState,
    ResultPublicationState,
    SampledOfficeState,
)
from common.divisions import LEVELS, Level, contains, level_of
from reporting.inspections.errors import (
    FrameEmpty,
    InspectionNotInState,
    NothingFound,
    NotInSample,
    ScopeNotBelow,
    VisitsOpen,
)

BEFORE_PUBLICATION: tuple[InspectionStatus, ...] = ("planned", "drawn", "under_way", "concluded")
VISITING: tuple[InspectionStatus, ...] = ("drawn", "under_way")


def drawn(state: InspectionState, *, frame: FrameState, sample: Sequence[SampledOfficeState]) -> dict[str, Any]:
    """The frame is frozen and the sample drawn, once: who wants another one withdraws the inspection with a reason.

    Source: S5.

    Raises:
        InspectionNotInState: drawn before, or over.
        FrameEmpty: nobody can be drawn.
    """
    require(state, "planned")
    if not sample:
        raise FrameEmpty
    return {"status": "drawn", "frame": frame, "sample": tuple(sample)}


def require(state: InspectionState, *statuses: InspectionStatus) -> None:
    """The inspection is where an act needs it.

    Source: S5.

    Raises:
        InspectionNotInState: it is not.
    """
    if state.status not in statuses:
        raise InspectionNotInState(status=state.status)


def sampled(state: InspectionState, division: str) -> SampledOfficeState:
    """The office of the sample in a division.

    Source: S5.

    Raises:
        NotInSample: none was drawn there, or it was replaced.
    """
    for one in state.sample:
        if one.division == division and not one.is_out:
            return one
    raise NotInSample


def begun(state: InspectionState, *, at: datetime) -> dict[str, Any] | None:
    """What the first visit changes; None for the later ones.

    Source: S5.

    Raises:
        InspectionNotInState: not drawn, or over.
    """
    require(state, *VISITING)
    return {"status": "under_way", "begun_at": at} if state.status == "drawn" else None


def concluded(state: InspectionState, visits: Iterable[InspectionVisitState], *, at: datetime) -> dict[str, Any]:
    """All visits that began have ended, and at least one has a score; who was not visited is told as missing.

    Source: S5.

    Raises:
        InspectionNotInState: not under way.
        VisitsOpen, NothingFound: not yet.
    """
    require(state, "under_way")
    found = list(visits)
    if any(visit.status in ("under_way", "presented") for visit in found):
        raise VisitsOpen
    if not any(visit.score is not None for visit in found):
        raise NothingFound
    return {"status": "concluded", "concluded_at": at}


def withdrawn(state: InspectionState, *, at: datetime, reason: str) -> dict[str, Any]:
    """An inspection that is not carried through; what was published is corrected by a circular instead.

    Source: S5.

    Raises:
        InspectionNotInState: published or withdrawn.
    """
    require(state, *BEFORE_PUBLICATION)
    return {"status": "withdrawn", "withdrawal_reason": reason, "withdrawn_at": at, "dispatch": None}


def rank(state: InspectionState, visits: Iterable[InspectionVisitState]) -> tuple[RankedOfficeState, ...]:
    """Offices by score, the best first; equal scores share a rank, and the next one counts on after them.

    First visits only: what a re-inspection found is told with its order, not in the ranking.

    Source: S5.
    """
    scored = [(visit, visit.score.value) for visit in visits if visit.score is not None and visit.reinspects is None]
    scored.sort(key=lambda pair: (-pair[1], pair[0].division))
    names = {one.office_id: one.name for one in state.sample}
    values = [value for _, value in scored]
    return tuple(
        RankedOfficeState(
            division=visit.division,
            office_id=visit.office_id,
            name=names[visit.office_id],
            visit_id=visit.id,
            score=value,
            rank=values.index(value) + 1,
            is_vetoed=bool(visit.is_vetoed),
        )
        for visit, value in scored
        if visit.office_id is not None
    )


def published(
    state: InspectionState,
    visits: Iterable[InspectionVisitState],
    *,
    scope: Sequence[str],
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """The result becomes readable in a scope (全市通报), as it is now, and goes down the levels to it.

    Source: S5.

    Raises:
        InspectionNotInState: not concluded.
        ScopeNotBelow: a root lies outside the organiser's division.
    """
    require(state, "concluded")
    if not all(contains(state.division, root) for root in scope):
        raise ScopeNotBelow
    ranking = rank(state, visits)
    ranked = {one.office_id for one in ranking}
    missing = tuple(one.office_id for one in state.sample if not one.is_out and one.office_id not in ranked)
    publication = ResultPublicationState(
        scope=tuple(scope), as_of=at, published_by=by, published_at=at, ranking=ranking, missing=missing
    )
    lowest = max((LEVELS.index(level_of(one.division)) for one in ranking), default=LEVELS.index(Level.TOWN))
    dispatch = DispatchOrder(title=f"{state.title}结果通报"[:200], to=tuple(scope), down_to=LEVELS[lowest])
    return {"status": "published", "publication": publication, "dispatch": dispatch}


def require_unvisited(office_id: UUID, visits: Iterable[InspectionVisitState]) -> None:
    """An office that is being visited, or was, is not replaced.

    Source: S5.

    Raises:
        VisitsOpen: it is.
    """
    if any(visit.office_id == office_id and visit.status != "withdrawn" for visit in visits):
        raise VisitsOpen
