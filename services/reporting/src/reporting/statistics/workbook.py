"""Statistics as a workbook: the rows, and on a second sheet what has to be known to read them."""

from collections.abc import Iterable
from datetime import date
from typing import IO

from common.clock import BEIJING
from common.workbooks import Cell, WorkbookWriter
from reporting.statistics.domain import GROUPING_LABELS, MEASURES, RATIOS, Grouping, Months
from reporting.statistics.service import Line, Statistics


def write_workbook(found: Statistics, months: Months, grouping: Grouping, *, made_on: date) -> IO[bytes]:
    """The workbook, at its beginning. Codes are texts; a rate without a denominator is an empty cell."""
    headers = ["代码", "名称", "期末在办", *MEASURES.values(), *(ratio.label for ratio in RATIOS.values())]
    shares = ["share" if ratio.decimals > 1 else "amount" for ratio in RATIOS.values()]
    looks = ["text", "text", "whole", *("whole" for _ in MEASURES), *shares]
    with WorkbookWriter(made_on=made_on) as book:
        sheet = book.add_sheet(GROUPING_LABELS[grouping], headers, looks)
        rows = [*found.lines, found.total, found.own]
        names = {id(found.total): f"{found.division_name}（合计）", id(found.own): f"{found.division_name}（本级机构）"}
        book.write_rows(sheet, 1, (_cells(line, names.get(id(line))) for line in rows), looks)
        book.add_notes("说明", _notes(found, months), (24, 80))
        return book.finish()


def _cells(line: Line, name: str | None) -> list[Cell]:
    ratios = (ratio.of(line.sums).value for ratio in RATIOS.values())
    return [
        line.key,
        name or line.name or "",
        line.pending,
        *(line.sums.get(measure, 0) for measure in MEASURES),
        *(None if value is None else float(value) for value in ratios),
    ]


def _notes(found: Statistics, months: Months) -> Iterable[tuple[str, str]]:
    as_of, complete = found.freshness.as_of, found.completeness
    yield "范围", found.division_name
    yield "期间", f"{months.first:%Y-%m} 至 {months.last:%Y-%m}"
    yield "统计截至", "尚无数据" if as_of is None else as_of.astimezone(BEIJING).isoformat(timespec="seconds")
    rate = "不适用" if complete.rate is None else f"{complete.rate:.2%}"
    yield "报送完整率", f"{rate}（应报 {complete.expected_place_days}，已报 {complete.reported}，按机构日计）"
    for ratio in RATIOS.values():
        yield ratio.label, f"{ratio.note}（{ratio.clause}）"
