"""Tables of circulars: frozen snapshots, official documents, and the numbers that were given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from reporting.orm import Base, DivisionCode


class SnapshotRow(Base):
    """A frozen snapshot in its canonical form; never changed, one that is frozen again is another row."""

    __tablename__ = "circular_snapshots"
    __table_args__ = (Index(None, "circular_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    circular_id: Mapped[UUID] = mapped_column(Uuid)
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    digest: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentRow(Base):
    """The official document as it was signed."""

    __tablename__ = "circular_documents"

    circular_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SeriesRow(Base):
    """A series of numbers: whose mark it is, and the highest number given in a year.

    Its row lock orders those who take a number.
    """

    __tablename__ = "circular_series"

    mark: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    highest: Mapped[int]


class MarkRow(Base):
    """Which office numbers its documents under a mark (机关代字). Source: S0."""

    __tablename__ = "circular_marks"

    mark: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    division: Mapped[DivisionCode]
    issuer: Mapped[str | None] = mapped_column(Text)


class NumberRow(Base):
    """A number that was given, also one of a circular that was withdrawn. Source: S0."""

    __tablename__ = "circular_numbers"
    __table_args__ = (Index(None, "circular_id", unique=True),)

    mark: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    circular_id: Mapped[UUID] = mapped_column(Uuid)
