"""The packaged working days: made by tools/working_days.py from two libraries that agree on every day.

Source: O4.3c; standards.md §10.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from casework.clock.domain import Fixed, SpecialDay, YearPlan


@dataclass(frozen=True, slots=True)
class Packaged:
    """What the package knows.

    Attributes:
        document: what its official years rest on.
        mark: how sure they are, V, P or K.
        law: 全国年节及纪念日放假办法.
        fixed: statutory holidays of the same day every year.
        plans: official and provisional years.
        statutory: the holidays of each year by law, wherever a notice moved the rest to.
    """

    document: str
    mark: str
    note: str
    law: str
    fixed: tuple[Fixed, ...]
    plans: tuple[YearPlan, ...]
    statutory: Mapping[int, Mapping[date, str]]


@cache
def load_working_days() -> Packaged:
    """Reads the packaged file, once."""
    document = json.loads(files("casework.calendar").joinpath("working_days.json").read_text("utf-8"))
    fixed = tuple((int(key[:2]), int(key[3:]), name) for key, name in document["law"]["fixed"].items())
    return Packaged(
        document=document["document"],
        mark=document["mark"],
        note=document["note"],
        law=document["law"]["document"],
        fixed=fixed,
        plans=tuple(_plan(year) for year in document["years"]),
        statutory={year["year"]: _days(year["statutory"]) for year in document["years"]},
    )


def _plan(year: Mapping[str, Any]) -> YearPlan:
    special = _noticed(year) if year["is_official"] else _by_law(year)
    return YearPlan(year["year"], year["is_official"], year["document"], tuple(sorted(special, key=_by_day)))


def _noticed(year: Mapping[str, Any]) -> Iterator[SpecialDay]:
    for span in year["holidays"]:
        first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
        for offset in range((last - first).days + 1):
            yield SpecialDay(first + timedelta(days=offset), "holiday", span["name"])
    for day, name in _days(year["make_up_days"]).items():
        yield SpecialDay(day, "make_up", name)


def _by_law(year: Mapping[str, Any]) -> Iterator[SpecialDay]:
    for day, name in _days(year["statutory"]).items():
        yield SpecialDay(day, "holiday", name)
    for day, name in _days(year["in_lieu"]).items():
        yield SpecialDay(day, "in_lieu", name)


def _days(named: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in named.items()}


def _by_day(special: SpecialDay) -> date:
    return special.day
