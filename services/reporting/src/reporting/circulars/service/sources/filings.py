"""How far the filing of plans is (方案备案). Source: O6.2b."""

from collections import Counter

from common.contracts import record_of
from common.contracts.reporting.plans import FilingState
from common.contracts.reporting.programmes import ProgrammeState
from reporting.circulars.domain import Cell, Column
from reporting.circulars.errors import QueryNotRankable, QueryUnknown
from reporting.circulars.service.sources.asking import Found, Question
from reporting.plans.service import CityStanding, overview
from reporting.programmes.errors import ProgrammeNotFound

_COLUMNS = (
    Column("state", "备案状态", is_number=False),
    Column("filed_on", "首次报送日期", is_number=False),
    Column("days_late", "逾期天数", "天"),
)
_LABELS = {"to_file": "待报", "filed": "已报", "returned": "退回补正", "accepted": "已备案"}
OVERDUE, NOT_CORRECTED = "逾期未报", "逾期未补正"
_ORDER = ("已备案", "已报", "退回补正", "待报", NOT_CORRECTED, OVERDUE)


async def filings_of(question: Question) -> Found:
    """The state of each city's filing at the end of a day, who has begun nothing included; the whole scope in counts.

    The subject is the id of a programme. A state of before is read from the steps of the filing, each with its day.

    Source: O6.2b, O6.3b.

    Raises:
        QueryNotRankable: words have no order.
        QueryUnknown: there is no such programme.
    """
    if question.query.better is not None:
        raise QueryNotRankable(query=question.query.code)
    try:
        programme, standings = await overview(question.conn, question.subject_id(), on=question.on)
    except ProgrammeNotFound:
        raise QueryUnknown(query=question.query.code) from None
    asked = set(question.divisions)
    cells = {one.city: _cells(one, programme) for one in standings if one.city in asked}
    counts = Counter(cells[code][0].value for code in cells)
    told = "，".join(f"{label}{counts[label]}个" for label in _ORDER if counts[label])
    sources = tuple(dict.fromkeys(source for code in sorted(cells) for source in cells[code][0].sources))
    if cells:
        as_of = max((cell.as_of for cell, *_ in cells.values() if cell.as_of), default=None)
        cells[question.scope] = (Cell(told, as_of, sources=sources), Cell(None), Cell(None))
    return Found(_COLUMNS, cells)


def _cells(city: CityStanding, programme: ProgrammeState) -> tuple[Cell, ...]:
    standing, filing = city.standing, city.filing
    first = standing.first_filed_on
    late = OVERDUE if first is None else NOT_CORRECTED
    behind = (FilingState, filing.id, filing.version) if filing else (ProgrammeState, programme.id, programme.version)
    sources = ((record_of(behind[0]).name, str(behind[1]), behind[2]),)
    values = (
        _LABELS.get(standing.state, late),
        None if first is None else first.isoformat(),
        None if first is None else str(standing.days_late),
    )
    return tuple(Cell(value, filing.changed_at if filing else None, sources=sources) for value in values)
