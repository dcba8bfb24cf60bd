"""Values of indicators. Source: S1, S2."""

from reporting.circulars.domain import Cell, Column, plain
from reporting.circulars.errors import QueryUnknown
from reporting.circulars.service.sources.asking import Found, Question
from reporting.indicators.errors import IndicatorUnknown
from reporting.indicators.service import get_definition, values_of


async def values_of_indicator(question: Question) -> Found:
    """An indicator of each division and of the whole, as the issuer's level knows it, by the definition of the day.

    The subject is the indicator's code. The number of the definition's version stands behind every value.

    Source: S1, S2, O6.3b.

    Raises:
        QueryUnknown: there is no such indicator on that day.
    """
    code = question.query.subject or question.query.code
    try:
        definition = await get_definition(question.conn, code, question.on)
        values = await values_of(question.conn, [code], level=question.level, divisions=question.places, on=question.on)
    except IndicatorUnknown:
        raise QueryUnknown(query=question.query.code) from None
    spec = definition.spec
    columns = [Column("value", spec.name, spec.unit)]
    if spec.denominator:
        columns += [Column("numerator", "分子"), Column("denominator", "分母")]
    sources = (("reporting.indicator-definition", code, definition.number),)
    cells = {}
    for (_, division), found in values.items():
        texts = [None if found.value is None else plain(found.value)]
        if spec.denominator:
            texts += [str(found.numerator), None if found.denominator is None else str(found.denominator)]
        cells[division] = tuple(Cell(text, found.as_of, found.known, found.expected, sources) for text in texts)
    return Found(tuple(columns), cells)
