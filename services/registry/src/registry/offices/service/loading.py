"""Taking in what the naming rule gives for a whole file of divisions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from common.contracts.registry import OfficeState
from common.uow import UnitOfWork
from registry.history.service import remember_offices
from registry.offices.domain import OfficeStatus, edges_of, office_id
from registry.offices.naming import NamedOffice, NamingReport, OfficeKind
from registry.offices.repository import COLUMNS, insert_entries, insert_missing
from registry.offices.service.finding import terms_of
from registry.offices.service.recording import RECORD


async def load_offices(uow: UnitOfWork, *, named: Sequence[NamedOffice], valid_from: date, reason: str) -> int:
    """Takes in the offices that the naming rule gives, for divisions that never had one; returns how many.

    Source: O1.3a, O2.1a, O2.1b, ADR 0006.

    Events: registry.office.changed.v1 for every new one.
    Idempotency: ids follow from the division; a division that has or had an office is left alone.
    """
    states = [_first_state(office, valid_from) for office in named]
    records = [_record(state, office) for state, office in zip(states, named, strict=True)]
    added = await insert_missing(uow.conn, records)
    if added:
        await remember_offices(uow, [state for state in states if state.id in added], is_first_load=True)
        await uow.record_audit("registry.office.load", RECORD, "*", reason=reason)
    return len(added)


async def store_report(uow: UnitOfWork, *, report: NamingReport, reported_on: date) -> None:
    """Keeps what a load of divisions could not name.

    Source: ADR 0006.
    """
    await insert_entries(uow.conn, report.entries, reported_on)


def _first_state(office: NamedOffice, valid_from: date) -> OfficeState:
    edges = edges_of(office.division)
    return OfficeState(
        id=office_id(office.division),
        division=office.division,
        level=office.level,
        kind=office.kind.value,
        name=office.name,
        status=OfficeStatus.OPERATING.value,
        version=1,
        leadership_division=edges.leadership,
        guidance_division=edges.guidance,
        valid_from=valid_from,
        effective_on=valid_from,
        form="independent" if office.kind is not OfficeKind.SERVICE_STATION else None,
        management_mode="territorial",
    )


def _record(state: OfficeState, office: NamedOffice) -> tuple[Any, ...]:
    values = {**state.__dict__, "name_source": office.source, "name_mark": office.mark}
    return (*(values[name] for name in COLUMNS), terms_of(office.name))
