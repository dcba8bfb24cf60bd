"""How far the filing of plans is (方案备案). Source: O6.2b."""

from collections import Counter
from datetime import date

from common.contracts import record_of
from common.contracts.reporting.plans import FilingState
from common.records.service import Wanted, list_records
from reporting.circulars.domain import Cell, Column
from reporting.circulars.service.sources.asking import Found, Question

_COLUMNS = (
    Column("state", "备案状态", is_number=False),
    Column("filed_on", "首次报送日期", is_number=False),
    Column("days_late", "逾期天数", "天"),
)
_LABELS = {"file": "已报", "return": "退回补正", "accept": "已备案"}
TO_FILE, OVERDUE = "待报", "逾期未报"
_ORDER = ("已备案", "已报", "退回补正", TO_FILE, OVERDUE)


async def filings_of(question: Question) -> Found:
    """The state of each city's filing at the end of a day; the whole scope in counts.

    The subject is the id of a programme. A state of before is read from the steps of the filing, each with its day.

    Source: O6.2b, O6.3b.
    """
    wanted = Wanted(within=question.scope, equal=(("programme_id", str(question.subject_id())),))
    found = {one.division: one for one in await list_records(question.session, FilingState, wanted)}
    cells = {code: _cells(found[code], question.on) for code in question.divisions if code in found}
    counts = Counter(cells[code][0].value for code in cells)
    told = "，".join(f"{label}{counts[label]}个" for label in _ORDER if counts[label])
    sources = tuple(source for code in sorted(cells) for source in cells[code][0].sources)
    if cells:
        whole = Cell(told, max(cell.as_of for cell, *_ in cells.values() if cell.as_of), sources=sources)
        cells[question.scope] = (whole, Cell(None), Cell(None))
    return Found(_COLUMNS, cells)


def _cells(filing: FilingState, on: date) -> tuple[Cell, ...]:
    acts = [act for act in filing.acts if act.on <= on]
    first = next((act for act in acts if act.kind == "file"), None)
    is_overdue = first is None and filing.due_on is not None and on > filing.due_on
    state = _LABELS[acts[-1].kind] if acts else OVERDUE if is_overdue else TO_FILE
    sources = ((record_of(FilingState).name, str(filing.id), filing.version),)
    values = (
        state,
        None if first is None else first.on.isoformat(),
        None if first is None or first.days_late is None else str(first.days_late),
    )
    return tuple(Cell(value, filing.changed_at, sources=sources) for value in values)
