"""Who has reported how timely (进度报告). Source: O6.3a."""

from decimal import ROUND_HALF_UP, Decimal

from common.contracts import record_of
from common.contracts.reporting.reports import PeriodState
from common.records.errors import RecordNotFound
from common.records.service import get_record
from reporting.circulars.domain import Cell, Column, plain
from reporting.circulars.errors import QueryUnknown
from reporting.circulars.service.sources.asking import Found, Question
from reporting.reports.service import report_progress_of

_COLUMNS = (
    Column("timeliness", "按时报送率", "%"),
    Column("expected", "应报", "份"),
    Column("reported", "已报", "份"),
    Column("on_time", "按时", "份"),
    Column("late_days", "逾期合计", "天"),
)
_PLACES = Decimal("0.01")


async def timeliness_of(question: Question) -> Found:
    """Expected, reported and timely reports of each division with all below it, at the end of a day.

    The subject is the id of a period; what was handed in later is not counted.

    Source: O6.3a, O6.3b.

    Raises:
        QueryUnknown: there is no such period.
    """
    period_id = question.subject_id()
    try:
        period = await get_record(question.session, PeriodState, period_id)
    except RecordNotFound:
        raise QueryUnknown(query=question.query.code) from None
    sources = ((record_of(PeriodState).name, str(period.id), period.version),)
    progress = await report_progress_of(question.session, period_id, question.places, at=question.moment)
    cells = {}
    for place, found in progress.items():
        rate = None
        if found.expected:
            rate = plain((Decimal(100 * found.on_time) / found.expected).quantize(_PLACES, ROUND_HALF_UP))
        values = (rate, *(str(one) for one in (found.expected, found.reported, found.on_time, found.late_days)))
        cells[place] = tuple(
            Cell(value, known=found.reported, expected=found.expected, sources=sources) for value in values
        )
    return Found(_COLUMNS, cells)
