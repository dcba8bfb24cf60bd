"""Windows as one cell: a line for each, with its duties and its opening hours. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import cast

from common.contracts.casework import Duty
from common.contracts.registry.places import OpeningHours, WindowState
from registry.premises.domain import WEEKDAY_LABELS
from registry.sheets.domain.cells import Cell, CellWrong, Choices, Raw, plain, quoted

_PUBLIC, _INNER = "对外", "内部"
_DAYS = {label: day for day, label in WEEKDAY_LABELS.items()}
_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*(?:-|–|—|~|至|到)\s*(\d{1,2}):(\d\d)")
_MAX_WINDOWS, _MAX_NUMBER = 200, 20
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows of some premises, a line for each: number, for the public or not, duties, opening hours."""

    labels: Mapping[str, str]
    look: str = field(default="text", init=False)

    @property
    def hint(self) -> str:
        """How people fill it in, Chinese."""
        return (
            "每个窗口一行（单元格内换行）：窗口号 | 对外或内部 | 职责，以顿号分隔 | 开放时间。"
            "例如：1号 | 对外 | 就业服务、社会保险 | 周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00"
        )

    def parse(self, raw: Raw) -> tuple[WindowState, ...]:
        """The windows."""
        if not isinstance(raw, str):
            raise CellWrong("not-windows", "应为文本，每个窗口一行")
        lines = [line for line in plain(raw).splitlines() if line.strip()]
        if len(lines) > _MAX_WINDOWS:
            raise CellWrong("not-windows", f"窗口不得超过{_MAX_WINDOWS}个")
        return tuple(self._window(number, line) for number, line in enumerate(lines, 1))

    def _window(self, number: int, line: str) -> WindowState:
        parts = [part.strip() for part in line.split("|")]
        if not 2 <= len(parts) <= _PARTS or not 1 <= len(parts[0]) <= _MAX_NUMBER:  # noqa: PLR2004 - number and kind
            raise CellWrong("not-windows", f"第{number}个窗口应写作：窗口号 | 对外或内部 | 职责 | 开放时间")
        name, kind, duties, hours = (*parts, "", "")[:_PARTS]
        if kind not in {_PUBLIC, _INNER}:
            raise CellWrong("not-windows", f"第{number}个窗口须写明“{_PUBLIC}”或“{_INNER}”")
        codes = Choices(self.labels).parse(duties) if duties else ()
        return WindowState(
            number=name,
            is_public=kind == _PUBLIC,
            duties=cast("tuple[Duty, ...]", codes),
            opening_hours=tuple(parse_hours(hours, number)),
        )

    def show(self, value: object) -> Cell:
        """The lines."""
        windows = cast("Sequence[WindowState]", value)
        return "\n".join(self._line(window) for window in windows) or None

    def _line(self, window: WindowState) -> str:
        duties = "、".join(self.labels.get(duty, duty) for duty in window.duties)
        kind = _PUBLIC if window.is_public else _INNER
        return " | ".join((window.number, kind, duties, show_hours(window.opening_hours))).rstrip(" |")


def parse_hours(text: str, window: int) -> Iterator[OpeningHours]:
    """Opening hours as people write them: days, then spans.

    Source: O2.2b.
    """
    for group in re.split(r"[;\n]", plain(text)):
        if not group.strip():
            continue
        days, _, spans = group.strip().partition(" ")
        found = _SPAN.findall(spans)
        if not found or _SPAN.sub("", spans).strip(" ,、"):
            raise CellWrong("not-opening-hours", f"第{window}个窗口的开放时间应写作：周一至周五 08:30-12:00")
        for day in _days(days, window):
            for open_hour, open_minute, close_hour, close_minute in found:
                yield _hours(day, f"{int(open_hour):02}:{open_minute}", f"{int(close_hour):02}:{close_minute}", window)


def _hours(day: int, opens: str, closes: str, window: int) -> OpeningHours:
    try:
        return OpeningHours(weekday=day, opens=opens, closes=closes)
    except ValueError:
        raise CellWrong("not-opening-hours", f"第{window}个窗口的开放时间不是一天中的时刻") from None


def _days(text: str, window: int) -> Iterator[int]:
    for part in re.split(r"[,、]", text):
        first, _, last = part.strip().partition("至")
        if first not in _DAYS or (last and last not in _DAYS):
            raise CellWrong("not-opening-hours", f"第{window}个窗口的{quoted(part)}不是星期")
        yield from range(_DAYS[first], _DAYS[last or first] + 1)


def show_hours(hours: Sequence[OpeningHours]) -> str:
    """The same hours as one line: days that are alike and follow one another together.

    Source: O2.2b.
    """
    by_day: dict[int, tuple[str, ...]] = {}
    for one in hours:
        by_day[one.weekday] = (*by_day.get(one.weekday, ()), f"{one.opens}-{one.closes}")
    groups = []
    for spans, days in groupby(by_day, key=lambda day: by_day[day]):
        run = list(days)
        is_row = len(run) > 2 and run == list(range(run[0], run[-1] + 1))  # noqa: PLR2004 - two days are named
        named = f"{WEEKDAY_LABELS[run[0]]}至{WEEKDAY_LABELS[run[-1]]}" if is_row else "、".join(map(_label, run))
        groups.append(f"{named} {'、'.join(spans)}")
    return "；".join(groups)


def _label(day: int) -> str:
    return WEEKDAY_LABELS[day]
