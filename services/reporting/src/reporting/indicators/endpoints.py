"""HTTP of indicators: definitions, values, the way down, series, rankings, maps, and the offices behind a number."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from common.clock import today
from common.contracts.reporting.indicators import Dimension
from common.divisions import LEVEL_LABELS, Level
from common.http import NOT_MODIFIED, IfNoneMatch, answer, run_idempotent
from reporting.deps import CurrentActor, Idempotency, IsoDay, Paging, ReadDatabase, Snapshot, Uow
from reporting.indicators import service
from reporting.indicators.catalogue import DIRECTION_LABELS
from reporting.indicators.domain import Definition, codes_behind
from reporting.indicators.rendering import days_between, private_answer
from reporting.indicators.schemas import (
    ChildrenAnswer,
    IndicatorBody,
    IndicatorMap,
    IndicatorMapPlace,
    IndicatorsAnswer,
    IndicatorValue,
    IndicatorView,
    IndicatorWithdrawal,
    OfficeBehind,
    OfficesAnswer,
    Point,
    RankedView,
    RankingAnswer,
    SeriesAnswer,
    ValuesAnswer,
    ValueView,
)
from reporting.levels.domain import Place
from reporting.levels.schemas import AskedDay, AskedPlace, head_of
from reporting.standings.service import Head, get_head

router = APIRouter(prefix="/indicators", tags=["indicators"])
Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60, description="指标编码。")]
OfLevel = Annotated[Level, Query(description="比较哪一层级的区划；须在所选区划之下。")]


@router.get("", summary="指标定义", description="某日有效的全部指标：名称、维度、分子、分母、单位、条款。")
async def list_indicators(
    conn: Snapshot,
    actor: CurrentActor,  # noqa: ARG001 - known actors only
    day: AskedDay,
    dimension: Annotated[Dimension | None, Query(description="只列该维度。")] = None,
) -> IndicatorsAnswer:
    """The indicators of a day."""
    found = await service.list_definitions(conn, day)
    shown = [IndicatorView.of(one) for one in found if dimension in {None, one.spec.dimension}]
    return IndicatorsAnswer(on=day, indicators=shown)


@router.get(
    "/values",
    summary="一个区划的指标值",
    description="按某层级已入账的数据、某日的定义计算；每个值都带分子、分母、截至时间、应有和已知机构数，未知的不按零计。",
)
async def get_indicator_values(
    db: ReadDatabase,
    actor: CurrentActor,  # noqa: ARG001 - see place
    place: AskedPlace,
    day: AskedDay,
    code: Annotated[list[str] | None, Query(max_length=60, description="指标编码，可重复；缺省为全部。")] = None,
    dimension: Annotated[Dimension | None, Query(description="只列该维度。")] = None,
) -> ValuesAnswer:
    """Values of one division."""
    async with db.snapshot() as conn:
        if code is not None:
            found = [await service.get_definition(conn, one, day) for one in dict.fromkeys(code)]
        else:
            found = await service.list_definitions(conn, day)
        specs = [one.spec for one in found if dimension in {None, one.spec.dimension}]
        head = await get_head(conn, place)
        values = await service.reckon(
            conn, specs, level=place.level, divisions=[place.division], on=day, freshness=head.sources
        )
    shown = [IndicatorValue.of_reckoned(values[spec.code, place.division]) for spec in specs]
    return ValuesAnswer.model_validate({**_shown(place, head), "on": day, "values": shown})


@router.post(
    "",
    status_code=201,
    response_model=IndicatorView,
    summary="增订指标",
    description="省级增加一个指标，或一个指标的新版本，自 effective_on 起适用；以前各日的数字仍按当时的定义。",
)
async def add_indicator(uow: Uow, actor: CurrentActor, once: Idempotency, body: IndicatorBody) -> Response:
    """Adds a definition."""

    async def work() -> Response:
        found = await service.add_definition(
            uow, actor=actor, spec=body.to_spec(), effective_on=body.to_day(), reason=body.reason
        )
        return _created(found)

    return await run_idempotent(uow, once, work)


@router.post(
    "/{code}/withdrawal",
    status_code=201,
    response_model=IndicatorView,
    summary="停用指标",
    description="自 effective_on 起停用；以前各日仍可查询。",
)
async def withdraw_indicator(
    uow: Uow, actor: CurrentActor, once: Idempotency, code: Code, body: IndicatorWithdrawal
) -> Response:
    """Ends an indicator."""

    async def work() -> Response:
        found = await service.withdraw_definition(
            uow, actor=actor, code=code, effective_on=body.to_day(), reason=body.reason
        )
        return _created(found)

    return await run_idempotent(uow, once, work)


@router.get("/{code}", summary="一个指标", description="某日有效的版本。")
async def get_indicator(
    conn: Snapshot,
    actor: CurrentActor,  # noqa: ARG001 - known actors only
    code: Code,
    day: AskedDay,
) -> IndicatorView:
    """One indicator."""
    return IndicatorView.of(await service.get_definition(conn, code, day))


@router.get("/{code}/versions", summary="一个指标的全部版本", description="按先后排列，含停用。")
async def list_indicator_versions(conn: Snapshot, actor: CurrentActor, code: Code) -> IndicatorsAnswer:  # noqa: ARG001
    """Every version of an indicator."""
    found = await service.list_versions(conn, code)
    return IndicatorsAnswer(on=None, indicators=[IndicatorView.of(one) for one in found])


@router.get(
    "/{code}/children",
    summary="逐级下钻",
    description="一个指标在一个区划及其各直接下级的值，由省到村；分子、分母逐级可加。",
)
async def list_indicator_children(
    db: ReadDatabase, actor: CurrentActor, code: Code, place: AskedPlace, day: AskedDay
) -> ChildrenAnswer:
    """The way down."""
    async with db.snapshot() as conn:
        spec = (await service.get_definition(conn, code, day)).spec
        head = await get_head(conn, place)
        drill = await service.list_children(
            conn, actor, spec, level=place.level, division=place.division, on=day, freshness=head.sources
        )
    return ChildrenAnswer.of(_shown(place, head), day, drill)


@router.get(
    "/{code}/series",
    summary="时间序列",
    description="一个指标在一个区划每月末（最后一个为截止日）或每日的值，一次最多 60 个时间点。",
)
async def get_indicator_series(
    conn: Snapshot,
    actor: CurrentActor,
    code: Code,
    place: AskedPlace,
    first: Annotated[IsoDay, Query(alias="from", description="起始日（北京时间，含）。")],
    last: Annotated[IsoDay | None, Query(alias="to", description="截止日（北京时间，含）；缺省为今天。")] = None,
    by: Annotated[str, Query(pattern="^(day|month)$", description="month 每月末，day 每日。")] = "month",
) -> SeriesAnswer:
    """One indicator on several days, by the definition of the last one."""
    end = last or today()
    spec = (await service.get_definition(conn, code, end)).spec
    days = days_between(first, end, by=by)
    found = await service.series_of(conn, actor, spec, level=place.level, division=place.division, days=days)
    points = [Point(on=day, value=ValueView.of(one.value)) for day, one in found]
    named = {"code": spec.code, "name": spec.name, "unit": spec.unit}
    return SeriesAnswer.model_validate({**_shown(place, await get_head(conn, place)), **named, "points": points})


@router.get(
    "/{code}/offices",
    summary="数字背后的机构",
    description="分子和分母由哪些机构构成，各据哪条记录的哪一版本；按区划代码分页。办件类指标见统计数据。",
)
async def list_offices_behind_indicator(
    conn: Snapshot, actor: CurrentActor, code: Code, place: AskedPlace, day: AskedDay, paging: Paging
) -> OfficesAnswer:
    """The offices behind a number."""
    spec = (await service.get_definition(conn, code, day)).spec
    of = f"indicators/offices:{code}:{place.level}:{place.division}:{day}"
    after = paging.after(str, UUID, of=of)
    rows = await service.list_offices_behind(
        conn,
        actor,
        spec,
        level=place.level,
        division=place.division,
        on=day,
        after=(after[0], after[1]) if after else None,
        limit=paging.fetch,
    )
    codes = frozenset(codes_behind(spec))
    page = paging.page(
        rows, key=lambda row: (row.division, row.record_id), show=lambda row: OfficeBehind.of(spec, row, codes), of=of
    )
    total = await service.reckon(conn, [spec], level=place.level, divisions=[place.division], on=day)
    shown = IndicatorValue.of_reckoned(total[code, place.division])
    listed = {"items": page.items, "next_cursor": page.next_cursor}
    return OfficesAnswer.model_validate(
        {**_shown(place, await get_head(conn, place)), "on": day, "total": shown, **listed}
    )


@router.get(
    "/{code}/ranking",
    summary="同层级区划比较",
    description="一个指标在所选区划之下某一层级各区划的值和名次，好者在前，并列同名次；没有数据的在后、不排名。",
)
async def rank_divisions_by_indicator(
    conn: Snapshot, actor: CurrentActor, code: Code, place: AskedPlace, day: AskedDay, of_level: OfLevel, paging: Paging
) -> RankingAnswer:
    """Divisions of one level, the best first."""
    spec = (await service.get_definition(conn, code, day)).spec
    found = await service.compare_divisions(
        conn, actor, spec, level=place.level, division=place.division, of_level=of_level, on=day
    )
    of = f"indicators/ranking:{code}:{place.level}:{place.division}:{of_level}:{day}"
    (after,) = paging.after(int, of=of) or (-1,)
    rows = list(enumerate(found.rows))[after + 1 : after + 1 + paging.fetch]
    page = paging.page(rows, key=lambda row: (row[0],), show=lambda row: RankedView.of(row[1], found), of=of)
    return RankingAnswer.model_validate(
        {
            **_shown(place, await get_head(conn, place)),
            **_about(spec.code, spec.name, spec.unit, day, of_level),
            "direction": spec.direction,
            "direction_label": DIRECTION_LABELS[spec.direction],
            "of_level_label": LEVEL_LABELS[of_level],
            "items": page.items,
            "next_cursor": page.next_cursor,
        }
    )


@router.get(
    "/{code}/map",
    response_model=IndicatorMap,
    responses=NOT_MODIFIED,
    summary="地图和大屏数据",
    description="一个指标在某一层级全部区划的值，按区划代码排列，不分页、不含图形；带 ETag，未变化时返回 304。",
)
async def get_indicator_map(
    conn: Snapshot,
    actor: CurrentActor,
    code: Code,
    place: AskedPlace,
    day: AskedDay,
    of_level: OfLevel,
    seen: IfNoneMatch = None,
) -> Response:
    """All divisions of one level."""
    spec = (await service.get_definition(conn, code, day)).spec
    found = await service.compare_divisions(
        conn, actor, spec, level=place.level, division=place.division, of_level=of_level, on=day
    )
    values = {row.division: row.value for row in found.rows}
    places = [
        IndicatorMapPlace(
            division=one.division,
            division_label=one.name,
            parent=one.parent,
            **ValueView.of(values[one.division]).model_dump(include=_ON_MAP),
        )
        for one in found.places.values()
    ]
    about = _about(spec.code, spec.name, spec.unit, day, of_level)
    more = {name: getattr(spec, name) for name in ("decimals", "direction", "range_low", "range_high", "clause")}
    made = IndicatorMap.model_validate(
        {**_shown(place, await get_head(conn, place)), **about, **more, "places": places}
    )
    return private_answer(made, seen=seen)


_ON_MAP = {"value", "numerator", "denominator", "expected", "known"}


def _about(code: str, name: str, unit: str, on: date, of_level: Level) -> dict[str, Any]:
    return {"code": code, "name": name, "unit": unit, "on": on, "of_level": of_level}


def _created(found: Definition) -> Response:
    shown = IndicatorView.of(found)
    return answer(shown, status=201, location=f"/reporting/v1/indicators/{found.spec.code}")


def _shown(place: Place, head: Head) -> dict[str, object]:
    return head_of(place, head.division_name, head.sources["standings"])
