"""First tables: what common brings, contents of records, states of levels, receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from common.audit import AUDIT_DDL
from common.consumer import DEAD_LETTERS_DDL
from common.directory import DIRECTORY_DDL
from common.http.ddl import IDEMPOTENCY_DDL
from common.inbox import INBOX_DDL
from common.outbox import OUTBOX_DDL

revision = "20261122_0100"
down_revision = None
branch_labels = None
depends_on = None

DIVISION = sa.CHAR(12, collation="C")
INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    shared = (*OUTBOX_DDL, *AUDIT_DDL, *INBOX_DDL, *DEAD_LETTERS_DDL, *DIRECTORY_DDL, *IDEMPOTENCY_DDL)
    for statement in shared:
        op.execute(statement)
    _create_record_payloads()
    _create_level_states()
    _create_receipts()


def _create_record_payloads() -> None:
    op.create_table(
        "record_payloads",
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_type", "record_id", "version", name="pk_record_payloads"),
    )


def _create_level_states() -> None:
    op.create_table(
        "level_states",
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("node", DIVISION, nullable=False),
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("record_type", "record_id", "level", name="pk_level_states"),
    )
    op.create_index(
        "ix_level_states_level_division_record_type_record_id",
        "level_states",
        ["level", "division", "record_type", "record_id"],
    )
    # Room on every page for the next version of its rows: updates touch no index.
    op.execute("ALTER TABLE level_states SET (fillfactor = 80)")


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("division", DIVISION, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("receiver_level", sa.Text(), nullable=False),
        sa.Column("receiver_division", DIVISION, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.CheckConstraint("outcome IN ('accepted', 'duplicate', 'rejected')", name="ck_receipts_outcome"),
        sa.PrimaryKeyConstraint("division", "id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_record_id_version", "receipts", ["record_id", "version"])
    op.create_index(
        "ix_receipts_not_accepted",
        "receipts",
        ["division", "id"],
        postgresql_where=sa.text("outcome <> 'accepted'"),
    )


def downgrade() -> None:
    for table in ("receipts", "level_states", "record_payloads"):
        op.drop_table(table)
    for table in (
        "idempotency_keys",
        "directory_offices",
        "directory_divisions",
        "dead_letters",
        "bus_positions",
        "audit_state",
        "audit_seals",
        "audit_entries",
        "relay_state",
        "outbox",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION audit_refuse_change()")
    op.execute("DROP SEQUENCE outbox_id_seq")
