"""Use case: the office of a node signs for a dispatch (签收)."""

from uuid import UUID

from common.auth import Actor, Role, require_role
from common.clock import now
from common.outbox import append_rows
from common.uow import UnitOfWork
from sync.dispatches.domain import NodeState
from sync.dispatches.errors import DispatchNotAddressed, DispatchNotFound
from sync.dispatches.events import row_of_signed
from sync.dispatches.repository import moving, reading

SIGNERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.STATION_AGENT, Role.WINDOW_CLERK)


async def sign_dispatch(uow: UnitOfWork, *, actor: Actor, dispatch_id: UUID) -> NodeState:
    """Signs for the actor's own node; the first signature stands, and a further one gets the same answer.

    Source: architecture.md §5 "Downward" (签收), ADR 0018.

    Raises:
        RoleRequired: the actor signs for nobody.
        DispatchNotFound: it was not sent to this node, or has not arrived.
        DispatchNotAddressed: the node only hands it on.

    Events: sync.dispatch.signed.v1, with the first signature.
    Idempotency: by dispatch and node.
    Locks: the node's row: of two who sign at once the second waits and finds the first.
    """
    require_role(actor, *SIGNERS)
    at = now()
    signed = await reading.sign_node(uow.conn, dispatch_id, actor.division, at=at, by=actor.subject)
    if signed is None:
        found = await reading.find_node(uow.conn, dispatch_id, actor.division)
        if found is None or found.delivered_at is None:
            raise DispatchNotFound
        if not found.is_addressed:
            raise DispatchNotAddressed
        return found
    assert signed.delivered_at is not None, "only what has arrived is signed for"  # noqa: S101
    dispatch = (await moving.find_dispatches(uow.conn, [dispatch_id]))[dispatch_id]
    row = row_of_signed(dispatch, signed.node, delivered_at=signed.delivered_at, signed_at=at, by=actor.subject)
    await append_rows(uow.conn, [row])
    uow.wake_relay()
    await uow.record_audit("sync.dispatch.sign", "sync.dispatch", str(dispatch_id), division=signed.node)
    return signed
