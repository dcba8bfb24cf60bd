"""Rules of e-supervision and their warnings over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from casework.accountability import service
from casework.accountability.schemas import AttributionAnswer, RuleAnswer, RulePeriodBody, WarningAnswer
from casework.accountability.service import LookedFor
from casework.deps import CurrentActor, IfMatch, Paging, ReadConnection, ReadSession, Uow
from common.clock import today
from common.contracts.casework.accountability import Colour, WarningStatus
from common.http import DivisionCode, Page, answer, etag_of

router = APIRouter()

RuleNumber = Annotated[str, Path(min_length=1, max_length=20, pattern=r"^[A-Z0-9-]+$", description="监察规则编号。")]


@router.get("/rules", summary="监察规则", description="全部监察规则及其各段有效期、依据和可信程度。无需登录。")
async def list_warning_rules(session: ReadSession) -> list[RuleAnswer]:
    """Lists the rules of e-supervision."""
    return [RuleAnswer.of(rule, today()) for rule in await service.list_rules(session)]


@router.post(
    "/rules/{number}/periods",
    response_model=RuleAnswer,
    summary="变更监察规则",
    description="只由省级管理员变更，最早自次日起；须带 If-Match。已发出的预警不受影响。",
)
async def change_warning_rule(
    number: RuleNumber, body: RulePeriodBody, uow: Uow, actor: CurrentActor, version: IfMatch
) -> Response:
    """Changes a rule from a day on."""
    state = await service.change_rule(
        uow, actor=actor, number=number, expected_version=version, period=body.to_state(), reason=body.reason
    )
    return answer(RuleAnswer.of(state, today()), version=state.version)


def looked_for(
    person: Annotated[str | None, Query(min_length=1, max_length=255, description="发给该账号的。")] = None,
    office_id: Annotated[UUID | None, Query(description="该机构的。")] = None,
    division: Annotated[DivisionCode | None, Query(description="该区划及其以下的。")] = None,
    case_id: Annotated[UUID | None, Query(description="该办件的。")] = None,
    colour: Annotated[Colour | None, Query(description="颜色。")] = None,
    status: Annotated[WarningStatus | None, Query(description="状态。")] = None,
) -> LookedFor:
    """Which warnings are wanted; a dependency of their list."""
    return LookedFor(
        division=division, office_id=office_id, person=person, case_id=case_id, colour=colour, status=status
    )


@router.get(
    "/warnings",
    summary="预警列表",
    description="机构负责人、监督员和审计员看管辖范围内的，可按人员、机构、区划、颜色筛选；其他人员只看发给本人的。",
)
async def list_warnings(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[LookedFor, Depends(looked_for)]
) -> Page[WarningAnswer]:
    """Lists warnings."""
    of = f"accountability/warnings:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_warnings(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=WarningAnswer.of, of=of)


@router.get("/warnings/{warning_id}", summary="一条预警", description="可见范围同预警列表。")
async def get_warning(warning_id: UUID, session: ReadSession, actor: CurrentActor, response: Response) -> WarningAnswer:
    """Shows one warning."""
    state = await service.get_warning(session, warning_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return WarningAnswer.of(state)


@router.post(
    "/cases/{case_id}/look",
    summary="立即核查一个办件",
    description="按今天的监察规则核查一个办件，发出或解除预警，返回仍有效的预警。重复核查不产生重复预警。",
)
async def look_at_case(case_id: UUID, uow: Uow, actor: CurrentActor) -> list[WarningAnswer]:
    """Looks at one case now."""
    return [WarningAnswer.of(one) for one in await service.look_at_case(uow, actor=actor, case_id=case_id)]


@router.get(
    "/cases/{case_id}/attribution",
    summary="办件用时归属",
    description="受理和办理用时按人员、环节、申请人、其他部门划分，各部分之和等于全部用时，并逐段说明。",
)
async def attribute_case(case_id: UUID, conn: ReadConnection, actor: CurrentActor) -> list[AttributionAnswer]:
    """Splits a case's time."""
    found = await service.attribute_case(conn, actor=actor, case_id=case_id)
    return [AttributionAnswer.of(one, by_step) for one, by_step in found]
