"""Who is expected to report, by day: every state of every office, and what it means for its place."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1951"
down_revision = "20261122_1950"
branch_labels = None
depends_on = None

DIVISION = sa.CHAR(12, collation="C")
ALWAYS = "0001-01-01"


def upgrade() -> None:
    op.create_table(
        "office_states",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("is_expected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "version", name=op.f("pk_office_states")),
    )
    op.create_index(op.f("ix_office_states_division"), "office_states", ["division"])
    op.create_table(
        "place_periods",
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("division", "since", name=op.f("pk_place_periods")),
    )
    op.create_table(
        "expected_steps",
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("division", "day", name=op.f("pk_expected_steps")),
    )
    op.execute(
        "INSERT INTO office_states (office_id, version, division, effective_on, is_expected) "  # noqa: S608
        f"SELECT id, version, division, '{ALWAYS}', status = 'operating' FROM directory_offices "
        "WHERE kind IN ('service_office', 'service_station')"
    )
    op.execute(
        f"INSERT INTO place_periods (division, since) SELECT division, '{ALWAYS}' FROM places WHERE is_expected"  # noqa: S608
    )
    op.execute(
        f"INSERT INTO expected_steps (division, day, change) SELECT division, '{ALWAYS}', expected FROM expected_places"  # noqa: S608
    )


def downgrade() -> None:
    for table in ("expected_steps", "place_periods", "office_states"):
        op.drop_table(table)
