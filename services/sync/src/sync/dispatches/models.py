"""Tables of the dispatches: what goes down, and how each node stands to it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from sync.orm import Base, DivisionCode

TO_REMIND = (
    "is_addressed AND delivered_at IS NOT NULL AND signed_at IS NULL AND superseded_by IS NULL "
    "AND retired_on IS NULL AND (reminded IS NULL OR reminded > 0)"
)
"""Nodes that may still have to be reminded."""


class DispatchRow(Base):
    """One version of a record that goes down, once per site. Source: ADR 0018."""

    __tablename__ = "dispatches"
    __table_args__ = (
        UniqueConstraint("record_type", "record_id", "version"),
        Index(None, "sender", "occurred_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID]
    version: Mapped[int]
    event_type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    sender: Mapped[DivisionCode]
    title: Mapped[str] = mapped_column(Text)
    reference_number: Mapped[str | None] = mapped_column(Text)
    roots: Mapped[list[str]] = mapped_column(ARRAY(Text))
    down_to: Mapped[str] = mapped_column(Text)
    sign_by: Mapped[date | None]
    digest: Mapped[bytes] = mapped_column(BYTEA)
    data: Mapped[str] = mapped_column(Text)
    is_in_force: Mapped[bool]


class DispatchNodeRow(Base):
    """How one node stands to one dispatch. Source: ADR 0018.

    `reminded` is the smallest number of days before `sign_by` for which the node was reminded.
    """

    __tablename__ = "dispatch_nodes"
    __table_args__ = (
        Index(None, "node", "delivered_at", "dispatch_id"),
        Index("ix_dispatch_nodes_to_send", "dispatch_id", "parent", postgresql_where="sent_at IS NULL"),
        Index("ix_dispatch_nodes_to_remind", "sign_by", "dispatch_id", "node", postgresql_where=TO_REMIND),
    )

    dispatch_id: Mapped[UUID] = mapped_column(primary_key=True)
    node: Mapped[DivisionCode] = mapped_column(primary_key=True)
    parent: Mapped[DivisionCode]
    level: Mapped[str] = mapped_column(Text)
    is_addressed: Mapped[bool]
    sign_by: Mapped[date | None]
    sent_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
    delivered_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
    signed_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
    signed_by: Mapped[str | None] = mapped_column(Text)
    superseded_by: Mapped[int | None]
    retired_on: Mapped[date | None]
    reminded: Mapped[int | None]
    reminded_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))


class DispatchMoveRow(Base):
    """A division of which something changes on a day: who appears gets what is in force, who ends is asked no more.

    `done_to` is the last dispatch that it was compared with, where the comparison goes on.
    """

    __tablename__ = "dispatch_moves"
    __table_args__ = (Index(None, "due_on", "code"),)

    code: Mapped[DivisionCode] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    done_to: Mapped[UUID | None]
