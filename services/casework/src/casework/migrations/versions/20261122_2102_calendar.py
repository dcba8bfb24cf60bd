"""Working days in versions; how far open cases were brought to a notice, and whose due date it moved."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2102"
down_revision = "20261122_2101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("mark IN ('V', 'P', 'K')", name=op.f("ck_calendar_versions_mark")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("ordinal", name=op.f("uq_calendar_versions_ordinal")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["calendar_versions.id"], name=op.f("fk_calendar_years_version_calendar_versions")
        ),
        sa.PrimaryKeyConstraint("version", "year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'in_lieu', 'make_up')", name=op.f("ck_calendar_days_kind")),
        sa.ForeignKeyConstraint(
            ["version"], ["calendar_versions.id"], name=op.f("fk_calendar_days_version_calendar_versions")
        ),
        sa.PrimaryKeyConstraint("version", "year", "day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "holiday_recalculations",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_holiday_recalculations")),
    )
    op.create_table(
        "due_date_changes",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("statutory_before", sa.Date(), nullable=True),
        sa.Column("statutory_after", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("notice_id", "case_id", name=op.f("pk_due_date_changes")),
    )


def downgrade() -> None:
    for table in ("due_date_changes", "holiday_recalculations", "calendar_days", "calendar_years", "calendar_versions"):
        op.drop_table(table)
