"""Which records belong to a city's plan, and who may touch them."""

from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from common.auth import Actor, Role
from common.contracts.reporting.plans import FilingState, PlanState
from common.contracts.reporting.programmes import ProgrammeState
from common.directory import require_division
from common.divisions import Level, contains, level_of
from common.records.service import get_record, hold_record
from common.uow import UnitOfWork
from reporting.plans.errors import NotAFilingCity, ProgrammeNotOpen
from reporting.programmes.service import DECIDERS, get_programme, require_own


@dataclass(frozen=True, slots=True)
class Whose:
    """Which city's plan for which programme is meant."""

    programme_id: UUID
    city: str

    @property
    def filing_id(self) -> UUID:
        """There is one filing per city and programme."""
        return uuid5(NAMESPACE_OID, f"{self.programme_id}/{self.city}")

    def plan_id(self, number: int) -> UUID:
        """Of a version."""
        return uuid5(self.filing_id, str(number))

    @property
    def execution_id(self) -> UUID:
        """Of how it is carried out."""
        return uuid5(self.filing_id, "execution")


async def require_city(uow: UnitOfWork, actor: Actor, whose: Whose, *roles: Role) -> ProgrammeState:
    """The programme, for who acts for exactly this city; a closed one still takes what is owed to it.

    Source: O6.2b.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound: not this actor's.
        NotAFilingCity, ProgrammeNotOpen, DivisionUnknown, DivisionRetired: nobody files this.
    """
    require_own(actor, whose.city, *roles)
    programme = await _decided_programme(uow, actor, whose)
    await require_division(uow.conn, whose.city)
    return programme


async def require_upper(uow: UnitOfWork, actor: Actor, whose: Whose) -> ProgrammeState:
    """The programme, for who decides for the government that runs it.

    Source: O6.2b.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound: not this actor's.
        NotAFilingCity, ProgrammeNotOpen: nobody files this.
    """
    programme = await _decided_programme(uow, actor, whose)
    require_own(actor, programme.division, *DECIDERS)
    return programme


async def _decided_programme(uow: UnitOfWork, actor: Actor, whose: Whose) -> ProgrammeState:
    programme = await get_programme(uow.conn, whose.programme_id, actor=actor)
    levels = (level_of(programme.division), level_of(whose.city))
    if levels != (Level.PROVINCE, Level.CITY) or not contains(programme.division, whose.city):
        raise NotAFilingCity
    if programme.status == "draft":
        raise ProgrammeNotOpen(status=programme.status)
    return programme


async def hold_filing(uow: UnitOfWork, whose: Whose, *, expected_version: int | None) -> FilingState:
    """The city's filing, for a change: whoever changes anything of a plan holds it first."""
    return await hold_record(uow.session, FilingState, whose.filing_id, expected_version=expected_version)


async def get_plan_of(uow: UnitOfWork, whose: Whose, number: int) -> PlanState:
    """A version that is known to be there."""
    return await get_record(uow.session, PlanState, whose.plan_id(number))
