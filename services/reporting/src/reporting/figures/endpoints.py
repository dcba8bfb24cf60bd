"""HTTP of the figures."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from common.contracts.casework import Duty
from common.divisions import LEVEL_LABELS
from common.http import Labelled
from reporting.completeness.schemas import KIND_LABELS
from reporting.deps import CurrentActor, Paging, ReadDatabase, Snapshot
from reporting.figures.domain import GROUP_BY_LABELS, MEASURE_LABELS, PART_LABELS, GroupBy, Measure
from reporting.figures.schemas import DUTY_LABELS, ChildrenPage, ChildView, Dictionaries, FiguresAnswer
from reporting.figures.service import Question, get_figures, list_children
from reporting.levels.schemas import AskedDays, AskedPlace

router = APIRouter(tags=["figures"])


async def asked_figures(
    place: AskedPlace,
    days: AskedDays,
    item: Annotated[str | None, Query(min_length=1, max_length=31, description="只统计此事项编码。")] = None,
    duty: Annotated[Duty | None, Query(description="只统计此职责。")] = None,
    measure: Annotated[Measure | None, Query(description="只统计此指标；缺省为全部。")] = None,
) -> Question:
    """Dependency: everything that a question about figures names."""
    return Question(place, days, duty, item, measure)


AskedFigures = Annotated[Question, Depends(asked_figures)]


@router.get(
    "/figures",
    summary="统计数据",
    description=(
        "某层级已入账办件的统计：按发生日（北京时间）计收件登记、受理、不予受理、撤回、办结，"
        "按日、事项、职责或下级区划分组。每个答复都带统计截至时间与报送完整率。一次最多 366 天。"
    ),
)
async def get_reporting_figures(
    db: ReadDatabase,
    actor: CurrentActor,
    question: AskedFigures,
    group_by: Annotated[GroupBy, Query(description="分组方式。")] = GroupBy.DAY,
) -> FiguresAnswer:
    """Figures of one division, grouped."""
    async with db.snapshot() if group_by is GroupBy.CHILD else db.autocommit() as conn:
        found = await get_figures(conn, actor, question, group_by)
    return FiguresAnswer.of(found, question, group_by)


@router.get(
    "/figures/children",
    summary="下级区划统计",
    description="由省到村逐级下钻：直接下级区划各自的统计与完整率。本级、未列名下级与全部下级之和等于合计。",
)
async def list_figures_of_children(
    conn: Snapshot, actor: CurrentActor, question: AskedFigures, paging: Paging
) -> ChildrenPage:
    """The divisions directly below, each with its figures and completeness."""
    found = await list_children(conn, actor, question)
    of = f"children:{question}"
    (after,) = paging.after(str, of=of) or ("",)
    page = paging.page(
        [child for child in found.children if child.division > after][: paging.fetch],
        key=lambda child: (child.division,),
        show=lambda child: ChildView.of(child, question.measures),
        of=of,
    )
    return ChildrenPage.of(found, question, page.items, page.next_cursor)


@router.get("/dictionaries", summary="字典", description="本服务答复中出现的代码及其名称。")
async def get_dictionaries(actor: CurrentActor) -> Dictionaries:  # noqa: ARG001 - known actors only
    """Codes with labels."""
    return Dictionaries(
        levels=_labelled(LEVEL_LABELS),
        measures=_labelled(MEASURE_LABELS),
        duties=_labelled(DUTY_LABELS),
        group_by=_labelled(GROUP_BY_LABELS),
        parts=_labelled(PART_LABELS),
        office_kinds=_labelled(KIND_LABELS),
    )


def _labelled(labels: Mapping[Any, str]) -> list[Labelled]:
    return [Labelled(code=str(code), label=label) for code, label in labels.items()]
