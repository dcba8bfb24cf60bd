"""Posts: hire, change, end, read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.contracts.registry.people import StaffType
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.staff import service
from registry.staff.schemas.posts import PostAnswer, PostBody, PostEnd, PostPatch
from registry.staff.schemas.vault import Vault

router = APIRouter(prefix="/staff-members", tags=["staff"])
_WHERE = "/registry/v1/staff-members"


@router.post(
    "",
    status_code=201,
    response_model=PostAnswer,
    summary="录用到岗",
    description="由领导该机构的一方办理（O1.3a）。按到岗当日的规定核对人员类别、编制、聘用资格标准和招聘名额；"
    "个人信息加密保存，答复中已脱敏。",
)
async def hire_staff(uow: Uow, actor: CurrentActor, vault: Vault, once: Idempotency, body: PostBody) -> Response:
    """Hires somebody."""

    async def work() -> Response:
        post = await service.hire_staff(uow, vault, actor=actor, new=body.to_domain())
        shown = PostAnswer.of(post)
        return answer(shown, status=201, version=shown.version, location=f"{_WHERE}/{shown.id}")

    return await run_idempotent(uow, once, work)


@router.patch(
    "/{staff_member_id}",
    response_model=PostAnswer,
    summary="变更岗位",
    description="变更岗位名称、职责或公职人员申报；须带 If-Match。",
)
async def change_staff(
    uow: Uow, actor: CurrentActor, vault: Vault, staff_member_id: UUID, expected_version: IfMatch, body: PostPatch
) -> Response:
    """Changes a post."""
    state = await service.change_post(
        uow,
        vault,
        actor=actor,
        post_id=staff_member_id,
        expected_version=expected_version,
        changes=body.to_domain(),
        effective_on=body.effective_on or today(),
        reason=body.reason,
    )
    (post,) = await service.with_persons(uow.session, vault, [state])
    return answer(PostAnswer.of(post), version=state.version)


@router.post(
    "/{staff_member_id}/end",
    response_model=PostAnswer,
    summary="离岗",
    description="离岗后记录保留。调动为在原机构离岗并在新机构录用。须带 If-Match。",
)
async def end_staff(
    uow: Uow, actor: CurrentActor, vault: Vault, staff_member_id: UUID, expected_version: IfMatch, body: PostEnd
) -> Response:
    """Ends a post."""
    state = await service.end_post(
        uow,
        vault,
        actor=actor,
        post_id=staff_member_id,
        expected_version=expected_version,
        ended_on=body.ended_on,
        reason=body.reason,
    )
    (post,) = await service.with_persons(uow.session, vault, [state])
    return answer(PostAnswer.of(post), version=state.version)


@router.get("", summary="人员岗位列表", description="本人管辖范围内的岗位，含已离岗的；姓名已脱敏。")
async def list_staff(
    session: ReadSession,
    actor: CurrentActor,
    vault: Vault,
    paging: Paging,
    wanted: Annotated[Wanted, Depends(wanted_records)],
    staff_type: Annotated[StaffType | None, Query(description="人员类别。")] = None,
) -> Page[PostAnswer]:
    """Lists posts."""
    of = f"staff:{wanted.office_id}:{wanted.within}:{wanted.on}:{staff_type}"
    after = paging.after(UUID, of=of)
    equal = () if staff_type is None else (("staff_type", staff_type),)
    chosen = Wanted(wanted.office_id, wanted.within, wanted.on, equal)
    rows = await service.list_posts(
        session, vault, actor=actor, wanted=chosen, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.state.id,), show=PostAnswer.of, of=of)


@router.get("/{staff_member_id}", summary="一个岗位", description="管辖范围之外的视为不存在。")
async def get_staff(
    session: ReadSession, actor: CurrentActor, vault: Vault, staff_member_id: UUID, response: Response
) -> PostAnswer:
    """Shows one post."""
    post = await service.get_post(session, vault, actor=actor, post_id=staff_member_id)
    response.headers["ETag"] = etag_of(post.state.version)
    return PostAnswer.of(post)


@router.get("/{staff_member_id}/versions", summary="岗位的历史", description="每一状态及其生效日期。")
async def list_staff_versions(
    session: ReadSession, actor: CurrentActor, vault: Vault, staff_member_id: UUID
) -> list[PostAnswer]:
    """Shows the history of a post."""
    found = await service.list_post_versions(session, vault, actor=actor, post_id=staff_member_id)
    return [PostAnswer.of(post) for post in found]
