"""Use cases of a round: opened, filled with recorded values, computed, objected to, confirmed. Source: O4.3g."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from common.auth import Actor, Role, require_role
from common.clock import beijing_day, now, today
from common.contracts.reporting.assessments import (
    AssessmentResultState,
    AssessmentSchemeState,
    AssessmentState,
    ComponentValueState,
)
from common.directory import require_operating_office
from common.divisions import level_of
from common.ids import uuid7
from common.policy import parameter
from common.records.errors import RecordExists
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.assessments.domain import Graded, grade, reckon, require_values, rounds
from reporting.assessments.errors import NotTheAssessor
from reporting.assessments.service.collecting import collected
from reporting.assessments.service.ledger import enter_result
from reporting.assessments.service.schemes import ASSESSORS, find_scheme, require_current

_RESULT = "reporting.assessment-result"
_ROUND = "reporting.assessment"
CONCERNED = (Role.OFFICE_HEAD, Role.STATION_AGENT, Role.WINDOW_CLERK, Role.BUREAU_SUPERVISOR)
HEADS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.STATION_AGENT)


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round as it is opened."""

    scheme_id: UUID
    title: str
    scope: str
    period_from: date
    period_until: date


@dataclass(frozen=True, slots=True)
class Assessed:
    """Who is assessed.

    Attributes:
        staff_member_id, account: of a person; never a name.
    """

    division: str
    staff_member_id: UUID | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A record at the version that somebody saw."""

    id: UUID
    version: int


async def open_round(uow: UnitOfWork, *, actor: Actor, new: NewRound) -> AssessmentState:
    """Opens a round of assessment.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, SchemeSuperseded, AssessmentPlanUnfit.

    Events: reporting.assessment.changed.v1.
    """
    require_role(actor, *ASSESSORS)
    scheme = await find_scheme(uow.session, new.scheme_id, actor=actor)
    require_current(scheme)
    rounds.require_round(assessor=actor.division, scope=new.scope, first=new.period_from, last=new.period_until)
    state = AssessmentState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        changed_at=now(),
        scheme_id=scheme.id,
        title=new.title,
        subject=scheme.subject,
        scope=new.scope,
        period_from=new.period_from,
        period_until=new.period_until,
        status="open",
        opened_by=actor.subject,
    )
    return await store_record(uow, state, previous=None, action=f"{_ROUND}.open")


async def add_assessed(
    uow: UnitOfWork, *, actor: Actor, assessment_id: UUID, assessed: Sequence[Assessed]
) -> list[AssessmentResultState]:
    """Names who is assessed, with the values that the platform has of offices itself; who is named already stays.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, AssessmentNotInState, SubjectUnfit.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: there is no such office.

    Events: reporting.assessment-result.changed.v1.
    Locks: the round.
    """
    held, scheme = await _hold(uow, actor, assessment_id, None)
    rounds.require_status(held, "open")
    for one in assessed:
        rounds.require_subject(held, division=one.division, is_person=one.staff_member_id is not None)
    added = []
    for one in assessed:
        office = await require_operating_office(uow.conn, one.division)
        at = now()
        state = AssessmentResultState(
            id=uuid5(held.id, str(one.staff_member_id or office.id)),
            version=1,
            division=one.division,
            level=level_of(one.division),
            office_id=office.id,
            changed_at=at,
            assessment_id=held.id,
            subject=held.subject,
            staff_member_id=one.staff_member_id,
            account=one.account,
            status="open",
            values=await collected(uow.session, held, scheme, one.division, at=at),
        )
        try:
            added.append(await store_record(uow, state, previous=None, action=f"{_RESULT}.add"))
        except RecordExists:
            added.append(await get_record(uow.session, AssessmentResultState, state.id))
    return added


async def enter_values(
    uow: UnitOfWork, *, actor: Actor, seen: Seen, values: Sequence[tuple[str, int, tuple[str, ...]]]
) -> AssessmentResultState:
    """Enters values (component, value, source records) of one who is assessed.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, PreconditionFailed, AssessmentNotInState, ValueUnfit,
        ValuesSettled, AssessorConcerned.
    """
    found = await get_record(uow.session, AssessmentResultState, seen.id, actor=actor)
    assessment, scheme = await _hold(uow, actor, found.assessment_id, None)
    rounds.require_status(assessment, "open", "computed")
    held = await hold_record(uow.session, AssessmentResultState, seen.id, expected_version=seen.version, actor=actor)
    rounds.require_impartial([held], by=actor.subject)
    at = now()
    entered = [
        ComponentValueState(component=component, value=value, sources=sources, as_of=at, entered_by=actor.subject)
        for component, value, sources in values
    ]
    require_values(scheme, entered)
    state = next_state(held, values=rounds.with_values(held, entered), status="open")
    return await store_record(uow, state, previous=held, action=f"{_RESULT}.enter-values")


async def compute_round(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> AssessmentState:
    """Computes the results and grades of everybody, again after a correction; the days of objections begin anew.

    What the platform knows itself is collected again; what somebody entered stays.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, PreconditionFailed, AssessmentNotInState, NobodyAssessed.

    Events: reporting.assessment.changed.v1, reporting.assessment-result.changed.v1.
    Locks: the round, then its results.
    """
    held, scheme = await _hold(uow, actor, seen.id, seen.version)
    rounds.require_status(held, "open", "computed")
    results = await results_of(uow, held.id)
    rounds.require_somebody(results)
    at = now()
    values = {one.id: await _known_now(uow, held, scheme, one, at) for one in results}
    reckoned = {who: reckon(scheme, known) for who, known in values.items()}
    scores = {who: one.score for who, one in reckoned.items() if one.score is not None}
    grades = grade(scheme, scores)
    for one in results:
        graded = grades.get(one.id, Graded("", None))
        state = next_state(
            one,
            status="computed",
            values=values[one.id],
            parts=reckoned[one.id].parts,
            score=reckoned[one.id].score,
            grade=graded.grade or None,
            held_back_by_quota=graded.held_back,
        )
        await store_record(uow, state, previous=one, action=f"{_RESULT}.compute")
    on = beijing_day(at)
    end = rounds.objection_end(on, days=parameter("assessment_objection_days", on=on).number)
    state_of_round = next_state(held, status="computed", computed_at=at, objection_until=end)
    return await store_record(uow, state_of_round, previous=held, action=f"{_ROUND}.compute")


async def object_to_result(uow: UnitOfWork, *, actor: Actor, seen: Seen, text: str) -> AssessmentResultState:
    """Who is assessed objects.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotConcerned, PreconditionFailed, AssessmentNotInState, ObjectionTooLate,
        ObjectionPending.
    """
    require_role(actor, *CONCERNED)
    found = await get_record(uow.session, AssessmentResultState, seen.id, actor=actor)
    assessment = await hold_record(uow.session, AssessmentState, found.assessment_id, expected_version=None)
    held = await hold_record(uow.session, AssessmentResultState, seen.id, expected_version=seen.version, actor=actor)
    rounds.require_concerned(held, account=actor.subject, division=actor.division, is_head=actor.has_role(*HEADS))
    changes = rounds.objected(held, assessment, text=text, by=actor.subject, at=now(), on=today())
    return await store_record(uow, next_state(held, **changes), previous=held, action=f"{_RESULT}.object")


async def review_objection(
    uow: UnitOfWork, *, actor: Actor, seen: Seen, is_upheld: bool, answer: str
) -> AssessmentResultState:
    """The assessor reviews an objection, by somebody who did not enter the values.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, PreconditionFailed, AssessmentNotInState, NoObjectionPending,
        ReviewerConcerned.
    """
    found = await get_record(uow.session, AssessmentResultState, seen.id, actor=actor)
    assessment, _ = await _hold(uow, actor, found.assessment_id, None)
    held = await hold_record(uow.session, AssessmentResultState, seen.id, expected_version=seen.version, actor=actor)
    changes = rounds.objection_reviewed(
        held, assessment, is_upheld=is_upheld, answer=answer, by=actor.subject, at=now()
    )
    return await store_record(
        uow, next_state(held, **changes), previous=held, action=f"{_RESULT}.review", reason=answer[:200]
    )


async def confirm_round(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> AssessmentState:
    """Confirms the results, by somebody who entered none of their values; grades with points enter the ledger.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, PreconditionFailed, AssessmentNotInState, ObjectionsRunning,
        RecomputeFirst, AssessorConcerned, EnteredByConfirmer.

    Events: reporting.assessment.changed.v1, reporting.assessment-result.changed.v1, reporting.ledger-entry.changed.v1.
    Locks: the round, then its results.
    """
    held, scheme = await _hold(uow, actor, seen.id, seen.version)
    results = await results_of(uow, held.id)
    rounds.require_impartial(results, by=actor.subject)
    rounds.require_other_hand(results, by=actor.subject)
    rounds.require_confirmable(held, results, on=today())
    at = now()
    for one in results:
        await _confirm(uow, actor, held, scheme, one, at)
    state = next_state(held, status="confirmed", confirmed_by=actor.subject, confirmed_at=at)
    return await store_record(uow, state, previous=held, action=f"{_ROUND}.confirm")


async def withdraw_round(uow: UnitOfWork, *, actor: Actor, seen: Seen, reason: str) -> AssessmentState:
    """Gives a round up before it is confirmed.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, PreconditionFailed, AssessmentNotInState.
    """
    held, _ = await _hold(uow, actor, seen.id, seen.version)
    rounds.require_status(held, "open", "computed")
    state = next_state(held, status="withdrawn", withdrawal_reason=reason)
    return await store_record(uow, state, previous=held, action=f"{_ROUND}.withdraw", reason=reason)


async def results_of(uow: UnitOfWork, assessment_id: UUID) -> list[AssessmentResultState]:
    """All results of a round, the first one first, locked."""
    wanted = Wanted(equal=(("assessment_id", str(assessment_id)),))
    found = await list_records(uow.session, AssessmentResultState, wanted)
    return [await hold_record(uow.session, AssessmentResultState, one.id, expected_version=None) for one in found]


async def _known_now(
    uow: UnitOfWork,
    assessment: AssessmentState,
    scheme: AssessmentSchemeState,
    result: AssessmentResultState,
    at: datetime,
) -> tuple[ComponentValueState, ...]:
    found = await collected(uow.session, assessment, scheme, result.division, at=at)
    return rounds.refreshed(result.values, found)


async def _confirm(
    uow: UnitOfWork,
    actor: Actor,
    assessment: AssessmentState,
    scheme: AssessmentSchemeState,
    result: AssessmentResultState,
    at: datetime,
) -> None:
    graded = next((one for one in scheme.grades if one.code == result.grade), None)
    entry = None
    if graded is not None and graded.points != 0:
        entry = await enter_result(
            uow, actor=actor, assessment=assessment, result=result, graded=graded, on=beijing_day(at)
        )
    state = next_state(result, status="confirmed", ledger_entry_id=None if entry is None else entry.id)
    await store_record(uow, state, previous=result, action=f"{_RESULT}.confirm")


async def _hold(
    uow: UnitOfWork, actor: Actor, assessment_id: UUID, expected_version: int | None
) -> tuple[AssessmentState, AssessmentSchemeState]:
    require_role(actor, *ASSESSORS)
    held = await hold_record(
        uow.session, AssessmentState, assessment_id, expected_version=expected_version, actor=actor
    )
    if held.division != actor.division:
        raise NotTheAssessor
    return held, await get_record(uow.session, AssessmentSchemeState, held.scheme_id)
