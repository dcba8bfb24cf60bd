"""The ledger over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.clock import today
from common.contracts.reporting.assessments import ReportingLedgerEntryState
from common.http import DivisionCode, Page, answer, run_idempotent
from common.records.service import Wanted
from reporting.assessments import service
from reporting.assessments.schemas import (
    CaseworkEntryAnswer,
    EntryAnswer,
    LedgerEntryBody,
    OfficeLedgerAnswer,
    ReasonBody,
)
from reporting.deps import CurrentActor, Idempotency, Paging, ReadConnection, ReadSession, Uow

ledger = APIRouter(prefix="/assessments/ledger")

Year = Annotated[int | None, Query(ge=2011, le=2100, description="计入的年度。")]


def _created(state: ReportingLedgerEntryState) -> Response:
    return answer(EntryAnswer.of(state), status=201, version=state.version)


@ledger.get("/entries", summary="奖惩台账", description="本级及其以下的记录，按登记先后排列。")
async def list_reporting_ledger(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
    staff_member_id: Annotated[UUID | None, Query(description="只列该人员的。")] = None,
    year: Year = None,
) -> Page[EntryAnswer]:
    """Lists entries."""
    asked = {"staff_member_id": None if staff_member_id is None else str(staff_member_id), "year": year}
    equal = tuple((name, value) for name, value in asked.items() if value is not None)
    wanted = Wanted(within=division, equal=equal)
    of = f"assessments/ledger:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_entries(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=EntryAnswer.of, of=of)


@ledger.post(
    "/entries", status_code=201, response_model=EntryAnswer, summary="登记奖惩",
    description="由上级登记；依据命名、撤销称号或者督导考核的须注明来源记录。",
)  # fmt: skip
async def enter_reporting_ledger(uow: Uow, actor: CurrentActor, once: Idempotency, body: LedgerEntryBody) -> Response:
    """Enters a reward or a penalty."""

    async def work() -> Response:
        return _created(await service.enter(uow, actor=actor, new=body.to_new()))

    return await run_idempotent(uow, once, work)


@ledger.post(
    "/entries/{entry_id}/reversal", status_code=201, response_model=EntryAnswer, summary="冲销",
    description="另增一条相反的记录，原记录不变；由登记的单位或者其上级冲销，只冲销一次。",
)  # fmt: skip
async def reverse_reporting_ledger(
    uow: Uow, actor: CurrentActor, once: Idempotency, entry_id: UUID, body: ReasonBody
) -> Response:
    """Takes an entry back."""

    async def work() -> Response:
        return _created(await service.reverse_entry(uow, actor=actor, entry_id=entry_id, reason=body.reason))

    return await run_idempotent(uow, once, work)


@ledger.get(
    "/offices/{division}", summary="一个机构的奖惩台账",
    description="一年之中进度报送登记的和窗口业务登记的并列，分值各按各的办法；窗口业务的记录分页。",
)  # fmt: skip
async def get_office_ledger(
    session: ReadSession,
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    division: DivisionCode,
    year: Year = None,
) -> OfficeLedgerAnswer:
    """Shows both ledgers of an office."""
    asked = year or today().year
    of = f"assessments/ledger/offices:{division}:{asked}"
    after = paging.after(UUID, of=of)
    found = await service.get_office_ledger(
        session, conn, actor=actor, division=division, year=asked, after=after[0] if after else None, limit=paging.fetch
    )
    casework = paging.page(found.casework, key=lambda row: (row.id,), show=CaseworkEntryAnswer.of, of=of)
    return OfficeLedgerAnswer.of(division, asked, found, casework)
