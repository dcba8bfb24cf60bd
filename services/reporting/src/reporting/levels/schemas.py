"""What every question of this service names, and what every answer says of itself."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from common.clock import today
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime, DivisionCode
from reporting.deps import CurrentActor, IsoDay
from reporting.levels.domain import Days, Place, require_days, require_place
from reporting.levels.service import Freshness

LEVEL_HELP = "按哪一层级的入账数据统计；缺省为本级，不能高于本级。"
DIVISION_HELP = "统计范围：该区划及其下级；缺省为本区划，须在本机构管辖范围之内，且不高于所选层级。"


async def asked_place(
    actor: CurrentActor,
    level: Annotated[Level | None, Query(description=LEVEL_HELP)] = None,
    division: Annotated[DivisionCode | None, Query(description=DIVISION_HELP)] = None,
) -> Place:
    """Dependency: `level` and `division`, as far as the actor may ask for them."""
    return require_place(actor, level, division)


async def asked_days(
    first: Annotated[IsoDay | None, Query(alias="from", description="起始日（北京时间，含）；缺省与 to 相同。")] = None,
    last: Annotated[IsoDay | None, Query(alias="to", description="截止日（北京时间，含）；缺省为今天。")] = None,
) -> Days:
    """Dependency: `from` and `to`."""
    return require_days(first, last, today=today())


async def asked_day(
    day: Annotated[IsoDay | None, Query(description="日期（北京时间）；缺省为今天。")] = None,
) -> date:
    """Dependency: `day`."""
    return day or today()


AskedPlace = Annotated[Place, Depends(asked_place)]
AskedDays = Annotated[Days, Depends(asked_days)]
AskedDay = Annotated[date, Depends(asked_day)]


class AnsweredPlace(AnswerModel):
    """The head of every answer: what it is about and how fresh it is."""

    level: Level
    level_label: str
    division: str
    division_label: str
    as_of: BeijingTime | None = Field(description="统计截至：该层级已入账记录中最新的发生时间；尚无数据时为 null。")
    accepted_at: BeijingTime | None = Field(description="该层级最近一次入账时间。")
    updated_at: BeijingTime | None = Field(description="统计数据最近一次更新时间。")


def head_of(place: Place, division_name: str, freshness: Freshness) -> dict[str, object]:
    """The values of `AnsweredPlace`."""
    return {
        "level": place.level,
        "level_label": LEVEL_LABELS[place.level],
        "division": place.division,
        "division_label": division_name,
        "as_of": freshness.as_of,
        "accepted_at": freshness.accepted_at,
        "updated_at": freshness.updated_at,
    }
