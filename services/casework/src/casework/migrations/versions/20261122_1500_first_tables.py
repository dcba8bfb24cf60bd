"""The tables that every service has, the catalogue, and cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from common.audit import AUDIT_DDL
from common.consumer import DEAD_LETTERS_DDL
from common.directory import DIRECTORY_DDL
from common.http import IDEMPOTENCY_DDL
from common.inbox import INBOX_DDL
from common.outbox import OUTBOX_DDL

revision = "20261122_1500"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statements in (OUTBOX_DDL, AUDIT_DDL, INBOX_DDL, DEAD_LETTERS_DDL, DIRECTORY_DDL, IDEMPOTENCY_DDL):
        for statement in statements:
            op.execute(statement)
    _catalogue()
    _cases()


def _catalogue() -> None:
    op.create_table(
        "duties",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("competent_authority", sa.Text(), nullable=False),
        sa.Column("office_role", sa.Text(), nullable=False),
        sa.CheckConstraint("effective_to > effective_from", name=op.f("ck_duties_validity")),
        sa.PrimaryKeyConstraint("code", "effective_from", name=op.f("pk_duties")),
    )
    op.create_table(
        "items",
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("applicants", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("village", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("guide", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("effective_to > effective_from", name=op.f("ck_items_validity")),
        sa.CheckConstraint("town IN ('handle', 'accept', 'none')", name=op.f("ck_items_town")),
        sa.CheckConstraint("village IN ('handle', 'accept', 'none')", name=op.f("ck_items_village")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_duty"), "items", ["duty"])
    op.create_table(
        "dictionary_entries",
        sa.Column("dictionary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dictionary", "code", name=op.f("pk_dictionary_entries")),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(collation="C"), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("applicant_kind", sa.Text(), nullable=False),
        sa.Column("applicant_name", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_identifier", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_index", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_phone", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_result", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_cases_version")),
        sa.CheckConstraint(
            "status IN ('registered', 'accepted', 'refused', 'withdrawn', 'closed')", name=op.f("ck_cases_status")
        ),
        sa.CheckConstraint("(status = 'closed') = (closing_result IS NOT NULL)", name=op.f("ck_cases_closing_result")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_registered_at_id_division"), "cases", ["registered_at", "id", "division"])
    op.create_index(op.f("ix_cases_division_registered_at_id"), "cases", ["division", "registered_at", "id"])
    op.create_index(
        "ix_cases_open",
        "cases",
        ["division", "registered_at", "id"],
        postgresql_where=sa.text("status IN ('registered', 'accepted')"),
    )
    op.create_index(
        op.f("ix_cases_applicant_index_registered_at_id"), "cases", ["applicant_index", "registered_at", "id"]
    )


def downgrade() -> None:
    message = "the first revision is the ground: drop the database instead"
    raise RuntimeError(message)
