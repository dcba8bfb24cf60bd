"""The lists of records that can be imported, each with the use cases of its feature."""

from typing import cast
from uuid import UUID

from common.contracts.registry.money import BudgetLineState, TownSupplementState
from common.contracts.registry.people import StaffingRequirementState
from common.contracts.registry.places import EquipmentState, PremisesState
from registry.equipment import service as equipment
from registry.equipment.service import EquipmentChanges, NewEquipment
from registry.funding import service as funding
from registry.funding.service import BudgetLineChanges, NewBudgetLine
from registry.premises import service as premises
from registry.premises.service import NewPremises, PremisesChanges
from registry.sheets.domain import records
from registry.sheets.domain.columns import ID
from registry.sheets.service.import_records import RecordsImport, Told
from registry.sheets.service.importer import Importable, Work
from registry.staffing import service as staffing


async def _create_premises(work: Work, office_id: UUID, told: Told) -> object:
    new = NewPremises(office_id=office_id, **{**told.values, "windows": told.values["windows"] or ()})
    return await premises.create_premises(
        work.uow, actor=work.actor, new=new, effective_on=told.effective_on, reason=told.reason
    )


async def _change_premises(work: Work, key: UUID, version: int, told: Told) -> object:
    return await premises.change_premises(
        work.uow,
        actor=work.actor,
        premises_id=key,
        expected_version=version,
        changes=cast("PremisesChanges", told.values),
        effective_on=told.effective_on,
        reason=told.reason,
    )


async def _create_equipment(work: Work, office_id: UUID, told: Told) -> object:
    new = NewEquipment(office_id=office_id, **told.values)
    return await equipment.create_equipment(
        work.uow, actor=work.actor, new=new, effective_on=told.effective_on, reason=told.reason
    )


async def _change_equipment(work: Work, key: UUID, version: int, told: Told) -> object:
    return await equipment.change_equipment(
        work.uow,
        actor=work.actor,
        equipment_id=key,
        expected_version=version,
        changes=cast("EquipmentChanges", told.values),
        effective_on=told.effective_on,
        reason=told.reason,
    )


async def _create_factors(work: Work, office_id: UUID, told: Told) -> object:
    return await staffing.tell_factors(
        work.uow,
        actor=work.actor,
        office_id=office_id,
        effective_on=told.effective_on,
        factors=told.values,
        reason=told.reason,
    )


async def _change_factors(work: Work, key: UUID, version: int, told: Told) -> object:
    return await staffing.change_factors(
        work.uow,
        actor=work.actor,
        requirement_id=key,
        expected_version=version,
        effective_on=told.effective_on,
        factors=told.values,
        reason=told.reason,
    )


async def _create_budget_line(work: Work, office_id: UUID, told: Told) -> object:
    new = NewBudgetLine(office_id=office_id, **told.values)
    return await funding.create_budget_line(
        work.uow, actor=work.actor, new=new, effective_on=told.effective_on, reason=told.reason
    )


async def _change_budget_line(work: Work, key: UUID, version: int, told: Told) -> object:
    return await funding.change_budget_line(
        work.uow,
        actor=work.actor,
        line_id=key,
        expected_version=version,
        changes=cast("BudgetLineChanges", told.values),
        effective_on=told.effective_on,
        reason=told.reason,
    )


async def _create_supplement(work: Work, office_id: UUID, told: Told) -> object:
    return await funding.create_supplement(
        work.uow,
        actor=work.actor,
        office_id=office_id,
        effective_on=told.effective_on,
        reason=told.reason,
        **told.values,
    )


async def _change_supplement(work: Work, key: UUID, version: int, told: Told) -> object:
    return await funding.change_supplement(
        work.uow,
        actor=work.actor,
        supplement_id=key,
        expected_version=version,
        changes=dict(told.values),
        effective_on=told.effective_on,
        reason=told.reason,
    )


_NOTES = (
    "变更：保留编号和版本，只改需要改的单元格；清空一个可以不填的单元格即删除其内容。",
    "新增：编号和版本留空，以区划代码指明机构。",
)
_YEARLY = ((ID,), ("division", "year"))
IMPORTS: tuple[Importable, ...] = (
    Importable(
        "premises",
        "场地",
        records.PREMISES,
        ((ID,),),
        RecordsImport(PremisesState, records.PREMISES, _create_premises, _change_premises),
        _NOTES,
    ),
    Importable(
        "equipment",
        "设备",
        records.EQUIPMENT,
        ((ID,),),
        RecordsImport(
            EquipmentState, records.EQUIPMENT, _create_equipment, _change_equipment, begins_with="acquired_on"
        ),
        _NOTES,
    ),
    Importable(
        "staffing_requirements",
        "人员配备",
        records.STAFFING,
        ((ID,), ("division",)),
        RecordsImport(StaffingRequirementState, records.STAFFING, _create_factors, _change_factors),
        _NOTES,
    ),
    Importable(
        "budget_lines",
        "经费预算",
        records.BUDGET_LINES,
        _YEARLY,
        RecordsImport(BudgetLineState, records.BUDGET_LINES, _create_budget_line, _change_budget_line),
        _NOTES,
    ),
    Importable(
        "town_supplements",
        "乡镇补助",
        records.SUPPLEMENTS,
        _YEARLY,
        RecordsImport(TownSupplementState, records.SUPPLEMENTS, _create_supplement, _change_supplement),
        _NOTES,
    ),
)
