"""First tables: what common brings, accepted cases and figures, completeness, freshness."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from common.audit import AUDIT_DDL
from common.consumer import DEAD_LETTERS_DDL
from common.directory import DIRECTORY_DDL
from common.inbox import INBOX_DDL
from common.outbox import OUTBOX_DDL

revision = "20261122_1600"
down_revision = None
branch_labels = None
depends_on = None

DIVISION = sa.CHAR(12, collation="C")
CODE = sa.Text(collation="C")
INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for statement in (*OUTBOX_DDL, *AUDIT_DDL, *INBOX_DDL, *DEAD_LETTERS_DDL, *DIRECTORY_DDL):
        op.execute(statement)
    op.create_index("ix_directory_divisions_parent_code", "directory_divisions", ["parent_code"])
    _figures()
    _completeness()
    op.create_table(
        "freshness",
        sa.Column("level", CODE, nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("level", name=op.f("pk_freshness")),
    )


def _figures() -> None:
    op.create_table(
        "accepted_cases",
        sa.Column("level", CODE, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("duty", CODE, nullable=False),
        sa.Column("item_code", CODE, nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("level", "case_id", name=op.f("pk_accepted_cases")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "figures",
        sa.Column("level", CODE, nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("duty", CODE, nullable=False),
        sa.Column("item_code", CODE, nullable=False),
        sa.Column("measure", CODE, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "division", "day", "duty", "item_code", "measure", name=op.f("pk_figures")),
        postgresql_with={"fillfactor": 70},
    )


def _completeness() -> None:
    op.create_table(
        "places",
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("is_expected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("division", name=op.f("pk_places")),
    )
    op.create_table(
        "place_days",
        sa.Column("level", CODE, nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "division", "day", name=op.f("pk_place_days")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "expected_places",
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("division", name=op.f("pk_expected_places")),
    )
    op.create_table(
        "reported_places",
        sa.Column("level", CODE, nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "division", "day", name=op.f("pk_reported_places")),
        postgresql_with={"fillfactor": 70},
    )


def downgrade() -> None:
    message = "the first revision is the ground: drop the database instead"
    raise RuntimeError(message)
