"""Use cases of the baseline survey: one for each office, corrected with a reason, never overwritten."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role, require_scope
from common.contracts.registry.offices import BaselineSurveyState
from common.uow import UnitOfWork
from registry.history.domain import first_state, next_state
from registry.history.service import (
    Wanted,
    count_members,
    get_record,
    list_records,
    list_versions,
    store_record,
    sum_records,
)
from registry.offices.domain import READERS, Edge
from registry.offices.service import hold_office, hold_owned
from registry.surveys.domain import Finding, require_findings, require_reason, require_surveyed
from registry.surveys.errors import BaselineExists


class SurveyFacts(TypedDict, total=False):
    """What a survey found; only the members that are told."""

    surveyed_on: date
    shared_systems: tuple[str, ...]
    community_centre: str | None
    findings: dict[str, Finding]


@dataclass(frozen=True, slots=True)
class SurveyTotals:
    """What the surveys of a division say together.

    Attributes:
        systems: shared information resources by how many offices use them, the most used first.
    """

    surveyed: int
    with_community_centre: int
    systems: tuple[tuple[str, int], ...]


async def create_survey(
    uow: UnitOfWork, *, actor: Actor, office_id: UUID, facts: SurveyFacts, effective_on: date, reason: str | None
) -> BaselineSurveyState:
    """Tells how an office was found before the work began.

    Source: S2, S3.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not this actor's to tell.
        BaselineExists: the office has one.
        FindingUnknown, FindingRefused, SurveyDayRefused: a rule says no.
        EffectiveDateRefused: from after today.

    Events: registry.baseline-survey.changed.v1.
    Locks: the office, so that it gets one baseline only.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.GUIDANCE)
    if await list_records(uow.session, BaselineSurveyState, Wanted(office_id=office_id), limit=1):
        raise BaselineExists
    _check(facts, effective_on)
    empty = SurveyFacts(shared_systems=(), community_centre=None, findings={})
    state = first_state(BaselineSurveyState, office, effective_on=effective_on, **{**empty, **facts})
    return await store_record(uow, state, previous=None, action="registry.baseline-survey.create", reason=reason)


async def correct_survey(
    uow: UnitOfWork,
    *,
    actor: Actor,
    survey_id: UUID,
    expected_version: int,
    facts: SurveyFacts,
    effective_on: date,
    reason: str | None,
) -> BaselineSurveyState:
    """Corrects a baseline; what it said before stays in the history.

    Source: S3.

    Raises:
        RecordNotFound, PreconditionFailed, OfficeClosed, RoleRequired, OutOfScope: as hold_owned.
        CorrectionNeedsReason, FindingUnknown, FindingRefused, SurveyDayRefused: a rule says no.

    Events: registry.baseline-survey.changed.v1.
    Locks: the office, then the record.
    """
    held, _ = await hold_owned(
        uow.session, BaselineSurveyState, survey_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_reason(reason)
    _check(SurveyFacts(**{"surveyed_on": held.surveyed_on, **facts}), effective_on)
    state = next_state(held, effective_on=effective_on, **facts)
    await store_record(uow, state, previous=held, action="registry.baseline-survey.correct", reason=reason)
    return state


async def get_survey(session: AsyncSession, *, actor: Actor, survey_id: UUID) -> BaselineSurveyState:
    """The survey, within the reader's subtree: it tells staff and money.

    Source: S3.

    Raises:
        RoleRequired, RecordNotFound: not this reader's to see.
    """
    require_role(actor, *READERS)
    return await get_record(session, BaselineSurveyState, survey_id, actor=actor)


async def list_surveys(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[BaselineSurveyState]:
    """Surveys of the reader's subtree. Source: S3."""
    require_role(actor, *READERS)
    return await list_records(session, BaselineSurveyState, wanted, actor=actor, after=after, limit=limit)


async def list_survey_versions(session: AsyncSession, *, actor: Actor, survey_id: UUID) -> list[BaselineSurveyState]:
    """Every state of a survey of the reader's subtree, the one as found first. Source: S3."""
    require_role(actor, *READERS)
    return await list_versions(session, BaselineSurveyState, survey_id, actor=actor)


async def sum_surveys(session: AsyncSession, *, actor: Actor, within: str) -> SurveyTotals:
    """How far a division is surveyed, and the inventory of its shared information resources.

    Source: S3.

    Raises:
        RoleRequired, OutOfScope: not this reader's to see.
    """
    require_role(actor, *READERS)
    require_scope(actor, within)
    wanted = Wanted(within=within)
    centres = await sum_records(
        session, BaselineSurveyState, wanted, by=("community_centre",), of="version", actor=actor
    )
    systems = await count_members(session, BaselineSurveyState, wanted, array="shared_systems", actor=actor)
    return SurveyTotals(
        surveyed=sum(total.count for total in centres.values()),
        with_community_centre=sum(total.count for (centre,), total in centres.items() if centre is not None),
        systems=tuple(sorted(systems.items(), key=lambda item: (-item[1], item[0]))),
    )


def _check(facts: SurveyFacts, effective_on: date) -> None:
    require_surveyed(facts["surveyed_on"], effective_on=effective_on)
    require_findings(facts.get("findings", {}))
