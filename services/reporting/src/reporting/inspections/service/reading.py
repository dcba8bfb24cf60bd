"""Reading inspections, visits and samples, and counting again what was drawn and scored. Source: S5."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.reporting.inspections import InspectionState, InspectionVisitState, ScoreState
from common.db import Connection
from common.records.errors import RecordNotFound
from common.records.service import Wanted, list_records
from reporting.inspections.domain import FrameOffice, digest_of, draw, score_of
from reporting.inspections.domain.visits import is_of_team
from reporting.inspections.repository import Frames, Inspections
from reporting.inspections.service.access import (
    READERS,
    find_visit,
    is_on_organisers_side,
    is_published_to,
    template_of,
)


@dataclass(frozen=True, slots=True)
class SeenInspection:
    """An inspection as somebody may see it.

    Attributes:
        is_whole: with sample, seed and frame: for the organiser and above, and for everybody in the published scope.
    """

    state: InspectionState
    is_whole: bool


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """A visit as somebody may see it; the inspected see findings when they are presented."""

    state: InspectionVisitState
    has_findings: bool


@dataclass(frozen=True, slots=True)
class Redraw:
    """A sample drawn again from the frozen frame.

    Attributes:
        digest: of the frame as it is stored now.
        is_same_frame: it is the one that was recorded when the sample was drawn.
        is_same_sample: the seed gives the offices that were drawn, replacements apart.
    """

    digest: str
    is_same_frame: bool
    is_same_sample: bool


@dataclass(frozen=True, slots=True)
class Recount:
    """A score counted again from findings and template."""

    recorded: ScoreState | None
    counted: ScoreState
    is_same: bool


async def get_inspection(session: AsyncSession, inspection_id: UUID, *, actor: Actor) -> SeenInspection:
    """One inspection that the actor may know of: an unannounced one only from its beginning there.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS)
    found = await Inspections(session).find(inspection_id, actor=actor)
    if found is None:
        raise RecordNotFound
    return _seen(found, actor)


async def list_inspections(
    session: AsyncSession, *, actor: Actor, status: str | None, after: UUID | None, limit: int
) -> list[SeenInspection]:
    """Inspections that the actor may know of, the oldest first.

    Source: S5.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    found = await Inspections(session).page(actor=actor, status=status, after=after, limit=limit)
    return [_seen(one, actor) for one in found]


async def list_frame(
    session: AsyncSession, conn: Connection, inspection_id: UUID, *, actor: Actor, after: UUID | None, limit: int
) -> list[FrameOffice]:
    """The frozen frame in the order of ids, so that anybody who may see it can draw again.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound.
    """
    await _whole(session, inspection_id, actor)
    return await Frames(conn).page(inspection_id, after=after, limit=limit)


async def redraw(session: AsyncSession, conn: Connection, inspection_id: UUID, *, actor: Actor) -> Redraw:
    """Draws the sample again from the stored frame and the recorded seed, and compares.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound: not to be seen, or nothing is drawn yet.
    """
    state = await _whole(session, inspection_id, actor)
    if state.frame is None:
        raise RecordNotFound
    frame = await Frames(conn).page(inspection_id)
    drawn = {one.office_id for one in draw(frame, seed=state.sampling.seed, size=state.sampling.size)}
    recorded = {one.office_id for one in state.sample if one.replaces is None}
    digest = digest_of(frame)
    return Redraw(digest, digest == state.frame.digest, drawn == recorded)


async def get_visit(session: AsyncSession, visit_id: UUID, *, actor: Actor) -> SeenVisit:
    """One visit: of the actor's subtree, or one that the actor makes.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS)
    return _seen_visit(await find_visit(session, visit_id, actor), actor)


async def list_visits(
    session: AsyncSession,
    *,
    actor: Actor,
    inspection_id: UUID | None,
    is_mine: bool,
    after: UUID | None,
    limit: int,
) -> list[SeenVisit]:
    """Visits of the actor's subtree, or those that the actor makes, wherever they are.

    Source: S5.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    equal: list[tuple[str, object]] = []
    if inspection_id is not None:
        equal.append(("inspection_id", str(inspection_id)))
    if is_mine:
        equal.append(("team", [{"account": actor.subject, "division": actor.division}]))
    wanted = Wanted(equal=tuple(equal))
    found: Sequence[InspectionVisitState] = await list_records(
        session, InspectionVisitState, wanted, actor=None if is_mine else actor, after=after, limit=limit
    )
    return [_seen_visit(one, actor) for one in found]


async def recount(session: AsyncSession, visit_id: UUID, *, actor: Actor) -> Recount:
    """Counts the score of a visit again from its findings and its template.

    Source: S2, S5.

    Raises:
        RoleRequired, RecordNotFound: not to be seen.
        FindingsMissing, NothingApplicable: it has no score yet.
    """
    seen = await get_visit(session, visit_id, actor=actor)
    if not seen.has_findings:
        raise RecordNotFound
    counted = score_of(await template_of(session, seen.state.template_id), seen.state.findings)
    return Recount(seen.state.score, counted, seen.state.score in (None, counted))


async def scores_between(session: AsyncSession, division: str, *, first: str, last: str) -> list[InspectionVisitState]:
    """Visits of a division itself that were signed off and made between two ISO days, for who assesses by them.

    Source: S5, O4.3g.
    """
    wanted = Wanted(statuses=("signed_off",), equal=(("division", division),))
    found = await list_records(session, InspectionVisitState, wanted)
    return [one for one in found if first <= one.visited_on.isoformat() <= last]


async def _whole(session: AsyncSession, inspection_id: UUID, actor: Actor) -> InspectionState:
    seen = await get_inspection(session, inspection_id, actor=actor)
    if not seen.is_whole:
        raise RecordNotFound
    return seen.state


def _seen(state: InspectionState, actor: Actor) -> SeenInspection:
    is_whole = is_on_organisers_side(actor, state.division) or is_published_to(state, actor.division)
    return SeenInspection(state, is_whole)


def _seen_visit(visit: InspectionVisitState, actor: Actor) -> SeenVisit:
    is_ours = is_on_organisers_side(actor, visit.organiser) or is_of_team(
        visit, account=actor.subject, division=actor.division
    )
    return SeenVisit(visit, is_ours or visit.status in ("presented", "signed_off"))
