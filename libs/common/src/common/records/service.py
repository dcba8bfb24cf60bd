"""Use cases of records: the one place where a state is stored, published and audited. Source: ADR 0017."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.audit import AuditEntry, record
from common.auth import Actor
from common.clock import now
from common.contracts import record_of
from common.contracts.record import StoredState
from common.crypto import FieldCipher
from common.db import Connection
from common.errors import PreconditionFailed
from common.events import Event
from common.ids import uuid7
from common.outbox import append_many
from common.records.errors import RecordExists, RecordNotFound
from common.records.repository import Records, Wanted
from common.telemetry import current_traceparent
from common.uow import UnitOfWork

__all__ = ["Wanted"]
_CITIZENS = "citizen"
S = TypeVar("S", bound=StoredState)


def next_state(current: S, **changes: Any) -> S:
    """The state that follows: one version more, now, with these members changed.

    Raises:
        ValidationError: the members do not fit the model; rules are checked before.
    """
    values = {name: getattr(current, name) for name in type(current).model_fields}
    return type(current).model_validate({**values, **changes, "version": current.version + 1, "changed_at": now()})


async def get_record(session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor | None = None) -> S:
    """The record as it stands; with an actor, only within the actor's subtree.

    Raises:
        RecordNotFound: none of this kind, or not the actor's to see.
    """
    found = await Records(session).find(model, record_id, actor=actor)
    if found is None:
        raise RecordNotFound
    return found


async def hold_record(
    session: AsyncSession, model: type[S], record_id: UUID, *, expected_version: int | None, actor: Actor | None = None
) -> S:
    """The record for a change by somebody who saw `expected_version`; None takes it as it stands.

    Locks: the record until the transaction ends.

    Raises:
        RecordNotFound: none of this kind, or not the actor's to see.
        PreconditionFailed: somebody else changed it meanwhile.
    """
    found = await Records(session).find(model, record_id, actor=actor, lock=True)
    if found is None:
        raise RecordNotFound
    if expected_version is not None and found.version != expected_version:
        raise PreconditionFailed(current_version=found.version)
    return found


async def list_records(
    session: AsyncSession,
    model: type[S],
    wanted: Wanted,
    *,
    actor: Actor | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[S]:
    """Records of one kind, the oldest first; with an actor, only within the actor's subtree."""
    return await Records(session).page(model, wanted, actor=actor, after=after, limit=limit)


async def count_records(
    session: AsyncSession, model: type[S], wanted: Wanted, *, by: Sequence[str], actor: Actor | None = None
) -> dict[tuple[str | None, ...], int]:
    """How many records of one kind there are, by the values of members of the state."""
    return await Records(session).count(model, wanted, actor=actor, by=by)


async def store_record(
    uow: UnitOfWork,
    state: S,
    *,
    previous: StoredState | None,
    action: str,
    reason: str | None = None,
    sealed: bytes | None = None,
    subject_index: bytes | None = None,
) -> S:
    """Stores a new record (`previous` None) or the next state of one, and tells it.

    Args:
        action: for the audit, `casework.complaint.accept`.
        reason: for the audit; without personal data.
        sealed: what `seal` gave; None leaves what is there.
        subject_index: blind index of whom it is about.

    Raises:
        RecordExists: a new record has the id of another one.
        PreconditionFailed: another transaction was faster.

    Events: <service>.<record>.changed.v1.
    """
    await uow.flush()
    name = record_of(type(state)).name
    audit = uow.audit_entry(action, name, str(state.id), division=state.division, reason=reason)
    is_written = await Records.put(
        uow.conn, state, audit=audit, event=changed(state), sealed=sealed, subject_index=subject_index
    )
    if not is_written:
        raise RecordExists if previous is None else PreconditionFailed
    uow.wake_relay()
    return state


async def add_records(conn: Connection, new: Sequence[tuple[StoredState, bytes | None]], *, action: str) -> int:
    """Stores and tells new records from a consumer, which has a connection and no unit of work; returns how many.

    Args:
        new: states of version 1 with the blind index of whom they are about.
        action: for the audit.

    Events: <service>.<record>.changed.v1 for those that were not there.

    Idempotency: what is there under the same id stays, and is not told again.
    """
    added = await Records.add_many(conn, new)
    states = [state for state, _ in new if state.id in added]
    await append_many(conn, [(record_of(type(state)).topic, changed(state)) for state in states])
    for state in states:
        entry = AuditEntry("system", None, action, record_of(type(state)).name, str(state.id), state.division)
        await record(conn, entry)
    return len(states)


async def subject_indexes_of(conn: Connection, model: type[StoredState], ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """About whom records of one kind are, by their ids; those about nobody are absent."""
    return await Records.subjects(conn, model, ids)


def changed(state: StoredState) -> Event:
    """The event of a state."""
    kind = record_of(type(state))
    return Event(
        id=str(uuid7()),
        type=kind.type,
        source=f"/jiceng/{kind.service}",
        subject=str(state.id),
        time=state.changed_at,
        division=state.division,
        level=state.level.value,
        recordversion=state.version,
        partitionkey=str(state.id),
        traceparent=current_traceparent(),
        data=state.to_bytes(),
    )


def seal(cipher: FieldCipher, record_id: UUID, fields: Mapping[str, str | None]) -> bytes:
    """Personal data of a record as one encrypted document; it can be opened beside this record only."""
    return cipher.encrypt(json.dumps(dict(fields), ensure_ascii=False), context=_context(record_id))


async def open_sealed(session: AsyncSession, cipher: FieldCipher, record_id: UUID) -> dict[str, str | None]:
    """The personal data of a record, in clear; empty when it has none. Who asks is the caller's matter."""
    sealed = await Records(session).sealed(record_id)
    if sealed is None:
        return {}
    opened: dict[str, str | None] = json.loads(cipher.decrypt(sealed, context=_context(record_id)))
    return opened


def citizen_index(cipher: FieldCipher, actor: Actor) -> bytes:
    """The `subject_index` of what belongs to a citizen: of the token's subject, which capitals tell apart."""
    return cipher.blind_index(actor.subject.encode().hex(), context=_CITIZENS)


def citizen_indexes(cipher: FieldCipher, actor: Actor) -> tuple[bytes, ...]:
    """The same under every key, for `Wanted.subject_indexes`."""
    return tuple(cipher.blind_indexes(actor.subject.encode().hex(), context=_CITIZENS))


def _context(record_id: UUID) -> str:
    return f"record:{record_id}"
