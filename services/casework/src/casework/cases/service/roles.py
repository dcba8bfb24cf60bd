"""Who may do what with cases; where, is the division's matter. Administrators see no cases.

Source: architecture.md §6.
"""

from casework.cases.domain import Case
from common.audit import AuditEntry
from common.auth import Actor, Role
from common.contracts.casework import CASE_RECORD
from common.telemetry import current_trace_id
from common.uow import UnitOfWork

HANDLERS = (Role.STATION_AGENT, Role.WINDOW_CLERK, Role.OFFICE_HEAD)
HEADS = (Role.OFFICE_HEAD,)
READERS = (*HANDLERS, Role.BUREAU_SUPERVISOR, Role.AUDITOR)
SEARCHERS = (*HANDLERS, Role.BUREAU_SUPERVISOR)
DISCLOSERS = (Role.WINDOW_CLERK, Role.OFFICE_HEAD)


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts; use cases of cases always act for somebody."""
    assert uow.actor is not None, "use cases of cases act for somebody"  # noqa: S101
    return uow.actor


def entry_of(actor: Actor, verb: str, case: Case, *, reason: str | None = None) -> AuditEntry:
    """The audit entry of a change."""
    return AuditEntry(
        actor=actor.subject,
        actor_division=actor.division,
        action=f"casework.case.{verb}",
        object_type=CASE_RECORD,
        object_id=str(case.id),
        division=case.division,
        reason=reason,
        trace_id=current_trace_id(),
    )


def system_entry(verb: str, case: Case) -> AuditEntry:
    """The audit entry of what the platform does by itself."""
    return AuditEntry(
        actor="system",
        actor_division=None,
        action=f"casework.case.{verb}",
        object_type=CASE_RECORD,
        object_id=str(case.id),
        division=case.division,
        reason=None,
        trace_id=current_trace_id(),
    )
