"""Standings of offices and their sums per level, division and day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0103"
down_revision = "20261123_0102"
branch_labels = None
depends_on = None

DIVISION = sa.CHAR(12, collation="C")
CODE = sa.Text(collation="C")
INSTANT = postgresql.TIMESTAMP(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "standings",
        sa.Column("level", CODE, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("level", "record_id", name=op.f("pk_standings")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "standing_states",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_standing_states")),
    )
    op.create_table(
        "standing_periods",
        sa.Column("level", CODE, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("level", "record_id", "version", name=op.f("pk_standing_periods")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        op.f("ix_standing_periods_level_division_record_id"), "standing_periods", ["level", "division", "record_id"]
    )
    op.create_table(
        "standing_sums",
        sa.Column("level", CODE, nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("own", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("level", "division", "day", name=op.f("pk_standing_sums")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "standing_freshness",
        sa.Column("level", CODE, nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("level", name=op.f("pk_standing_freshness")),
    )


def downgrade() -> None:
    for table in ("standing_freshness", "standing_sums", "standing_periods", "standing_states", "standings"):
        op.drop_table(table)
