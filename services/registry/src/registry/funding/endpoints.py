"""The money over HTTP: told by those who lead (or grant), read within one's own subtree; the rules are public."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.contracts.registry.money import AidGrantState, BudgetLineState, FundExpenseState, TownSupplementState
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from registry.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.funding import service
from registry.funding.domain import FUND_SOURCE_LABELS, aid_areas, fund_rule
from registry.funding.schemas import (
    AidAreasAnswer,
    BudgetCheckAnswer,
    BudgetCountAnswer,
    BudgetLineAnswer,
    BudgetLineBody,
    BudgetLinePatch,
    ExpenseAnswer,
    ExpenseBody,
    ExpenseTotalAnswer,
    FundRuleAnswer,
    GrantAnswer,
    GrantBody,
    GrantPatch,
    ReversalBody,
    SupplementAnswer,
    SupplementBody,
    SupplementPatch,
    Year,
)
from registry.history.schemas import wanted_records
from registry.history.service import Wanted

router = APIRouter(tags=["funding"])

Asked = Annotated[Wanted, Depends(wanted_records)]
Within = Annotated[DivisionCode | None, Query(description="只查该区划及其以下；默认本人区划。")]
OfYear = Annotated[Year, Query(description="年度。")]
ROOT = "/registry/v1"


def _day(effective_on: date | None) -> date:
    return effective_on or today()


# --- budget lines ---------------------------------------------------------------------------------------------------


@router.post(
    "/budget-lines", status_code=201, response_model=BudgetLineAnswer, summary="登记经费列入预算情况",
    description="每个机构每个年度一条；由预算所在的县（市）或领导机构登记。",
)  # fmt: skip
async def create_budget_line(uow: Uow, actor: CurrentActor, once: Idempotency, body: BudgetLineBody) -> Response:
    """Tells a budget line."""

    async def work() -> Response:
        state = await service.create_budget_line(
            uow, actor=actor, new=body.to_domain(), effective_on=_day(body.effective_on), reason=body.reason
        )
        location = f"{ROOT}/budget-lines/{state.id}"
        return answer(BudgetLineAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/budget-lines/{line_id}", response_model=BudgetLineAnswer, summary="变更预算登记", description="须带 If-Match。"
)
async def change_budget_line(
    uow: Uow, actor: CurrentActor, line_id: UUID, expected_version: IfMatch, body: BudgetLinePatch
) -> Response:
    """Changes a budget line."""
    state = await service.change_budget_line(
        uow,
        actor=actor,
        line_id=line_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return answer(BudgetLineAnswer.of(state), version=state.version)


@router.get("/budget-lines", summary="预算登记列表", description="限本人管辖范围。")
async def list_budget_lines(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[BudgetLineAnswer]:
    """Lists budget lines."""
    of = f"budget-lines:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_money(
        session, BudgetLineState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=BudgetLineAnswer.of, of=of)


@router.get(
    "/budget-lines/missing", summary="年度预算检查", description="该年度未列入财政预算或未登记的运行中的乡镇街道机构。"
)
async def list_missing_budget_lines(
    session: ReadSession, actor: CurrentActor, paging: Paging, year: OfYear, division: Within = None
) -> Page[BudgetCheckAnswer]:
    """Lists offices that do not stand in the budget."""
    of = f"budget-check:{year}:{division}"
    after = paging.after(str, UUID, of=of)
    position = (after[0], after[1]) if after else None
    rows = await service.check_budgets(
        session, actor=actor, year=year, within=division, after=position, limit=paging.fetch
    )
    return paging.page(
        rows,
        key=lambda row: (row.office.division, row.office.id),
        show=lambda row: BudgetCheckAnswer.of(row, year),
        of=of,
    )


@router.get("/budget-lines/counts", summary="年度预算检查合计", description="按检查结果统计运行中的乡镇街道机构。")
async def count_budget_lines(
    session: ReadSession, actor: CurrentActor, year: OfYear, division: Within = None
) -> list[BudgetCountAnswer]:
    """Counts the findings of the yearly check."""
    counted = await service.count_budgets(session, actor=actor, year=year, within=division)
    return [BudgetCountAnswer.of(finding, count) for finding, count in counted.items()]


@router.get("/budget-lines/{line_id}", summary="一条预算登记")
async def get_budget_line(
    session: ReadSession, actor: CurrentActor, line_id: UUID, response: Response
) -> BudgetLineAnswer:
    """Shows a budget line."""
    state = await service.get_money(session, BudgetLineState, line_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return BudgetLineAnswer.of(state)


@router.get("/budget-lines/{line_id}/versions", summary="预算登记的全部状态")
async def list_budget_line_versions(session: ReadSession, actor: CurrentActor, line_id: UUID) -> list[BudgetLineAnswer]:
    """Shows every state of a budget line."""
    states = await service.list_money_versions(session, BudgetLineState, line_id, actor=actor)
    return [BudgetLineAnswer.of(state) for state in states]


# --- town supplements -----------------------------------------------------------------------------------------------


@router.post(
    "/town-supplements", status_code=201, response_model=SupplementAnswer, summary="登记乡镇街道补助",
    description="由该乡镇（街道）登记，可有可无；每个机构每个年度一条。",
)  # fmt: skip
async def create_town_supplement(uow: Uow, actor: CurrentActor, once: Idempotency, body: SupplementBody) -> Response:
    """Tells a town's supplement."""

    async def work() -> Response:
        state = await service.create_supplement(
            uow,
            actor=actor,
            office_id=body.office_id,
            year=body.year,
            amount_fen=body.amount_fen,
            purpose=body.purpose,
            document=body.document,
            effective_on=_day(body.effective_on),
            reason=body.reason,
        )
        location = f"{ROOT}/town-supplements/{state.id}"
        return answer(SupplementAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/town-supplements/{supplement_id}", response_model=SupplementAnswer, summary="变更乡镇街道补助",
    description="须带 If-Match。",
)  # fmt: skip
async def change_town_supplement(
    uow: Uow, actor: CurrentActor, supplement_id: UUID, expected_version: IfMatch, body: SupplementPatch
) -> Response:
    """Changes a town's supplement."""
    state = await service.change_supplement(
        uow,
        actor=actor,
        supplement_id=supplement_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return answer(SupplementAnswer.of(state), version=state.version)


@router.get("/town-supplements", summary="乡镇街道补助列表", description="限本人管辖范围。")
async def list_town_supplements(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[SupplementAnswer]:
    """Lists supplements."""
    of = f"town-supplements:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_money(
        session, TownSupplementState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=SupplementAnswer.of, of=of)


@router.get("/town-supplements/{supplement_id}", summary="一条乡镇街道补助")
async def get_town_supplement(
    session: ReadSession, actor: CurrentActor, supplement_id: UUID, response: Response
) -> SupplementAnswer:
    """Shows a supplement."""
    state = await service.get_money(session, TownSupplementState, supplement_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return SupplementAnswer.of(state)


@router.get("/town-supplements/{supplement_id}/versions", summary="乡镇街道补助的全部状态")
async def list_town_supplement_versions(
    session: ReadSession, actor: CurrentActor, supplement_id: UUID
) -> list[SupplementAnswer]:
    """Shows every state of a supplement."""
    states = await service.list_money_versions(session, TownSupplementState, supplement_id, actor=actor)
    return [SupplementAnswer.of(state) for state in states]


# --- expenses of the special fund -----------------------------------------------------------------------------------


@router.get("/fund-rules", summary="就业专项资金使用规定", description="某日各来源可以用于什么，及依据。无需登录。")
async def list_fund_rules(on: AsOf) -> list[FundRuleAnswer]:
    """Tells the matrix of a day."""
    return [FundRuleAnswer.of(fund_rule(source, on=on)) for source in FUND_SOURCE_LABELS]


@router.post(
    "/fund-expenses", status_code=201, response_model=ExpenseAnswer, summary="登记就业专项资金支出",
    description="按支出当日的使用规定核对来源和用途，不符的拒绝。",
)  # fmt: skip
async def create_fund_expense(uow: Uow, actor: CurrentActor, once: Idempotency, body: ExpenseBody) -> Response:
    """Records an expense."""

    async def work() -> Response:
        state = await service.create_expense(uow, actor=actor, new=body.to_domain())
        location = f"{ROOT}/fund-expenses/{state.id}"
        return answer(ExpenseAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.post(
    "/fund-expenses/{expense_id}/reversal", response_model=ExpenseAnswer, summary="冲销支出",
    description="须带 If-Match 并说明理由；支出不删除、不修改，正确的另行登记。",
)  # fmt: skip
async def reverse_fund_expense(
    uow: Uow, actor: CurrentActor, expense_id: UUID, expected_version: IfMatch, body: ReversalBody
) -> Response:
    """Takes an expense back."""
    state = await service.reverse_expense(
        uow,
        actor=actor,
        expense_id=expense_id,
        expected_version=expected_version,
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return answer(ExpenseAnswer.of(state), version=state.version)


@router.get("/fund-expenses", summary="就业专项资金支出列表", description="限本人管辖范围。")
async def list_fund_expenses(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[ExpenseAnswer]:
    """Lists expenses."""
    of = f"fund-expenses:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_money(
        session, FundExpenseState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ExpenseAnswer.of, of=of)


@router.get("/fund-expenses/totals", summary="支出合计", description="一个年度按来源和用途合计，单位：分。")
async def sum_fund_expenses(
    session: ReadSession, actor: CurrentActor, wanted: Asked, year: OfYear
) -> list[ExpenseTotalAnswer]:
    """Sums expenses up."""
    totals = await service.sum_expenses(session, actor=actor, wanted=wanted, year=year)
    return [ExpenseTotalAnswer.of(pair, total) for pair, total in totals.items()]


@router.get("/fund-expenses/{expense_id}", summary="一笔支出")
async def get_fund_expense(
    session: ReadSession, actor: CurrentActor, expense_id: UUID, response: Response
) -> ExpenseAnswer:
    """Shows an expense."""
    state = await service.get_money(session, FundExpenseState, expense_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return ExpenseAnswer.of(state)


@router.get("/fund-expenses/{expense_id}/versions", summary="支出的全部状态")
async def list_fund_expense_versions(
    session: ReadSession, actor: CurrentActor, expense_id: UUID
) -> list[ExpenseAnswer]:
    """Shows every state of an expense."""
    states = await service.list_money_versions(session, FundExpenseState, expense_id, actor=actor)
    return [ExpenseAnswer.of(state) for state in states]


# --- aid ------------------------------------------------------------------------------------------------------------


@router.get("/aid-areas", summary="省补助的欠发达地区", description="某日的名单，及依据和把握程度。无需登录。")
async def get_aid_areas(on: AsOf) -> AidAreasAnswer:
    """Tells the list of a day."""
    return AidAreasAnswer.of(aid_areas(on=on))


@router.post(
    "/aid-grants", status_code=201, response_model=GrantAnswer, summary="登记欠发达地区补助",
    description="由上级主管部门登记；只用于基础设施建设和基本设备配置。",
)  # fmt: skip
async def create_aid_grant(uow: Uow, actor: CurrentActor, once: Idempotency, body: GrantBody) -> Response:
    """Records aid."""

    async def work() -> Response:
        state = await service.create_grant(uow, actor=actor, **dict(body))
        location = f"{ROOT}/aid-grants/{state.id}"
        return answer(GrantAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch("/aid-grants/{grant_id}", response_model=GrantAnswer, summary="变更补助", description="须带 If-Match。")
async def change_aid_grant(
    uow: Uow, actor: CurrentActor, grant_id: UUID, expected_version: IfMatch, body: GrantPatch
) -> Response:
    """Changes aid."""
    state = await service.change_grant(
        uow,
        actor=actor,
        grant_id=grant_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return answer(GrantAnswer.of(state), version=state.version)


@router.get("/aid-grants", summary="补助列表", description="限本人管辖范围。")
async def list_aid_grants(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[GrantAnswer]:
    """Lists aid."""
    of = f"aid-grants:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_money(
        session, AidGrantState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=GrantAnswer.of, of=of)


@router.get("/aid-grants/{grant_id}", summary="一笔补助")
async def get_aid_grant(session: ReadSession, actor: CurrentActor, grant_id: UUID, response: Response) -> GrantAnswer:
    """Shows aid."""
    state = await service.get_money(session, AidGrantState, grant_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return GrantAnswer.of(state)


@router.get("/aid-grants/{grant_id}/versions", summary="补助的全部状态")
async def list_aid_grant_versions(session: ReadSession, actor: CurrentActor, grant_id: UUID) -> list[GrantAnswer]:
    """Shows every state of aid."""
    states = await service.list_money_versions(session, AidGrantState, grant_id, actor=actor)
    return [GrantAnswer.of(state) for state in states]
