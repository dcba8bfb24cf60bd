"""What every use case that writes an office does at its end: the name checked, the state remembered and told."""

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.uow import UnitOfWork
from registry.divisions import service as divisions
from registry.history.service import remember_offices
from registry.offices.domain import NameApproval, clause_of_name, require_name
from registry.offices.models import Office
from registry.offices.naming import OfficeKind, validate_name
from registry.offices.repository import put_terms, state_of
from registry.offices.service.finding import terms_of

RECORD = "registry.office"


async def check_name(
    session: AsyncSession, kind: OfficeKind, name: str, division: str, approval: NameApproval | None, *, on: date
) -> NameApproval | None:
    """Refuses a wrong name; returns the approval if the name needs it."""
    place, *above = await divisions.get_rows(session, code=division, on=on)
    faults = validate_name(kind, name, place, above=above, on=on)
    require_name(faults, approval)
    return approval if faults else None


def put_name(office: Office, name: str, approval: NameApproval | None) -> None:
    """People have named it; where the name is not the ruled one, its source is the approval. Source: O2.1a, O2.1b."""
    office.name, office.name_mark = name, "V"
    office.name_source = approval.document if approval else clause_of_name(OfficeKind(office.kind))
    office.name_approval_reason = approval.reason if approval else None
    office.name_approval_document = approval.document if approval else None


async def publish_office(
    uow: UnitOfWork, office: Office, action: str, *, reason: str | None, document: str | None = None
) -> None:
    """Writes the row, remembers its state, tells it and puts it into the audit.

    Events: registry.office.changed.v1.
    """
    office.updated_at, office.change_reason, office.change_document = now(), reason, document
    is_renamed = inspect(office).attrs.name.history.has_changes()
    await uow.flush()
    if is_renamed:
        await put_terms(uow.conn, {office.id: await asyncio.to_thread(terms_of, office.name)})
    await remember_offices(uow, [state_of(office)])
    await uow.record_audit(action, RECORD, str(office.id), division=office.division, reason=reason)


async def publish_offices(
    uow: UnitOfWork, offices: Sequence[Office], action: str, *, reason: str | None, document: str | None = None
) -> None:
    """The same for many at once, with one audit entry; the worker reads new names for the search later.

    Events: registry.office.changed.v1 for each.
    """
    if not offices:
        return
    for office in offices:
        office.updated_at, office.change_reason, office.change_document = now(), reason, document
    await uow.flush()
    await remember_offices(uow, [state_of(office) for office in offices])
    await uow.record_audit(action, RECORD, "*", division=uow.actor.division if uow.actor else None, reason=reason)
