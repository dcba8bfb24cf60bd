"""The tables that every service has, divisions, offices, and what the first load left to people."""

import sqlalchemy as sa
from alembic import op

from common.audit import AUDIT_DDL
from common.http import IDEMPOTENCY_DDL
from common.outbox import OUTBOX_DDL

revision = "20261122_1600"
down_revision = None
branch_labels = None
depends_on = None

_NAME_PAIRS = """
CREATE FUNCTION name_pairs(name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    pairs text[] := '{}';
BEGIN
    FOR i IN 1 .. char_length(name) - 1 LOOP
        pairs[i] := substr(name, i, 2);
    END LOOP;
    RETURN pairs;
END
$$
"""


def upgrade() -> None:
    for statements in (OUTBOX_DDL, AUDIT_DDL, IDEMPOTENCY_DDL):
        for statement in statements:
            op.execute(statement)
    _divisions()
    _offices()
    _first_load()


def _divisions() -> None:
    op.create_table(
        "divisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.CHAR(length=12, collation="C"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'county', 'town', 'village')", name=op.f("ck_divisions_level")
        ),
        sa.CheckConstraint("kind <> 'filler' OR level = 'county'", name=op.f("ck_divisions_filler")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_divisions_validity")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_divisions_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_divisions")),
        sa.UniqueConstraint("code", "level", "valid_from", name=op.f("uq_divisions_code_level_valid_from")),
    )
    op.create_index(
        "uq_divisions_code_level_open",
        "divisions",
        ["code", "level"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(op.f("ix_divisions_parent_code_code"), "divisions", ["parent_code", "code"])


def _offices() -> None:
    op.execute(_NAME_PAIRS)
    op.create_table(
        "offices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_source", sa.Text(), nullable=False),
        sa.Column("name_mark", sa.Text(), nullable=False),
        sa.Column("name_approval_reason", sa.Text(), nullable=True),
        sa.Column("name_approval_document", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("leadership_division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("guidance_division", sa.CHAR(length=12, collation="C"), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("level IN ('province', 'city', 'county', 'town', 'village')", name=op.f("ck_offices_level")),
        sa.CheckConstraint("kind IN ('bureau', 'service_office', 'service_station')", name=op.f("ck_offices_kind")),
        sa.CheckConstraint(
            "status IN ('planned', 'building', 'operating', 'suspended', 'closed')", name=op.f("ck_offices_status")
        ),
        sa.CheckConstraint("(status = 'closed') = (valid_to IS NOT NULL)", name=op.f("ck_offices_closed")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_offices_validity")),
        sa.CheckConstraint(
            "(name_approval_reason IS NULL) = (name_approval_document IS NULL)", name=op.f("ck_offices_name_approval")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_offices_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
    )
    op.create_index(
        "uq_offices_division_open",
        "offices",
        ["division"],
        unique=True,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(op.f("ix_offices_division_id"), "offices", ["division", "id"])
    op.create_index("ix_offices_name_pairs", "offices", [sa.text("name_pairs(name)")], postgresql_using="gin")


def _first_load() -> None:
    op.create_table(
        "naming_report_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("division_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_naming_report_entries")),
        sa.UniqueConstraint("code", "level", name=op.f("uq_naming_report_entries_code_level")),
    )
    op.create_table(
        "seed_loads",
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_seed_loads")),
    )


def downgrade() -> None:
    message = "the first revision is the ground: drop the database instead"
    raise RuntimeError(message)
