"""Programmes over HTTP. Source: O6.1a, O6.1b, O6.1c."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.programmes import ProgrammeState, ProgrammeStatus
from common.http import DivisionCode, IsoDay, Page, answer, etag_of, run_idempotent
from reporting.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, Snapshot, Uow
from reporting.programmes import service
from reporting.programmes.schemas import (
    CohortListAnswer,
    ListEntriesBody,
    ListRemovalBody,
    ProgrammeActBody,
    ProgrammeAnswer,
    ProgrammeBody,
    ProgrammeCountsAnswer,
    ProgrammeMemberAnswer,
    ProgrammePlaceAnswer,
    ProgrammeRevisionBody,
    ProgrammeSoundnessAnswer,
    ProgrammeVersionsAnswer,
    SendDownBody,
)
from reporting.programmes.service import Seen, SendDown

router = APIRouter(prefix="/programmes", tags=["programmes"])

SHOWN = 50
Within = Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")]


def _answer(state: ProgrammeState) -> Response:
    return answer(ProgrammeAnswer.of(state), version=state.version)


def _send(body: SendDownBody | None) -> SendDown | None:
    return body.to_send() if body else None


@router.get(
    "", summary="建设任务列表",
    description="本机构及其下级的，以及上级适用于本机构的。填写 in_force_on 只列该日执行中的。",
)  # fmt: skip
async def list_programmes(
    conn: Snapshot,
    actor: CurrentActor,
    paging: Paging,
    status: Annotated[ProgrammeStatus | None, Query(description="草案、执行中或者已结束。")] = None,
    in_force_on: Annotated[IsoDay | None, Query(description="只列该日（北京时间）执行中的。")] = None,
) -> Page[ProgrammeAnswer]:
    """Lists programmes."""
    of = f"programmes:{status}:{in_force_on}:{actor.division}"
    after = paging.after(UUID, of=of)
    limit = paging.fetch if in_force_on is None else None
    rows = await service.list_programmes(
        conn, on=in_force_on, actor=actor, status=status, after=after[0] if after else None, limit=limit
    )
    return paging.page(rows[: paging.fetch], key=lambda row: (row.id,), show=ProgrammeAnswer.of, of=of)


@router.post(
    "", status_code=201, response_model=ProgrammeAnswer, summary="新建建设任务",
    description="形成本机构的草案；批次须互不重叠，一次指出全部问题。",
)  # fmt: skip
async def create_programme(uow: Uow, actor: CurrentActor, once: Idempotency, body: ProgrammeBody) -> Response:
    """Creates a programme."""

    async def work() -> Response:
        state = await service.create_programme(
            uow, actor=actor, code=body.code, content=body.to_content(), reason=body.reason
        )
        location = f"/reporting/v1/programmes/{state.id}"
        return answer(ProgrammeAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("/{programme_id}", summary="一项建设任务", description="ETag 为版本号，修订时在 If-Match 中填写。")
async def get_programme(conn: Snapshot, actor: CurrentActor, programme_id: UUID, response: Response) -> ProgrammeAnswer:
    """Shows a programme."""
    state = await service.get_programme(conn, programme_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return ProgrammeAnswer.of(state)


@router.put(
    "/{programme_id}", response_model=ProgrammeAnswer, summary="修订",
    description="须带 If-Match，写明理由；形成新版本，原版本仍可查阅。已结束的不再修订。",
)  # fmt: skip
async def revise_programme(
    uow: Uow, actor: CurrentActor, programme_id: UUID, version: IfMatch, body: ProgrammeRevisionBody
) -> Response:
    """Revises a programme."""
    state = await service.revise_programme(
        uow,
        actor=actor,
        seen=Seen(programme_id, version),
        content=body.to_content(),
        reason=body.reason,
        send=_send(body.send),
    )
    return _answer(state)


@router.post(
    "/{programme_id}/enforcement", response_model=ProgrammeAnswer, summary="启动执行",
    description="须带 If-Match；批次有重叠的不能启动，没有批次的乡镇（街道）只作提示（见 check）。",
)  # fmt: skip
async def enforce_programme(
    uow: Uow, actor: CurrentActor, programme_id: UUID, version: IfMatch, body: ProgrammeActBody
) -> Response:
    """Puts a programme in force."""
    state = await service.enforce_programme(
        uow,
        actor=actor,
        seen=Seen(programme_id, version),
        from_day=body.on,
        reason=body.reason,
        send=_send(body.send),
    )
    return _answer(state)


@router.post(
    "/{programme_id}/closure", response_model=ProgrammeAnswer, summary="结束", description="须带 If-Match，写明理由。"
)
async def close_programme(
    uow: Uow, actor: CurrentActor, programme_id: UUID, version: IfMatch, body: ProgrammeActBody
) -> Response:
    """Closes a programme."""
    state = await service.close_programme(
        uow, actor=actor, seen=Seen(programme_id, version), on=body.on, reason=body.reason, send=_send(body.send)
    )
    return _answer(state)


@router.get("/{programme_id}/versions", summary="全部版本", description="按先后排列，各含当时的全部内容。")
async def list_programme_versions(conn: Snapshot, actor: CurrentActor, programme_id: UUID) -> ProgrammeVersionsAnswer:
    """Lists the versions of a programme."""
    found = await service.list_versions(conn, programme_id, actor=actor)
    return ProgrammeVersionsAnswer(versions=[ProgrammeAnswer.of(one) for one in found])


@router.get("/{programme_id}/versions/{version}", summary="一个版本", description="当时的全部内容。")
async def get_programme_version(
    conn: Snapshot, actor: CurrentActor, programme_id: UUID, version: int
) -> ProgrammeAnswer:
    """Shows one version of a programme."""
    (found,) = await service.list_versions(conn, programme_id, actor=actor, version=version)
    return ProgrammeAnswer.of(found)


@router.get(
    "/{programme_id}/members", summary="计入的乡镇（街道）",
    description="某日计入的正式乡镇（街道），按今日区划各计一次；本机构管辖范围之内的。可按批次和区划筛选。",
)  # fmt: skip
async def list_programme_members(
    conn: Snapshot,
    actor: CurrentActor,
    paging: Paging,
    programme_id: UUID,
    on: AsOf,
    cohort: Annotated[str | None, Query(max_length=32, description="批次编号。")] = None,
    division: Within = None,
) -> Page[ProgrammeMemberAnswer]:
    """Lists the towns of a programme."""
    programme = await service.get_programme(conn, programme_id, actor=actor)
    of = f"programme-members:{programme_id}:{on}:{cohort}:{division}"
    after = paging.after(str, of=of)
    rows = await service.list_members(conn, programme, on=on, cohort=cohort, within=division, actor=actor)
    left = [row for row in rows if after is None or row.division > after[0]][: paging.fetch]
    return paging.page(left, key=lambda row: (row.division,), show=ProgrammeMemberAnswer.of, of=of)


@router.get(
    "/{programme_id}/counts", summary="各批次、各市的乡镇（街道）数",
    description="本机构管辖范围之内的，与目标数对照；类似乡级单位另列。",
)  # fmt: skip
async def count_programme_members(
    conn: Snapshot, actor: CurrentActor, programme_id: UUID, on: AsOf
) -> ProgrammeCountsAnswer:
    """Counts the towns of a programme."""
    programme = await service.get_programme(conn, programme_id, actor=actor)
    return ProgrammeCountsAnswer.of(await service.count_members(conn, programme, on=on, actor=actor))


@router.get(
    "/{programme_id}/check", summary="批次是否互不重叠、是否完整",
    description="按某日的区划检查；重叠的不能启动执行，没有批次的列出。",
)  # fmt: skip
async def check_programme(
    conn: Snapshot, actor: CurrentActor, programme_id: UUID, on: AsOf
) -> ProgrammeSoundnessAnswer:
    """Checks the cohorts of a programme."""
    programme = await service.get_programme(conn, programme_id, actor=actor)
    return ProgrammeSoundnessAnswer.of(await service.check_programme(conn, programme, on=on, actor=actor), SHOWN)


@router.get(
    "/{programme_id}/towns/{division}", summary="某乡镇（街道）属于哪一批次、为什么",
    description="已撤销的代码按承继的区划回答。",
)  # fmt: skip
async def get_programme_place(
    conn: Snapshot, actor: CurrentActor, programme_id: UUID, division: DivisionCode, on: AsOf
) -> ProgrammePlaceAnswer:
    """Tells which cohort a town is in."""
    programme = await service.get_programme(conn, programme_id, actor=actor)
    place = await service.find_place(conn, programme, division, on=on, actor=actor)
    return ProgrammePlaceAnswer.of(place, programme, on)


@router.get(
    "/{programme_id}/cohorts/{cohort}/towns", summary="名单",
    description="录入的乡镇（街道），含已移出的；本机构管辖范围之内的。",
)  # fmt: skip
async def list_listed_towns(
    conn: Snapshot,
    actor: CurrentActor,
    programme_id: UUID,
    cohort: str,
    city: Annotated[DivisionCode | None, Query(description="只列该市的。")] = None,
) -> CohortListAnswer:
    """Lists the entered towns of a cohort."""
    programme = await service.get_programme(conn, programme_id, actor=actor)
    found = await service.list_entries(conn, programme, cohort, city=city, actor=actor)
    return CohortListAnswer.of(programme_id, cohort, found)


@router.post(
    "/{programme_id}/cohorts/{cohort}/towns", status_code=201, response_model=CohortListAnswer, summary="录入名单",
    description="全部录入或者全部不录入，逐个写明不能录入的原因；只录入本省、本市确定的乡镇（街道）。建设任务执行后由主管部门监督员办理。",
)  # fmt: skip
async def enter_listed_towns(
    uow: Uow, actor: CurrentActor, once: Idempotency, programme_id: UUID, cohort: str, body: ListEntriesBody
) -> Response:
    """Enters towns into a cohort's list."""

    async def work() -> Response:
        await service.enter_towns(
            uow,
            actor=actor,
            programme_id=programme_id,
            cohort=cohort,
            entries=body.to_entries(),
            document=body.document,
            reason=body.reason,
        )
        return await _listed(uow, actor, programme_id, cohort, status=201)

    return await run_idempotent(uow, once, work)


@router.post(
    "/{programme_id}/cohorts/{cohort}/removals", status_code=201, response_model=CohortListAnswer, summary="移出名单",
    description="全部移出或者全部不移出；曾在名单中的日期保留。上级列入的由上级移出；早于今天的日期由建设任务所属的区划办理。",
)  # fmt: skip
async def remove_listed_towns(
    uow: Uow, actor: CurrentActor, once: Idempotency, programme_id: UUID, cohort: str, body: ListRemovalBody
) -> Response:
    """Takes towns off a cohort's list."""

    async def work() -> Response:
        await service.remove_towns(
            uow,
            actor=actor,
            programme_id=programme_id,
            cohort=cohort,
            divisions=body.divisions,
            until=body.until,
            reason=body.reason,
        )
        return await _listed(uow, actor, programme_id, cohort, status=201)

    return await run_idempotent(uow, once, work)


async def _listed(uow: Uow, actor: CurrentActor, programme_id: UUID, cohort: str, *, status: int) -> Response:
    programme = await service.get_programme(uow.conn, programme_id, actor=actor)
    found = await service.list_entries(uow.conn, programme, cohort, actor=actor)
    return answer(CohortListAnswer.of(programme_id, cohort, found), status=status)
