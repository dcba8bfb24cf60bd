"""The ledger of rewards and penalties over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.accountability import service
from casework.accountability.schemas import (
    KindAnswer,
    KindsAnswer,
    LedgerEntryAnswer,
    LedgerEntryBody,
    LedgerSumsAnswer,
    ReversalBody,
    SummaryAnswer,
)
from casework.accountability.service import SummaryBy
from casework.deps import CurrentActor, Idempotency, IsoDay, Paging, ReadConnection, ReadSession, Uow
from common.clock import today
from common.contracts.casework.accountability import LedgerEntryState
from common.http import DivisionCode, Page, answer, run_idempotent

router = APIRouter()

FIRST, LAST = date(2011, 1, 1), date(2100, 12, 31)
Year = Annotated[int, Query(ge=2011, le=2100, description="年度。")]
Person = Annotated[str | None, Query(min_length=1, max_length=255, description="该账号的。")]
Division = Annotated[DivisionCode | None, Query(description="该区划及其以下的。")]


def _created(state: LedgerEntryState) -> Response:
    location = f"/casework/v1/accountability/ledger/{state.id}"
    return answer(LedgerEntryAnswer.of(state), status=201, version=state.version, location=location)


@router.get(
    "/kinds",
    summary="处理方式和奖惩种类",
    description="各种类的分值、依据和可信程度。无需登录。",
)
async def list_accountability_kinds() -> KindsAnswer:
    """Lists the kinds of decisions, rewards and penalties."""
    kinds = service.list_kinds()
    return KindsAnswer(
        decision_kinds=[KindAnswer.of(kind) for kind in kinds.decision_kinds],
        ledger_kinds=[KindAnswer.of(kind) for kind in kinds.ledger_kinds],
    )


@router.post(
    "/ledger",
    status_code=201,
    response_model=LedgerEntryAnswer,
    summary="登记奖惩",
    description="登记考核、创优评选的奖惩；对人员由机构负责人或上级监督员登记，对机构只由上级监督员登记。",
)
async def enter_ledger_entry(body: LedgerEntryBody, uow: Uow, actor: CurrentActor, once: Idempotency) -> Response:
    """Enters a reward or a penalty."""

    async def work() -> Response:
        return _created(await service.enter(uow, actor=actor, new=body.to_domain()))

    return await run_idempotent(uow, once, work)


@router.get(
    "/ledger",
    summary="奖惩台账",
    description="机构负责人和监督员看管辖范围内的；其他人员只看本人的。只增加、只冲销，不修改。",
)
async def list_ledger_entries(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    division: Division = None,
    person: Person = None,
    year: Annotated[int | None, Query(ge=2011, le=2100, description="年度。")] = None,
) -> Page[LedgerEntryAnswer]:
    """Lists entries of the ledger."""
    of = f"accountability/ledger:{division}:{person}:{year}"
    after = paging.after(UUID, of=of)
    rows = await service.list_entries(
        session,
        actor=actor,
        division=division,
        person=person,
        year=year,
        after=after[0] if after else None,
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.id,), show=LedgerEntryAnswer.of, of=of)


@router.get(
    "/ledger/sums",
    summary="奖惩台账年度合计",
    description="各人员、各机构一年的分值合计和各季度等次；可见范围同台账。",
)
async def sum_ledger(
    session: ReadSession, actor: CurrentActor, year: Year, division: Division = None, person: Person = None
) -> list[LedgerSumsAnswer]:
    """Sums a year up."""
    found = await service.sum_entries(session, actor=actor, division=division, person=person, year=year)
    return [LedgerSumsAnswer.of(sums) for sums in found]


@router.get("/ledger/{entry_id}", summary="一条台账记录", description="可见范围同台账。")
async def get_ledger_entry(entry_id: UUID, session: ReadSession, actor: CurrentActor) -> LedgerEntryAnswer:
    """Shows one entry."""
    return LedgerEntryAnswer.of(await service.get_entry(session, entry_id, actor=actor))


@router.post(
    "/ledger/{entry_id}/reversal",
    status_code=201,
    response_model=LedgerEntryAnswer,
    summary="冲销台账记录",
    description="由上级监督员冲销，计入原记录的年度和季度；一条记录只能冲销一次。",
)
async def reverse_ledger_entry(
    entry_id: UUID, body: ReversalBody, uow: Uow, actor: CurrentActor, once: Idempotency
) -> Response:
    """Takes an entry back."""

    async def work() -> Response:
        return _created(await service.reverse_entry(uow, actor=actor, entry_id=entry_id, reason=body.reason))

    return await run_idempotent(uow, once, work)


@router.get(
    "/summary",
    summary="办结及时率",
    description="期间内（默认今年以来）各机构或各经办账号的办结及时率，以及当前在办和超期数；"
    "机构负责人、监督员和审计员看管辖范围内的。",
)
async def summarise_cases(
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    by: Annotated[SummaryBy, Query(description="按机构或按人员。")],
    division: Division = None,
    first: Annotated[IsoDay | None, Query(ge=FIRST, le=LAST, description="起始日（含）；默认当年1月1日。")] = None,
    last: Annotated[IsoDay | None, Query(ge=FIRST, le=LAST, description="截止日（含）；默认今天。")] = None,
) -> Page[SummaryAnswer]:
    """Sums up how many cases were closed in time."""
    ends = last or today()
    begins = first or ends.replace(month=1, day=1)
    of = f"accountability/summary:{by}:{division}:{begins}:{ends}"
    after = paging.after(str, of=of)
    rows = await service.summarise_cases(
        conn,
        actor=actor,
        by=by,
        division=division,
        first=begins,
        last=ends,
        after=after[0] if after else "",
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.key,), show=SummaryAnswer.of, of=of)
