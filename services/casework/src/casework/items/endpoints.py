"""The catalogue over HTTP: nobody needs a token to learn what an office does. Source: O4.1b, O4.2b, O4.3e."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from casework.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, ReadConnection, Uow
from casework.items import service
from casework.items.schemas import (
    BundleAnswer,
    BundlesAnswer,
    ConfirmationBody,
    FamiliesAnswer,
    ItemAnswer,
    ItemGuideAnswer,
    ItemPatch,
    ItemVersionsAnswer,
    LocalPromiseAnswer,
    LocalPromisesAnswer,
    PromiseBody,
    UnconfirmedAnswer,
)
from common.contracts.casework import Duty
from common.divisions import Level
from common.http import (
    NOT_MODIFIED,
    DivisionCode,
    IfNoneMatch,
    Page,
    answer,
    etag_of,
    public_answer,
    run_idempotent,
)

router = APIRouter(prefix="/items", tags=["items"])

Code = Annotated[str, Path(min_length=1, max_length=31, pattern=r"^[A-Za-z0-9._-]+$")]
Words = Annotated[
    str | None,
    Query(
        pattern=r"^[^ ]{2,20}( [^ ]{2,20}){0,4}$", description="名称中的词，每个至少两个字，以空格分隔，须全部包含。"
    ),
]
At = Annotated[DivisionCode | None, Query(description="按在该区划有效的承诺时限；默认省级定义。")]


@router.get(
    "", response_model=Page[ItemAnswer], responses=NOT_MODIFIED, summary="事项目录",
    description="某日有效的事项，按编号排序；`words` 按名称中的词查找。无需登录。",
)  # fmt: skip
async def list_items(
    conn: ReadConnection,
    paging: Paging,
    on: AsOf,
    seen: IfNoneMatch = None,
    duty: Annotated[Duty | None, Query(description="只看某项职责。")] = None,
    handled_at: Annotated[
        Literal["town", "village"] | None, Query(description="只看该层级办理（含受理、代收）的事项。")
    ] = None,
    words: Words = None,
) -> Response:
    """Lists the items of a day."""
    of = f"items:{on}:{duty}:{handled_at}:{words}"
    after = paging.after(str, of=of)
    level = None if handled_at is None else Level(handled_at)
    rows = await service.list_items(
        conn,
        after=after[0] if after else "",
        limit=paging.fetch,
        on=on,
        duty=duty,
        handled_at=level,
        words=words.split(" ") if words else (),
    )
    return public_answer(paging.page(rows, key=lambda row: (row.code,), show=ItemAnswer.of, of=of), seen=seen)


@router.get(
    "/to-confirm", summary="待确认的内容",
    description="各事项最新版本中未在来源正文读到的内容（P、K）和待确认的说明，供省级管理员逐项确认。无需登录。",
)  # fmt: skip
async def list_unconfirmed(
    conn: ReadConnection,
    paging: Paging,
    mark: Annotated[Literal["P", "K"] | None, Query(description="只看该可信程度的内容。")] = None,
) -> Page[UnconfirmedAnswer]:
    """Lists what is to be confirmed."""
    of = f"items/to-confirm:{mark}"
    after = paging.after(str, of=of)
    rows = await service.list_unconfirmed(conn, after=after[0] if after else "", limit=paging.fetch, mark=mark)
    return paging.page(rows, key=lambda row: (row.code,), show=UnconfirmedAnswer.of, of=of)


@router.get(
    "/bundles", response_model=BundlesAnswer, responses=NOT_MODIFIED, summary="一件事主题",
    description="一次申请、分别办理的主题及其事项。无需登录。",
)  # fmt: skip
async def list_bundles(conn: ReadConnection, seen: IfNoneMatch = None) -> Response:
    """Lists the bundles."""
    found = await service.list_bundles(conn)
    return public_answer(BundlesAnswer(bundles=[BundleAnswer.of(*one) for one in found]), seen=seen)


@router.get(
    "/families", response_model=FamiliesAnswer, responses=NOT_MODIFIED, summary="八项职责与六类规章制度",
    description="两个清单并不相同；没有专类的职责和没有职责的类别一并列出。无需登录。",
)  # fmt: skip
async def list_families(seen: IfNoneMatch = None) -> Response:
    """Tells how the eight duties and the six procedure families meet."""
    shown = FamiliesAnswer.of(service.list_duty_names(), service.procedure_families(), service.list_duty_families())
    return public_answer(shown, seen=seen)


@router.get(
    "/{code}", response_model=ItemGuideAnswer, responses=NOT_MODIFIED, summary="办事指南",
    description="一个事项在某日、某区划的办事指南：流程、期限、材料、依据，以及各项内容的可信程度与出处。无需登录。",
)  # fmt: skip
async def get_item(
    conn: ReadConnection, code: Code, on: AsOf, division: At = None, seen: IfNoneMatch = None
) -> Response:
    """Shows the guide to one item."""
    guide = await service.get_item(conn, code, on=on, division=division)
    return public_answer(ItemGuideAnswer.of_guide(guide), seen=seen)


@router.get(
    "/{code}/versions", response_model=ItemVersionsAnswer, responses=NOT_MODIFIED, summary="事项的全部版本",
    description="ETag 为最新版本号，变更和确认时在 If-Match 中填写。无需登录。",
)  # fmt: skip
async def list_item_versions(conn: ReadConnection, code: Code, seen: IfNoneMatch = None) -> Response:
    """Shows every version of one item."""
    shown = ItemVersionsAnswer.of(await service.list_item_versions(conn, code))
    return public_answer(shown, seen=seen, tag=etag_of(shown.newest_version))


@router.patch(
    "/{code}", response_model=ItemGuideAnswer, summary="变更事项定义",
    description="只由省级管理员变更，全省统一；须带 If-Match（最新版本号），形成新版本并公开。",
)  # fmt: skip
async def change_item(
    uow: Uow, actor: CurrentActor, code: Code, expected_version: IfMatch, body: ItemPatch
) -> Response:
    """Lays down a new version of an item."""
    guide = await service.change_item(
        uow,
        actor=actor,
        code=code,
        expected_version=expected_version,
        changes=body.to_changes(),
        basis=body.to_basis(),
    )
    return answer(ItemGuideAnswer.of_guide(guide), version=guide.summary.version)


@router.post(
    "/{code}/confirmations", response_model=ItemGuideAnswer, summary="确认一项内容",
    description="只由省级管理员确认；须带 If-Match（最新版本号），形成新版本并公开。",
)  # fmt: skip
async def confirm_fact(
    uow: Uow, actor: CurrentActor, code: Code, expected_version: IfMatch, body: ConfirmationBody
) -> Response:
    """Confirms one fact of an item."""
    guide = await service.confirm_item_fact(
        uow,
        actor=actor,
        code=code,
        expected_version=expected_version,
        fact=(body.field, body.mark),
        settles=body.settles,
        basis=body.to_basis(),
    )
    return answer(ItemGuideAnswer.of_guide(guide), version=guide.summary.version)


@router.get(
    "/{code}/promises", response_model=LocalPromisesAnswer, responses=NOT_MODIFIED, summary="各级的承诺时限",
    description="市、县、镇缩短后的承诺时限，含已被取代的。无需登录。",
)  # fmt: skip
async def list_promises(conn: ReadConnection, code: Code, seen: IfNoneMatch = None) -> Response:
    """Lists what was promised below the province."""
    made = [LocalPromiseAnswer.of(one) for one in await service.list_promises(conn, code)]
    return public_answer(LocalPromisesAnswer(promises=made), seen=seen)


@router.post(
    "/{code}/promises", status_code=201, response_model=LocalPromiseAnswer, summary="缩短承诺时限",
    description="市、县、镇对本区划及其以下缩短承诺时限；长于上级承诺或者法定时限的拒绝。",
)  # fmt: skip
async def promise_shorter(uow: Uow, actor: CurrentActor, once: Idempotency, code: Code, body: PromiseBody) -> Response:
    """Promises less time."""

    async def work() -> Response:
        made = await service.promise_shorter(
            uow, actor=actor, code=code, division=body.division, limit=body.to_limit(), basis=body.to_basis()
        )
        return answer(LocalPromiseAnswer.of(made), status=201, location=f"/casework/v1/items/{code}/promises")

    return await run_idempotent(uow, once, work)
