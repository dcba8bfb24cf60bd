"""The lists of records of offices; what people read of them over HTTP decides who may export them."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.contracts.registry import DivisionChangeState
from common.contracts.registry.money import (
    AidGrantState,
    BudgetLineState,
    FundExpenseState,
    PayRateState,
    PayRecoveryState,
    PayRunState,
    TownSupplementState,
)
from common.contracts.registry.offices import BaselineSurveyState, DelegationState, ServiceContractState
from common.contracts.registry.people import (
    EstablishmentState,
    QualificationStandardState,
    RecruitmentState,
    StaffingRequirementState,
    StaffMemberState,
    TrainingAttendance,
)
from common.contracts.registry.places import EquipmentState, PremisesState, WindowState
from common.contracts.registry.readiness import ReadinessState
from registry.division_changes import service as division_changes
from registry.history.service import get_office_names
from registry.pay import service as pay
from registry.pay.domain import Task
from registry.sheets.domain import pay as pay_columns
from registry.sheets.domain import records, tree
from registry.sheets.service.listing import (
    PAGE,
    RECORD_FILTERS,
    SIGNED_IN,
    Asked,
    Listing,
    RecordRow,
    record_listing,
    record_pages,
)


class WindowRow:
    """A window with the premises that it is in."""

    __slots__ = ("address", "division", "office_name", "premises_id", "window")

    def __init__(self, premises: RecordRow, window: WindowState) -> None:
        self.premises_id: UUID = premises.state.id
        self.division = premises.state.division
        self.office_name = premises.office_name
        self.address = premises.address
        self.window = window

    def __getattr__(self, name: str) -> Any:
        return getattr(self.window, name)


async def _window_pages(session: AsyncSession, asked: Asked, actor: Actor | None) -> AsyncIterator[Sequence[Any]]:
    async for page in record_pages(PremisesState, is_public=True)(session, asked, actor):
        yield [WindowRow(premises, window) for premises in page for window in premises.windows]


class TaskRow:
    """A task with the name of its station."""

    __slots__ = ("office_name", "task")

    def __init__(self, task: Task, office_name: str) -> None:
        self.task = task
        self.office_name = office_name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.task, name)


async def _task_pages(session: AsyncSession, asked: Asked, actor: Actor | None) -> AsyncIterator[Sequence[Any]]:
    assert actor is not None  # noqa: S101 - the list is not public
    wanted = pay.TaskFilter(office_id=asked.office_id, within=asked.division)
    after: UUID | None = None
    while tasks := await pay.list_tasks(session, wanted, actor=actor, after=after, limit=PAGE):
        after = tasks[-1].case_id
        names = await get_office_names(session, {task.office_id for task in tasks}, on=today())
        yield [TaskRow(task, names.get(task.office_id, "")) for task in tasks]


async def _change_pages(session: AsyncSession, asked: Asked, _: Actor | None) -> AsyncIterator[Sequence[Any]]:
    wanted = division_changes.ChangeFilter(within=asked.division)
    after: UUID | None = None
    while rows := await division_changes.list_changes(session, wanted=wanted, after=after, limit=PAGE):
        after = rows[-1].id
        yield [DivisionChangeState.model_validate(row.state, strict=False) for row in rows]
        session.expunge_all()


RECORDS: tuple[Listing, ...] = (
    record_listing("premises", "场地", records.PREMISES, PremisesState, is_public=True),
    Listing("windows", "窗口", records.WINDOWS, RECORD_FILTERS, None, _window_pages),
    record_listing("equipment", "设备", records.EQUIPMENT, EquipmentState),
    record_listing("staff_members", "人员岗位", records.STAFF, StaffMemberState),
    record_listing("establishments", "编制", records.ESTABLISHMENTS, EstablishmentState),
    record_listing("recruitments", "招聘", records.RECRUITMENTS, RecruitmentState),
    record_listing("training", "培训记录", records.TRAINING, TrainingAttendance),
    record_listing("staffing_requirements", "人员配备", records.STAFFING, StaffingRequirementState),
    record_listing("budget_lines", "经费预算", records.BUDGET_LINES, BudgetLineState),
    record_listing("town_supplements", "乡镇补助", records.SUPPLEMENTS, TownSupplementState),
    record_listing("fund_expenses", "专项资金支出", records.EXPENSES, FundExpenseState),
    record_listing("aid_grants", "欠发达地区补助", records.AID_GRANTS, AidGrantState),
    record_listing("service_contracts", "购买服务合同", records.CONTRACTS, ServiceContractState),
    record_listing("delegations", "下放事权", records.DELEGATIONS, DelegationState, is_public=True),
    record_listing("baseline_surveys", "现状调查", records.SURVEYS, BaselineSurveyState),
    record_listing(
        "qualification_standards", "聘用资格标准", records.STANDARDS, QualificationStandardState, is_public=True
    ),
    record_listing("pay_rates", "报酬标准", pay_columns.RATES, PayRateState),
    Listing("pay_tasks", "计酬任务", pay_columns.TASKS, frozenset({"division", "office_id"}), SIGNED_IN, _task_pages),
    record_listing("pay_runs", "报酬核发", pay_columns.RUNS, PayRunState),
    record_listing("pay_recoveries", "报酬追回", pay_columns.RECOVERIES, PayRecoveryState),
    Listing("division_changes", "区划调整", tree.DIVISION_CHANGES, frozenset({"division"}), None, _change_pages),
    record_listing("readiness", "达标情况", records.READINESS, ReadinessState),
)
