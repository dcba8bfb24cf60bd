"""What statistics of casework tell: measures per month, the rates made of them, and their words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from reporting.statistics.errors import MonthsReversed, MonthsTooMany

MAX_MONTHS = 60
"""What one answer may cover: a five-year plan."""

MEASURES: Mapping[str, str] = {
    "registered": "收件登记",
    "registered_online": "其中网上申请",
    "supplement_asked": "一次性告知补正",
    "accepted": "受理",
    "accepted_deemed": "其中逾期未告知视为受理",
    "refused": "不予受理",
    "withdrawn": "撤回",
    "closed": "办结",
    "closed_immediate": "其中即办件",
    "closed_promised": "其中承诺件",
    "closed_void": "其中作废或删除",
    "closed_on_time": "按期办结",
    "closed_overdue": "超期办结",
    "handled": "计算办理时长的办结数",
    "handling_days": "受理至办结自然日合计",
    "rated_very_satisfied": "评价非常满意",
    "rated_satisfied": "评价满意",
    "rated_basically_satisfied": "评价基本满意",
    "rated_dissatisfied": "评价不满意",
    "rated_very_dissatisfied": "评价非常不满意",
    "rated_matters": "一事一评数",
    "rated_visits": "一次一评数",
    "rated_again": "追评",
    "rated_excluded": "剔除的评价",
    "complaints_filed": "投诉举报",
    "complaints_replied": "投诉举报答复",
    "complaints_overdue": "投诉举报超期答复",
    "complaints_substantiated": "投诉举报属实或部分属实",
    "consultations_filed": "咨询",
    "consultations_replied": "咨询答复",
    "consultations_overdue": "咨询超期答复",
}
"""Every measure with its label, in the order in which it is shown."""

_PRAISE = ("rated_very_satisfied", "rated_satisfied", "rated_basically_satisfied")
_RATED = (*_PRAISE, "rated_dissatisfied", "rated_very_dissatisfied")
_ENDED = ("refused", "withdrawn", "closed")
PENDING_MEASURES = ("registered", *_ENDED)
"""What `pending_of` adds up."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate: sums of measures over sums of measures.

    Attributes:
        numerator: measures that are added up.
        denominator: likewise.
        except_for: measures that are taken away from the denominator.
        decimals: of the value; rates have four, days one.
        note: what has to be known to read it, Chinese.
    """

    label: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    clause: str
    note: str
    decimals: int = 4
    except_for: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """Everything that it is made of."""
        return (*self.numerator, *self.denominator, *self.except_for)

    def of(self, sums: Mapping[str, int]) -> "RatioValue":
        """Its value; None where there is nothing to divide by, which is not zero."""
        above = sum(sums.get(name, 0) for name in self.numerator)
        below = sum(sums.get(name, 0) for name in self.denominator)
        below -= sum(sums.get(name, 0) for name in self.except_for)
        value = round(Decimal(above) / below, self.decimals) if below > 0 else None
        return RatioValue(above, below, value)


@dataclass(frozen=True, slots=True)
class RatioValue:
    """A rate with what it is made of."""

    numerator: int
    denominator: int
    value: Decimal | None


RATIOS: Mapping[str, Ratio] = {
    "on-time": Ratio(
        "按期办结率",
        ("closed_on_time",),
        ("closed_on_time", "closed_overdue"),
        "O4.3c",
        "有法定或承诺时限并已办结的办件",
    ),
    "online": Ratio("网上申请率", ("registered_online",), ("registered",), "O4.2b", "按收件登记数计"),
    "supplement": Ratio("补正告知率", ("supplement_asked",), ("registered",), "O4.1b", "补正告知次数与收件登记数之比"),
    "handling-days": Ratio(
        "平均办理自然日", ("handling_days",), ("handled",), "O4.3c", "受理至办结，含暂停", decimals=1
    ),
    "rated": Ratio(
        "评价率",
        ("rated_matters",),
        ("closed",),
        "O4.3f",
        "一事一评，作废、删除的办件不计；未评价的不计为好评",
        except_for=("closed_void",),
    ),
    "satisfaction": Ratio("满意率", _PRAISE, _RATED, "O4.3f", "仅按已作出且未剔除的首次评价计算，未评价不计入"),
    "substantiated": Ratio(
        "投诉属实率", ("complaints_substantiated",), ("complaints_replied",), "O4.3f", "已答复的投诉举报"
    ),
}
"""Every rate, in the order in which it is shown. Source: O4.2b, O4.3c, O4.3f."""


class Grouping(StrEnum):
    """What the rows of an answer stand for."""

    MONTH = "month"
    DUTY = "duty"
    ITEM = "item"
    CHILD = "child"


GROUPING_LABELS: Mapping[Grouping, str] = {
    Grouping.MONTH: "按月",
    Grouping.DUTY: "按职责",
    Grouping.ITEM: "按事项",
    Grouping.CHILD: "按下级区划",
}


@dataclass(frozen=True, slots=True)
class Months:
    """Months, both ends included; each is its first day."""

    first: date
    last: date

    @property
    def all(self) -> tuple[date, ...]:
        """Every one of them."""
        count = _number(self.last) - _number(self.first) + 1
        return tuple(_month(_number(self.first) + place) for place in range(count))

    @property
    def end(self) -> date:
        """The first day after them."""
        return _month(_number(self.last) + 1)


def require_months(first: date | None, last: date | None, *, today: date) -> Months:
    """A period of at most `MAX_MONTHS`; without an end it ends now, without a beginning it is one month.

    Source: O6.3a.

    Raises:
        MonthsReversed: ends before it begins.
        MonthsTooMany: longer than that.
    """
    end = last or max(today.replace(day=1), first or today.replace(day=1))
    start = first or end
    if end < start:
        raise MonthsReversed
    if _number(end) - _number(start) >= MAX_MONTHS:
        raise MonthsTooMany(f"一次最多查询 {MAX_MONTHS} 个月", max_months=MAX_MONTHS)
    return Months(start, end)


def pending_of(sums: Mapping[str, int]) -> int:
    """How many cases are neither refused nor withdrawn nor closed, from sums since the beginning.

    Source: O4.3c.
    """
    return sums.get("registered", 0) - sum(sums.get(name, 0) for name in _ENDED)


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
