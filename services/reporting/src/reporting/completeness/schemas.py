"""Answers about completeness."""

from datetime import date
from typing import Self

from pydantic import Field

from common.http import AnswerModel
from reporting.completeness.domain import Completeness
from reporting.completeness.service import MissingPlace
from reporting.levels.schemas import AnsweredPlace

KIND_LABELS = {"service_office": "服务所", "service_station": "服务站", "bureau": "主管局"}


class CompletenessView(AnswerModel):
    """How many places have reported, of those that should."""

    expected: int = Field(description="应报机构数：范围内在期间最后一日运行的服务所和服务站。")
    days: int = Field(description="期间内已开始的天数。")
    expected_place_days: int = Field(description="应报数：每日的应报机构数之和。")
    reported: int = Field(description="已报数：当日至少有一条记录已入账的应报机构，按日累计。")
    missing: int = Field(description="未报数。")
    rate: float | None = Field(description="完整率，0 至 1；没有应报机构或期间尚未开始时为 null。")

    @classmethod
    def of(cls, completeness: Completeness) -> Self:
        """The answer for a count."""
        return cls(
            expected=completeness.expected,
            days=completeness.days,
            expected_place_days=completeness.expected_place_days,
            reported=completeness.reported,
            missing=completeness.missing,
            rate=completeness.rate,
        )


class CompletenessAnswer(AnsweredPlace):
    """Completeness of one division on one day, as one level has heard from it."""

    day: date
    completeness: CompletenessView


class MissingView(AnswerModel):
    """A place that has not reported."""

    division: str
    division_label: str
    office_name: str
    office_kind: str
    office_kind_label: str

    @classmethod
    def of(cls, place: MissingPlace) -> Self:
        """The answer for a place."""
        return cls(
            division=place.division,
            division_label=place.division_name,
            office_name=place.office_name,
            office_kind=place.office_kind,
            office_kind_label=KIND_LABELS.get(place.office_kind, place.office_kind),
        )


class MissingPage(AnsweredPlace):
    """One page of the places that have not reported on a day."""

    day: date
    completeness: CompletenessView
    items: list[MissingView]
    next_cursor: str | None = Field(
        default=None, description="传入下一次请求的 cursor 参数；为 null 表示没有更多数据。"
    )
