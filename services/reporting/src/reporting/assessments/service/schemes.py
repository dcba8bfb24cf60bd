"""Use cases of schemes (考核办法). Source: O4.3g."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import now
from common.contracts.reporting.assessments import (
    AssessedSubject,
    AssessmentSchemeState,
    SchemeComponentState,
    SchemeGradeState,
)
from common.divisions import ancestors_of, level_of
from common.ids import uuid7
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.assessments.domain import require_scheme
from reporting.assessments.errors import NotTheAssessor, SchemeSuperseded, SchemeUnfit

ASSESSORS = (Role.BUREAU_SUPERVISOR,)


@dataclass(frozen=True, slots=True)
class SchemeWords:
    """What a version of a scheme says."""

    title: str
    document: str
    subject: AssessedSubject
    components: tuple[SchemeComponentState, ...]
    grades: tuple[SchemeGradeState, ...]


async def issue_scheme(uow: UnitOfWork, *, actor: Actor, words: SchemeWords) -> AssessmentSchemeState:
    """Issues a scheme for the actor's division and those below.

    Source: O4.3g.

    Raises:
        RoleRequired, SchemeUnfit.

    Events: reporting.assessment-scheme.changed.v1.
    """
    require_role(actor, *ASSESSORS)
    return await _issue(uow, actor, words, series=uuid7(), number=1)


async def issue_scheme_version(
    uow: UnitOfWork, *, actor: Actor, scheme_id: UUID, expected_version: int, words: SchemeWords
) -> AssessmentSchemeState:
    """Issues the next version; rounds that were opened by the earlier one keep it.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotTheAssessor, PreconditionFailed, SchemeSuperseded, SchemeUnfit.

    Events: reporting.assessment-scheme.changed.v1 of both.
    """
    require_role(actor, *ASSESSORS)
    held = await hold_record(
        uow.session, AssessmentSchemeState, scheme_id, expected_version=expected_version, actor=actor
    )
    if held.division != actor.division:
        raise NotTheAssessor
    require_current(held)
    if held.subject != words.subject:
        raise SchemeUnfit("新版本的考核对象须与原版本相同")
    ended = next_state(held, status="superseded")
    await store_record(uow, ended, previous=held, action="reporting.assessment-scheme.supersede")
    return await _issue(uow, actor, words, series=held.series, number=held.number + 1)


async def find_scheme(session: AsyncSession, scheme_id: UUID, *, actor: Actor) -> AssessmentSchemeState:
    """A scheme of the actor's subtree or of a level above: who is assessed may know by what.

    Source: O4.3g.

    Raises:
        RecordNotFound: none of these.
    """
    found = await get_record(session, AssessmentSchemeState, scheme_id)
    if found.division in ancestors_of(actor.division):
        return found
    return await get_record(session, AssessmentSchemeState, scheme_id, actor=actor)


async def list_schemes(session: AsyncSession, *, actor: Actor) -> list[AssessmentSchemeState]:
    """The schemes in force for the actor: of the levels above and the own division.

    Source: O4.3g.
    """
    found: list[AssessmentSchemeState] = []
    for code in reversed([actor.division, *ancestors_of(actor.division)]):
        wanted = Wanted(statuses=("in_force",), equal=(("division", code),))
        found += await list_records(session, AssessmentSchemeState, wanted)
    return found


def require_current(scheme: AssessmentSchemeState) -> None:
    """Only a version in force is followed or used.

    Raises:
        SchemeSuperseded.
    """
    if scheme.status != "in_force":
        raise SchemeSuperseded(status=scheme.status)


async def _issue(
    uow: UnitOfWork, actor: Actor, words: SchemeWords, *, series: UUID, number: int
) -> AssessmentSchemeState:
    require_scheme(words.components, words.grades)
    state = AssessmentSchemeState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        changed_at=now(),
        series=series,
        number=number,
        title=words.title,
        document=words.document,
        subject=words.subject,
        status="in_force",
        components=words.components,
        grades=words.grades,
        issued_by=actor.subject,
    )
    return await store_record(uow, state, previous=None, action="reporting.assessment-scheme.issue")
