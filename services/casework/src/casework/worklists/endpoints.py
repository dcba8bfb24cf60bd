"""Worklists over HTTP."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from casework.cases import domain
from casework.cases.schemas import ItemCode
from casework.cases.service import NEVER, SeenCase
from casework.deps import Cipher, CurrentActor, Idempotency, Paging, Uow
from casework.worklists import service
from casework.worklists.domain import WorkColour
from casework.worklists.schemas import BatchAnswer, BatchBody, LoadAnswer, LoadsAnswer, OutcomeAnswer, TaskAnswer
from common.contracts.casework.cases import Stage
from common.http import DivisionCode, Page, answer, run_idempotent

router = APIRouter(prefix="/worklists", tags=["worklists"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for."""

    kind: Literal["mine", "offered", "office", "subtree"]
    colour: WorkColour | None
    item_code: str | None
    stage: Stage | None
    division: str | None


def wanted_tasks(
    kind: Annotated[
        Literal["mine", "offered", "office", "subtree"],
        Query(description="本人负责的、待本人接收的、本机构负责的、管辖范围内的。"),
    ] = "mine",
    colour: Annotated[WorkColour | None, Query(description="颜色。")] = None,
    item_code: Annotated[ItemCode | None, Query(description="事项编号。")] = None,
    stage: Annotated[Stage | None, Query(description="环节。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只看该区划及其下级，只用于 subtree。")] = None,
) -> Wanted:
    """The parameters of a worklist."""
    return Wanted(kind, colour, item_code, stage, division)


@router.get(
    "/cases", summary="待办件",
    description="在办的办件，按剩余工作日由少到多，附红、黄、提醒、绿；停止计算的排在最后。申请人信息已脱敏。",
)  # fmt: skip
async def list_due_cases(
    uow: Uow, actor: CurrentActor, cipher: Cipher, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_tasks)]
) -> Page[TaskAnswer]:
    """Lists what is to be done next."""
    of = f"worklist:{wanted}"
    after = paging.after(date, UUID, of=of)
    position = None if after is None else (after[0], after[1])
    tasks = await service.list_tasks(uow, cipher, actor, **asdict(wanted), after=position, limit=paging.fetch)
    return paging.page(tasks, key=_key, show=TaskAnswer.of, of=of)


@router.get(
    "/counts", summary="下一级在办件数",
    description="该区划直接下级各地（含其下级）在办件数及红、黄、提醒数；不超出本人管辖范围。",
)  # fmt: skip
async def count_due_cases(
    uow: Uow,
    actor: CurrentActor,
    cipher: Cipher,
    division: Annotated[DivisionCode | None, Query(description="默认本人所在区划。")] = None,
) -> LoadsAnswer:
    """Counts what the places below have to do."""
    place = division or actor.division
    loads = await service.count_tasks(uow, cipher, actor, division=place)
    return LoadsAnswer(division=place, items=[LoadAnswer.of(load) for load in loads])


@router.post(
    "/batches", response_model=BatchAnswer, summary="批量办理",
    description="对多个办件做同一操作，逐件判断；每件须带所见版本，任何一件不成不影响其他件。",
)  # fmt: skip
async def act_on_cases(uow: Uow, cipher: Cipher, once: Idempotency, body: BatchBody) -> Response:
    """Does the same to many cases."""

    async def work() -> Response:
        outcomes = await service.act_on_many(
            uow,
            cipher=cipher,
            act=body.act,
            seen=[SeenCase(one.id, one.version) for one in body.cases],
            result=None if body.result is None else domain.ClosingResult(body.result),
        )
        return answer(BatchAnswer(items=[OutcomeAnswer.of(one) for one in outcomes]))

    return await run_idempotent(uow, once, work)


def _key(task: service.Task) -> tuple[date, UUID]:
    return (task.view.case.due_on or NEVER, task.view.case.id)
