"""What an office has declared before a visit: its newest report, then the platform's indicators. Source: S5, O6.3a."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from common.clock import beijing_day, today
from common.contracts.reporting.inspections import DeclaredValueState, InspectionState, InspectionTemplateState
from common.contracts.reporting.reports import LineValue, ReportState
from common.uow import UnitOfWork
from reporting.indicators.service import list_definitions, values_of
from reporting.reports.service import declared_of


async def declared_for(
    uow: UnitOfWork, held: InspectionState, template: InspectionTemplateState, division: str
) -> tuple[DeclaredValueState, ...]:
    """The declared values of a template's numbers for a division, as they are when its visit begins.

    A line of the newest report of the programme comes first; what no report holds is taken from the indicators that
    the organiser's level knows. A number that nobody has declared is absent.

    Source: S5, O6.3a.
    """
    codes = {one.declared_code for one in template.criteria if one.declared_code is not None}
    if not codes:
        return ()
    found = await _of_report(uow, held, division, codes)
    found = {**await _of_indicators(uow, held, division, codes - set(found)), **found}
    return tuple(found[code] for code in sorted(found))


async def _of_report(
    uow: UnitOfWork, held: InspectionState, division: str, codes: Collection[str]
) -> dict[str, DeclaredValueState]:
    if held.programme_id is None:
        return {}
    reports = await declared_of(uow.session, divisions=[division], programme_id=held.programme_id, latest_on=today())
    report = reports.get(division)
    return {} if report is None else _lines(report, codes)


def _lines(report: ReportState, codes: Collection[str]) -> dict[str, DeclaredValueState]:
    submitted = report.first_submitted_at
    found = {}
    for line in report.lines:
        value = _value(line)
        if line.code in codes and value is not None:
            found[line.code] = DeclaredValueState(
                code=line.code,
                value=value,
                source=f"reporting.report/{report.id}",
                as_of=None if submitted is None else beijing_day(submitted),
            )
    return found


def _value(line: LineValue) -> Decimal | None:
    """The office's own number; of a report that is only composed from below, its total."""
    return line.own if line.own is not None else line.total


async def _of_indicators(
    uow: UnitOfWork, held: InspectionState, division: str, codes: Collection[str]
) -> Mapping[str, DeclaredValueState]:
    """Only what is known of every office that the indicator is about: half a sum is nobody's declaration."""
    on = today()
    known = {one.spec.code for one in await list_definitions(uow.session, on)} & set(codes)
    if not known:
        return {}
    values = await values_of(uow.conn, sorted(known), level=held.level, divisions=[division], on=on)
    return {
        code: DeclaredValueState(
            code=code,
            value=one.value,
            source=f"indicator/{code}",
            as_of=None if one.as_of is None else beijing_day(one.as_of),
        )
        for (code, _), one in values.items()
        if one.value is not None and one.known >= one.expected
    }
