"""The tables of offices and of what the naming rule could not name."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, validates

from registry.orm import Base, Code, Key, String


class Office(Base):
    """One office, with its two edges (领导, 业务指导). Source: O1.3a, O1.3c, O2.1a, O2.1b.

    `name_pairs(name)` are the overlapping pairs of characters of the name: a trigram index cannot find two Chinese
    characters, and two is what people type. `search_terms` are the readings of the name (finding.py); a name that
    changes without them loses them (a trigger), until the worker has read it anew.
    """

    __tablename__ = "offices"
    __table_args__ = (
        Index("uq_offices_division_open", "division", unique=True, postgresql_where=text("status <> 'closed'")),
        Index(None, "division", "id"),
        Index("ix_offices_name_pairs", text("name_pairs(name)"), postgresql_using="gin"),
        Index("ix_offices_characters", text("string_to_array(name, NULL)"), postgresql_using="gin"),
        Index("ix_offices_search_terms", "search_terms", postgresql_using="gin"),
        Index("ix_offices_uscc", "uscc", postgresql_ops={"uscc": "text_pattern_ops"}),
        Index("ix_offices_unread", "id", postgresql_where=text("search_terms IS NULL")),
        CheckConstraint("level IN ('province', 'city', 'county', 'town', 'village')", name="level"),
        CheckConstraint("kind IN ('bureau', 'service_office', 'service_station')", name="kind"),
        CheckConstraint("status IN ('planned', 'building', 'operating', 'suspended', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (valid_to IS NOT NULL)", name="closed"),
        CheckConstraint("valid_to > valid_from", name="validity"),
        CheckConstraint("(name_approval_reason IS NULL) = (name_approval_document IS NULL)", name="name_approval"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[Key]
    division: Mapped[Code]
    level: Mapped[String]
    kind: Mapped[String]
    name: Mapped[String]
    name_source: Mapped[String]
    name_mark: Mapped[String]
    name_approval_reason: Mapped[String | None]
    name_approval_document: Mapped[String | None]
    status: Mapped[String]
    leadership_division: Mapped[Code]
    guidance_division: Mapped[Code | None]
    phone: Mapped[String | None]
    form: Mapped[String | None]
    platform: Mapped[String | None]
    legal_nature: Mapped[String | None]
    uscc: Mapped[String | None]
    management_mode: Mapped[String | None]
    provision_mode: Mapped[String | None]
    duties: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    merged_into: Mapped[UUID | None]
    sign_version: Mapped[String | None]
    sign_photo: Mapped[String | None]
    sign_installed_on: Mapped[date | None]
    change_reason: Mapped[String | None]
    change_document: Mapped[String | None]
    search_terms: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    effective_on: Mapped[date] = mapped_column(server_default=text("'2023-06-30'"))
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    @validates("version")
    def _forget_reason(self, _name: str, version: int) -> int:
        """A reason is that of one version; whoever writes the next one gives its own."""
        self.change_reason = self.change_document = None
        return version


class OfficeFacet(Base):
    """What a list of offices is narrowed down by, as readiness was worked out last. Source: O2.3, S2."""

    __tablename__ = "office_facets"
    __table_args__ = (
        Index(None, "readiness"),
        Index("ix_office_facets_missing_equipment", "missing_equipment", postgresql_using="gin"),
    )

    office_id: Mapped[Key]
    readiness: Mapped[String]
    missing_equipment: Mapped[list[str]] = mapped_column(postgresql.ARRAY(Text))


class NamingReportEntry(Base):
    """One division without a name, and why; `office_id` is the office that people gave it since.

    Source: O2.1b, ADR 0006.
    """

    __tablename__ = "naming_report_entries"
    __table_args__ = (UniqueConstraint("code", "level"),)

    id: Mapped[Key]
    code: Mapped[Code]
    level: Mapped[String]
    division_name: Mapped[String]
    reason: Mapped[String]
    reported_on: Mapped[date]
    office_id: Mapped[UUID | None]
