"""The workbook of a period's reports: who has reported, line by line, and who has not."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

from common.clock import beijing_day
from common.contracts.reporting.reports import LineValue, PeriodState, TemplateLine
from common.divisions import LEVEL_LABELS
from common.workbooks import Cell, WorkbookWriter
from reporting.reports.domain.entries import difference_of
from reporting.reports.domain.labels import REPORT_STATUS_LABELS
from reporting.reports.domain.progress import PlaceReport, Progress

_HEAD = ("区划代码", "区划", "层级", "状态", "版次", "生效版次", "期限", "首次提交日", "逾期天数", "缺下级数")
_HEAD_LOOKS = ("text", "text", "text", "text", "whole", "whole", "day", "day", "whole", "whole")
_LINES_HEAD = (
    "区划代码", "区划", "行编码", "项目", "单位", "本级", "下级汇总", "合计", "系统计算值", "计算值应知", "计算值已知",
    "差异", "说明", "文字",
)  # fmt: skip
_LINES_LOOKS = ("text",) * 5 + ("amount",) * 4 + ("whole", "whole", "amount", "text", "text")
_MISSING_HEAD = ("区划代码", "区划", "层级", "期限", "状态")
_MISSING_LOOKS = ("text", "text", "text", "day", "text")
_YES_NO = {True: "是", False: "否"}


def write_reports(
    period: PeriodState, within: str, places: Sequence[PlaceReport], progress: Progress, *, made_on: date
) -> IO[bytes]:
    """A finished workbook of four sheets, at its beginning. Whoever asked closes it.

    Source: O6.3a; ADR 0015.
    """
    with WorkbookWriter(made_on=made_on) as book:
        book.add_notes("说明", _notes(period, within, progress, made_on), (24, 60))
        headers = (*_HEAD, *(f"{line.title}（{line.unit}）" for line in period.lines))
        looks = (*_HEAD_LOOKS, *(_look(line) for line in period.lines))
        sheet = book.add_sheet("报表", headers, looks)
        book.write_rows(sheet, 1, (_row(period, place) for place in places), looks)
        sheet = book.add_sheet("各行", _LINES_HEAD, _LINES_LOOKS)
        book.write_rows(sheet, 1, _line_rows(period, places), _LINES_LOOKS)
        sheet = book.add_sheet("未报", _MISSING_HEAD, _MISSING_LOOKS)
        book.write_rows(sheet, 1, _missing_rows(places), _MISSING_LOOKS)
        return book.finish()


def _notes(period: PeriodState, within: str, progress: Progress, made_on: date) -> Iterator[tuple[str, str]]:
    yield ("报送期", period.title)
    yield ("范围", within)
    yield ("报送内容", f"{period.first_on.isoformat()} 至 {period.as_of.isoformat()}")
    yield ("导出日期", made_on.isoformat())
    yield ("应报", str(progress.expected))
    yield ("已报", str(progress.reported))
    yield ("按期", str(progress.on_time))
    yield ("逾期", str(progress.late))
    yield ("已通过", str(progress.approved))
    yield ("完整率", _share(progress.completeness))
    yield ("及时率", _share(progress.timeliness))
    yield ("口径", "合计为本级与已通过的下级报表之和；未通过的下级不计入，也不估算。")


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.2%}"


def _look(line: TemplateLine) -> str:
    if line.kind == "text":
        return "text"
    return "amount" if line.kind == "decimal" else "whole"


def _row(period: PeriodState, place: PlaceReport) -> list[Cell]:
    state = place.state
    head: list[Cell] = [place.division, place.name, LEVEL_LABELS[place.level]]
    if state is None:
        return [*head, REPORT_STATUS_LABELS["draft"], None, None, place.due_on, None, None, None]
    first = None if state.first_submitted_at is None else beijing_day(state.first_submitted_at)
    late = None if first is None else max(0, (first - place.due_on).days)
    head += [
        REPORT_STATUS_LABELS[state.status], state.edition, state.approved_edition, place.due_on, first, late,
        len(state.missing),
    ]  # fmt: skip
    return [*head, *(_cell(line, value) for line, value in zip(period.lines, state.lines, strict=True))]


def _cell(line: TemplateLine, value: LineValue) -> Cell:
    if line.kind == "text":
        return value.text
    return value.total if line.kind == "decimal" else _whole(value.total)


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _line_rows(period: PeriodState, places: Sequence[PlaceReport]) -> Iterator[list[Cell]]:
    for place in places:
        if place.state is None:
            continue
        for line, value in zip(period.lines, place.state.lines, strict=True):
            known = value.computed
            yield [
                place.division, place.name, line.code, line.title, line.unit,
                _YES_NO[value.flag] if value.flag is not None else value.own, value.below, value.total,
                None if known is None else known.value, None if known is None else known.expected,
                None if known is None else known.known, difference_of(value), value.explanation, value.text,
            ]  # fmt: skip


def _missing_rows(places: Sequence[PlaceReport]) -> Iterator[list[Cell]]:
    for place in places:
        if place.state is None or place.state.first_submitted_at is None:
            status = REPORT_STATUS_LABELS["draft" if place.state is None else place.state.status]
            yield [place.division, place.name, LEVEL_LABELS[place.level], place.due_on, status]
