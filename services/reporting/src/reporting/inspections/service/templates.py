"""Use cases of templates: issued, followed by versions, withdrawn. Source: S2, S5."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import now
from common.contracts.reporting.inspections import CriterionState, DimensionWeight, InspectionTemplateState
from common.divisions import ancestors_of, level_of
from common.ids import uuid7
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.inspections.catalogue import starting_template
from reporting.inspections.domain import require_current, require_template
from reporting.inspections.errors import NotTheOrganiser
from reporting.inspections.service.access import ORGANISERS


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """What a version of a template says."""

    title: str
    document: str
    veto_cap: int
    weights: tuple[DimensionWeight, ...]
    criteria: tuple[CriterionState, ...]


async def issue_template(uow: UnitOfWork, *, actor: Actor, words: TemplateWords) -> InspectionTemplateState:
    """Issues a template for the actor's division and those below.

    Source: S2, S5.

    Raises:
        RoleRequired, TemplateIncomplete.

    Events: reporting.inspection-template.changed.v1.
    """
    require_role(actor, *ORGANISERS)
    return await _issue(uow, actor, words, series=uuid7(), number=1)


async def adopt_starting_template(uow: UnitOfWork, *, actor: Actor) -> InspectionTemplateState:
    """Issues the packaged template as it is; what has to be confirmed stays marked.

    Source: S2, S5.

    Raises:
        RoleRequired.

    Events: reporting.inspection-template.changed.v1.
    """
    require_role(actor, *ORGANISERS)
    packaged = starting_template()
    words = TemplateWords(packaged.title, packaged.document, packaged.veto_cap, packaged.weights, packaged.criteria)
    return await _issue(uow, actor, words, series=uuid7(), number=1, to_confirm=packaged.to_confirm)


async def issue_version(
    uow: UnitOfWork, *, actor: Actor, template_id: UUID, expected_version: int, words: TemplateWords
) -> InspectionTemplateState:
    """Issues the next version; inspections that were planned by the earlier one keep it.

    Source: S2, S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, TemplateSuperseded, TemplateIncomplete.

    Events: reporting.inspection-template.changed.v1 of both.
    """
    held = await _hold(uow, actor, template_id, expected_version)
    ended = next_state(held, status="superseded")
    await store_record(uow, ended, previous=held, action="reporting.inspection-template.supersede")
    return await _issue(uow, actor, words, series=held.series, number=held.number + 1)


async def withdraw_template(
    uow: UnitOfWork, *, actor: Actor, template_id: UUID, expected_version: int, reason: str
) -> InspectionTemplateState:
    """Withdraws a template: no inspection is planned by it any more.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, TemplateSuperseded.
    """
    held = await _hold(uow, actor, template_id, expected_version)
    state = next_state(held, status="withdrawn")
    return await store_record(uow, state, previous=held, action="reporting.inspection-template.withdraw", reason=reason)


async def get_template(session: AsyncSession, template_id: UUID, *, actor: Actor) -> InspectionTemplateState:
    """A template of the actor's subtree or of a level above: who is inspected may know by what.

    Source: S5.

    Raises:
        RecordNotFound: none of these.
    """
    found = await get_record(session, InspectionTemplateState, template_id)
    if found.division in ancestors_of(actor.division):
        return found
    return await get_record(session, InspectionTemplateState, template_id, actor=actor)


async def list_templates(session: AsyncSession, *, actor: Actor) -> list[InspectionTemplateState]:
    """The templates in force for the actor: of the own division and those above, the highest first.

    Source: S5.
    """
    found: list[InspectionTemplateState] = []
    for code in reversed([actor.division, *ancestors_of(actor.division)]):
        wanted = Wanted(statuses=("in_force",), equal=(("division", code),))
        found += await list_records(session, InspectionTemplateState, wanted)
    return found


async def usable_template(session: AsyncSession, template_id: UUID, *, actor: Actor) -> InspectionTemplateState:
    """A template by which an inspection may be planned.

    Source: S5.

    Raises:
        RecordNotFound, TemplateSuperseded.
    """
    if not actor.division:
        raise RecordNotFound
    found = await get_template(session, template_id, actor=actor)
    require_current(found)
    return found


async def _hold(uow: UnitOfWork, actor: Actor, template_id: UUID, expected_version: int) -> InspectionTemplateState:
    require_role(actor, *ORGANISERS)
    held = await hold_record(
        uow.session, InspectionTemplateState, template_id, expected_version=expected_version, actor=actor
    )
    if held.division != actor.division:
        raise NotTheOrganiser
    require_current(held)
    return held


async def _issue(
    uow: UnitOfWork,
    actor: Actor,
    words: TemplateWords,
    *,
    series: UUID,
    number: int,
    to_confirm: str | None = None,
) -> InspectionTemplateState:
    require_template(words.weights, words.criteria)
    state = InspectionTemplateState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        changed_at=now(),
        series=series,
        number=number,
        title=words.title,
        document=words.document,
        mark="V" if to_confirm is None else "K",
        to_confirm=to_confirm,
        status="in_force",
        weights=words.weights,
        criteria=words.criteria,
        veto_cap=words.veto_cap,
        issued_by=actor.subject,
    )
    return await store_record(uow, state, previous=None, action="reporting.inspection-template.issue")
