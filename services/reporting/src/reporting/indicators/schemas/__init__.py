"""Requests and answers about indicators."""

from reporting.indicators.schemas.answering import (
    ChildrenAnswer,
    ChildValue,
    IndicatorMap,
    IndicatorMapPlace,
    IndicatorValue,
    OfficeBehind,
    OfficesAnswer,
    Point,
    RankedView,
    RankingAnswer,
    Rest,
    SeriesAnswer,
    ValuesAnswer,
    ValueView,
)
from reporting.indicators.schemas.defining import (
    IndicatorBody,
    IndicatorsAnswer,
    IndicatorView,
    IndicatorWithdrawal,
    TermBody,
    TermView,
)

__all__ = [
    "ChildValue",
    "ChildrenAnswer",
    "IndicatorBody",
    "IndicatorMap",
    "IndicatorMapPlace",
    "IndicatorValue",
    "IndicatorView",
    "IndicatorWithdrawal",
    "IndicatorsAnswer",
    "OfficeBehind",
    "OfficesAnswer",
    "Point",
    "RankedView",
    "RankingAnswer",
    "Rest",
    "SeriesAnswer",
    "TermBody",
    "TermView",
    "ValueView",
    "ValuesAnswer",
]
