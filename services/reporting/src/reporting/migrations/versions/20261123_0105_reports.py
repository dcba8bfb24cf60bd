"""Who reports in which period and how far it is, every version of every report, and the lines that are in force."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0105"
down_revision = "20261123_0104"
branch_labels = None
depends_on = None

DIVISION = sa.CHAR(12, collation="C")
CODE = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_periods")),
    )
    op.create_index(op.f("ix_report_periods_programme_id_as_of"), "report_periods", ["programme_id", "as_of"])
    op.create_table(
        "report_places",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("parent", DIVISION, nullable=False),
        sa.Column("is_top", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=True),
        sa.Column("first_submitted_at", INSTANT, nullable=True),
        sa.Column("approved_edition", sa.Integer(), nullable=True),
        sa.Column("approved_version", sa.Integer(), nullable=True),
        sa.Column("reminded", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("period_id", "division", name=op.f("pk_report_places")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(op.f("ix_report_places_period_id_parent"), "report_places", ["period_id", "parent"])
    op.create_index(op.f("ix_report_places_division"), "report_places", ["division"])
    op.create_index(
        op.f("ix_report_places_due_on"), "report_places", ["due_on"],
        postgresql_where=sa.text("first_submitted_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "report_versions",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("first_submitted_at", INSTANT, nullable=True),
        sa.Column("approved_edition", sa.Integer(), nullable=True),
        sa.Column("act", CODE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("period_id", "division", "version", name=op.f("pk_report_versions")),
    )
    op.create_table(
        "report_lines",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("line", CODE, nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("own", sa.Numeric(), nullable=True),
        sa.Column("below", sa.Numeric(), nullable=True),
        sa.Column("total", sa.Numeric(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("computed", sa.Numeric(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("period_id", "line", "division", name=op.f("pk_report_lines")),
    )
    op.create_table(
        "report_bases",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("below", DIVISION, nullable=False),
        sa.Column("below_edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period_id", "division", "edition", "below", name=op.f("pk_report_bases")),
    )


def downgrade() -> None:
    for table in ("report_bases", "report_lines", "report_versions", "report_places", "report_periods"):
        op.drop_table(table)
