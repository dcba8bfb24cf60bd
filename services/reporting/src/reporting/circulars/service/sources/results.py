"""What inspections found (督导考核结果). Source: S5."""

from decimal import ROUND_HALF_UP, Decimal

from common.contracts import record_of
from common.contracts.reporting.inspections import InspectionState, ResultPublicationState
from common.divisions import contains
from common.records.errors import RecordNotFound
from common.records.service import get_record
from reporting.circulars.domain import Cell, Column, plain
from reporting.circulars.errors import QueryUnknown
from reporting.circulars.service.sources.asking import Found, Question

_COLUMNS = (
    Column("score", "平均得分", "分"),
    Column("offices", "受检机构", "个"),
    Column("lowest", "最低得分", "分"),
    Column("vetoed", "一票否决", "个"),
)
_HUNDREDTH = Decimal("0.01")


async def results_of(question: Question) -> Found:
    """Average score of the inspected offices of each division, from the result as it was published.

    The subject is the id of an inspection; one without a published result is not told.

    Source: S5, O6.3b.

    Raises:
        QueryUnknown: there is no such inspection of this scope, or no result.
    """
    try:
        inspection = await get_record(question.session, InspectionState, question.subject_id())
    except RecordNotFound:
        raise QueryUnknown(query=question.query.code) from None
    result = inspection.publication
    # the result of an inspection of somewhere else is not for this circular to tell
    if result is None or (
        not contains(question.scope, inspection.division)
        and not any(contains(root, question.scope) or contains(question.scope, root) for root in result.scope)
    ):
        raise QueryUnknown(query=question.query.code)
    sources = ((record_of(InspectionState).name, str(inspection.id), inspection.version),)
    return Found(_COLUMNS, {place: _cells(result, place, sources) for place in question.places})


def _cells(result: ResultPublicationState, place: str, sources: tuple[tuple[str, str, int], ...]) -> tuple[Cell, ...]:
    offices = [office for office in result.ranking if contains(place, office.division)]
    average = lowest = None
    if offices:
        scores = [Decimal(office.score) / 100 for office in offices]
        average = plain((sum(scores, Decimal(0)) / len(scores)).quantize(_HUNDREDTH, ROUND_HALF_UP))
        lowest = plain(min(scores).quantize(_HUNDREDTH))
    values = (average, str(len(offices)), lowest, str(sum(office.is_vetoed for office in offices)))
    return tuple(Cell(value, result.as_of, sources=sources) for value in values)
