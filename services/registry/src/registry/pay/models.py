"""Tables of what is no record of this site: tasks out of cases, what they were paid with, and facts of the province.

The facts name persons by pseudonym alone; those of other counties arrive as events and belong to their sites.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from registry.orm import Base, Code, Key, String


class PayTask(Base):
    """A case that a station has closed, and what was decided about it. Source: O1.4f."""

    __tablename__ = "pay_tasks"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'accepted', 'rejected', 'withdrawn')", name="status"),
        CheckConstraint("status <> 'accepted' OR quality_permille IS NOT NULL", name="quality"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "division", "closed_on"),
        Index(None, "office_id", "closed_on"),
    )

    case_id: Mapped[Key]
    case_version: Mapped[int]
    version: Mapped[int]
    office_id: Mapped[UUID] = mapped_column(Uuid)
    division: Mapped[Code]
    item_code: Mapped[String]
    duty: Mapped[String]
    closed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_on: Mapped[date]
    handler: Mapped[str | None] = mapped_column(Text)
    staff_member_id: Mapped[UUID | None] = mapped_column(Uuid)
    status: Mapped[String]
    quality_permille: Mapped[int | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PaidTask(Base):
    """A task that was paid: once, because its case is the key; rows are never changed or deleted. Source: O1.4f."""

    __tablename__ = "paid_tasks"
    __table_args__ = (Index(None, "pay_run_id", "staff_member_id"),)

    case_id: Mapped[Key]
    pay_run_id: Mapped[UUID] = mapped_column(Uuid)
    staff_member_id: Mapped[UUID] = mapped_column(Uuid)
    rate_id: Mapped[UUID] = mapped_column(Uuid)
    rate_fen: Mapped[int] = mapped_column(BigInteger)
    quality_permille: Mapped[int]


class ProvincePost(Base):
    """A version of a post anywhere in the province, as its event told it. Source: O1.4g."""

    __tablename__ = "province_posts"
    __table_args__ = (Index(None, "pseudonym"),)

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[String]
    office_id: Mapped[UUID] = mapped_column(Uuid)
    division: Mapped[Code]
    staff_type: Mapped[String]
    is_public_employee: Mapped[bool]
    effective_on: Mapped[date]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class ProvinceRosterEntry(Base):
    """An entry of a roster of public employees of any county, at its newest version. Source: O1.4g."""

    __tablename__ = "province_public_employees"
    __table_args__ = (Index(None, "pseudonym"),)

    id: Mapped[Key]
    version: Mapped[int]
    pseudonym: Mapped[String]
    division: Mapped[Code]
    employed_from: Mapped[date]
    employed_to: Mapped[date | None]


class ProvincePay(Base):
    """What a settled run anywhere in the province has paid to a person. Source: O1.4f, O1.4g."""

    __tablename__ = "province_pay"
    __table_args__ = (Index(None, "pseudonym"),)

    pay_run_id: Mapped[Key]
    staff_member_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
    pseudonym: Mapped[String]
    office_id: Mapped[UUID] = mapped_column(Uuid)
    division: Mapped[Code]
    period_from: Mapped[date]
    period_to: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ProvinceReturn(Base):
    """What has come back of settled pay, by a recovery anywhere in the province. Source: O1.4f, O1.4g."""

    __tablename__ = "province_returns"
    __table_args__ = (Index(None, "pseudonym"),)

    id: Mapped[Key]
    pay_run_id: Mapped[UUID] = mapped_column(Uuid)
    staff_member_id: Mapped[UUID] = mapped_column(Uuid)
    pseudonym: Mapped[String]
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class PayCheck(Base):
    """What the worker has to look through.

    A person of whom something new is known, a paid case that was taken back, or an office whose unpaid tasks may belong
    elsewhere by now.
    """

    __tablename__ = "pay_checks"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    pseudonym: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    office_id: Mapped[UUID | None] = mapped_column(Uuid)
