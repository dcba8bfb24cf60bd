"""Derives casework's working days from the two calendar libraries, which have to agree on every day.

    python tools/working_days.py           write services/casework/src/casework/calendar/working_days.json
    python tools/working_days.py --check   compare only

2010 to 2026 are what the State Council's yearly notices say: holidays as spans, weekend days that are worked. The years
after them have no notice yet: their statutory holidays, and the working days given for those on a weekend.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays

OUTPUT = Path(__file__).resolve().parent.parent / "services/casework/src/casework/calendar/working_days.json"
OFFICIAL = range(2010, 2027)
PROVISIONAL = range(2027, 2037)
LAW = "全国年节及纪念日放假办法（国务院令第795号）"
NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}
FIXED = {"01-01": "元旦", "05-01": "劳动节", "05-02": "劳动节", "10-01": "国庆节", "10-02": "国庆节", "10-03": "国庆节"}
_DAY = timedelta(days=1)
_SATURDAY = 5
_SWAPPED = "休息日（由"
_IN_LIEU = "（补假）"


def derive() -> dict[str, Any]:
    """The document.

    Raises:
        ValueError: the libraries disagree on a day.
    """
    known = holidays.country_holidays("CN", years=range(OFFICIAL[0], PROVISIONAL[-1] + 1), language="zh_CN")
    _compare(known)
    return {
        "document": NOTICE.format(year=f"{OFFICIAL[0]}至{OFFICIAL[-1]}"),
        "mark": "P",
        "note": "由 chinesecalendar 与 holidays 两个来源逐日核对一致；2026年与2025年11月4日通知一致。",
        "law": {"document": LAW, "fixed": FIXED},
        "years": [*(_official(known, year) for year in OFFICIAL), *(_provisional(known, y) for y in PROVISIONAL)],
    }


def _compare(known: Any) -> None:
    for day in _days(date(OFFICIAL[0], 1, 1), date(OFFICIAL[-1], 12, 31)):
        if chinese_calendar.is_workday(day) != known.is_working_day(day):
            msg = f"the libraries disagree on {day}"
            raise ValueError(msg)


def _official(known: Any, year: int) -> dict[str, Any]:
    """The notice of a year, with the days of the December before that it names."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    before = [day for day in _days(date(year - 1, 12, 25), first - _DAY) if _is_of_next_year(day)]
    own = [day for day in _days(first, last) if not _is_of_next_year(day)]
    rest = [day for day in (*before, *own) if _name(known, day) is not None and not _is_worked(day)]
    worked = [day for day in (*before, *own) if _is_worked(day) and day.weekday() >= _SATURDAY]
    return {
        "year": year,
        "is_official": True,
        "document": NOTICE.format(year=year),
        "holidays": [_span(known, run) for run in _runs(rest)],
        "make_up_days": {day.isoformat(): NAMES[chinese_calendar.workdays[day]] for day in worked},
        "statutory": _statutory(known, year),
    }


def _provisional(known: Any, year: int) -> dict[str, Any]:
    in_lieu = {
        day.isoformat(): _chinese(name)
        for day, name in sorted(known.items())
        if day.year == year and name.endswith(_IN_LIEU)
    }
    return {
        "year": year,
        "is_official": False,
        "document": LAW,
        "statutory": _statutory(known, year),
        "in_lieu": in_lieu,
    }


def _statutory(known: Any, year: int) -> dict[str, str]:
    return {
        day.isoformat(): _chinese(name)
        for day, name in sorted(known.items())
        if day.year == year and not name.startswith(_SWAPPED) and not name.endswith(_IN_LIEU) and "延长" not in name
    }


def _is_of_next_year(day: date) -> bool:
    """Days of late December that the notice of the next year names."""
    label = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    return day.month == 12 and label == "New Year's Day"  # noqa: PLR2004 - December


def _is_worked(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def _name(known: Any, day: date) -> str | None:
    """What the day is called; a weekend day between two named ones belongs to them."""
    label = chinese_calendar.holidays.get(day)
    told = known.get(day)
    if told is not None and not told.startswith(_SWAPPED):
        return _chinese(told)
    if label is not None:
        return NAMES[label]
    if told is None and day.weekday() >= _SATURDAY and not _is_worked(day):
        around = [chinese_calendar.holidays.get(day + step * _DAY) for step in (-1, 1)]
        return NAMES[around[0]] if around[0] is not None and around[0] == around[1] else None
    return None


def _chinese(name: str) -> str:
    plain = name.removesuffix(_IN_LIEU)
    plain = "春节" if plain in {"农历除夕", "春节延长假期"} else plain
    return "、".join(reversed(re.split(r"; ", plain)))


def _runs(rest: list[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for day in rest:
        if run and run[-1] + _DAY != day:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _span(known: Any, run: list[date]) -> dict[str, str]:
    names = dict.fromkeys(part for day in run for part in str(_name(known, day)).split("、"))
    return {"name": "、".join(names), "from": run[0].isoformat(), "to": run[-1].isoformat()}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def written(document: dict[str, Any]) -> str:
    """JSON with one line for each year."""
    years = ",\n".join(f"    {json.dumps(year, ensure_ascii=False)}" for year in document["years"])
    head = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in document.items()
        if key != "years"
    )
    return f'{{\n{head},\n  "years": [\n{years}\n  ]\n}}\n'


def main() -> int:
    """Runs the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    text = written(derive())
    if not parser.parse_args().check:
        OUTPUT.write_text(text, encoding="utf-8")
        return 0
    if OUTPUT.read_text(encoding="utf-8") == text:
        return 0
    print("working_days.json differs from the libraries. Run: python tools/working_days.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
