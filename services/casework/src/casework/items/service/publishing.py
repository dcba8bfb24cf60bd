"""The log of what was made public; every entry is a record with its event. Source: O4.3e."""

from dataclasses import dataclass
from datetime import date

from common.clock import now
from common.contracts.casework.catalogue import PublicationKind, PublicationState
from common.divisions import level_of
from common.ids import uuid7
from common.records.service import next_state, store_record
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Published:
    """What is made public: the version of which thing, resting on which document, from when."""

    kind: PublicationKind
    subject: str
    subject_version: int
    title: str
    document: str
    effective_on: date


async def publish(
    uow: UnitOfWork, published: Published, *, division: str, reason: str | None = None
) -> PublicationState:
    """Enters an act of publication into the log.

    Source: O4.3e.

    Events: casework.publication.changed.v1.
    """
    at = now()
    state = PublicationState(
        id=uuid7(),
        version=1,
        division=division,
        level=level_of(division),
        changed_at=at,
        published_at=at,
        published_by=uow.actor.subject if uow.actor else "system",
        kind=published.kind,
        subject=published.subject,
        subject_version=published.subject_version,
        title=published.title,
        document=published.document,
        effective_on=published.effective_on,
    )
    return await store_record(
        uow, state, previous=None, action=f"casework.{published.kind.replace('_', '-')}.publish", reason=reason
    )


async def withdraw(uow: UnitOfWork, held: PublicationState, *, reason: str) -> PublicationState:
    """Enters into the log that something is no longer published; the entry stays.

    Source: O4.3e.

    Events: casework.publication.changed.v1.
    """
    state = next_state(
        held,
        status="withdrawn",
        withdrawn_at=now(),
        withdrawn_by=uow.actor.subject if uow.actor else "system",
        withdrawal_reason=reason,
    )
    return await store_record(uow, state, previous=held, action="casework.publication.withdraw", reason=reason)
