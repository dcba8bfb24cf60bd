"""Everything that an office was and had on a day, sorted for the criteria. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from common.contracts.registry import OfficeState, RecordState
from common.contracts.registry.money import AidGrantState, BudgetLineState, TownSupplementState
from common.contracts.registry.offices import BaselineSurveyState, ServiceContractState
from common.contracts.registry.people import (
    EstablishmentState,
    StaffingRequirementState,
    StaffMemberState,
    TrainingAttendance,
)
from common.contracts.registry.places import EquipmentState, PremisesState
from registry.staff.domain import is_held

S = TypeVar("S", bound=RecordState)


@dataclass(frozen=True, slots=True)
class Picture:
    """An office on a day.

    Attributes:
        on: the Beijing day whose facts these are.
        rules_on: the Beijing day whose rules they are held against.
    """

    on: date
    rules_on: date
    office: OfficeState
    premises: tuple[PremisesState, ...] = ()
    equipment: tuple[EquipmentState, ...] = ()
    staff: tuple[StaffMemberState, ...] = ()
    establishment: EstablishmentState | None = None
    staffing: StaffingRequirementState | None = None
    trainings: tuple[TrainingAttendance, ...] = ()
    contracts: tuple[ServiceContractState, ...] = ()
    budget_lines: tuple[BudgetLineState, ...] = ()
    posts_ever: tuple[StaffMemberState, ...] = ()
    is_guided: bool = False
    supplements: tuple[TownSupplementState, ...] = ()
    aid_grants: tuple[AidGrantState, ...] = ()
    survey: BaselineSurveyState | None = None


MODELS: tuple[type[RecordState | OfficeState], ...] = (
    OfficeState,
    PremisesState,
    EquipmentState,
    StaffMemberState,
    EstablishmentState,
    StaffingRequirementState,
    TrainingAttendance,
    ServiceContractState,
    BudgetLineState,
    TownSupplementState,
    AidGrantState,
    BaselineSurveyState,
)
"""What a picture is made of."""


def picture_of(
    states: Iterable[RecordState | OfficeState], *, on: date, rules_on: date, is_guided: bool = False
) -> Picture | None:
    """The picture out of what the history tells of a day; None if there was no office then.

    What had ended by the day (posts, premises) is left out; `posts_ever` has every post, for what was learnt before.

    Source: S2, S3.

    Args:
        is_guided: an operating office stood where the business guidance comes from.
    """
    found = list(states)
    office = next((state for state in found if isinstance(state, OfficeState)), None)
    if office is None:
        return None
    return Picture(
        on=on,
        rules_on=rules_on,
        office=office,
        premises=tuple(one for one in _all(found, PremisesState) if one.ended_on is None or one.ended_on > on),
        equipment=tuple(_all(found, EquipmentState)),
        staff=tuple(one for one in _all(found, StaffMemberState) if is_held(one, on)),
        posts_ever=tuple(_all(found, StaffMemberState)),
        is_guided=is_guided,
        establishment=next(iter(_all(found, EstablishmentState)), None),
        staffing=next(iter(_all(found, StaffingRequirementState)), None),
        trainings=tuple(_all(found, TrainingAttendance)),
        contracts=tuple(_all(found, ServiceContractState)),
        budget_lines=tuple(_all(found, BudgetLineState)),
        supplements=tuple(_all(found, TownSupplementState)),
        aid_grants=tuple(_all(found, AidGrantState)),
        survey=next(iter(_all(found, BaselineSurveyState)), None),
    )


def _all(states: Iterable[RecordState | OfficeState], model: type[S]) -> Iterable[S]:
    return (state for state in states if isinstance(state, model))
