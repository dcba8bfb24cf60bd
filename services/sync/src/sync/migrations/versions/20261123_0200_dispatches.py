"""Dispatches: what goes down the levels, how each node stands to it, and which divisions change when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0200"
down_revision = "20261122_2107"
branch_labels = None
depends_on = None

DIVISION = sa.CHAR(12, collation="C")
INSTANT = postgresql.TIMESTAMP(timezone=True)
TO_REMIND = (
    "is_addressed AND delivered_at IS NOT NULL AND signed_at IS NULL AND superseded_by IS NULL "
    "AND retired_on IS NULL AND (reminded IS NULL OR reminded > 0)"
)


def upgrade() -> None:
    _create_dispatches()
    _create_dispatch_nodes()
    op.create_table(
        "dispatch_moves",
        sa.Column("code", DIVISION, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("code", "due_on", name="pk_dispatch_moves"),
    )
    op.create_index("ix_dispatch_moves_due_on_code", "dispatch_moves", ["due_on", "code"])


def _create_dispatches() -> None:
    op.create_table(
        "dispatches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("sender", DIVISION, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reference_number", sa.Text(), nullable=True),
        sa.Column("roots", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("down_to", sa.Text(), nullable=False),
        sa.Column("sign_by", sa.Date(), nullable=True),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatches"),
        sa.UniqueConstraint("record_type", "record_id", "version", name="uq_dispatches_record_type_record_id_version"),
    )
    op.create_index("ix_dispatches_sender_occurred_at_id", "dispatches", ["sender", "occurred_at", "id"])


def _create_dispatch_nodes() -> None:
    op.create_table(
        "dispatch_nodes",
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("node", DIVISION, nullable=False),
        sa.Column("parent", DIVISION, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("is_addressed", sa.Boolean(), nullable=False),
        sa.Column("sign_by", sa.Date(), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("dispatch_id", "node", name="pk_dispatch_nodes"),
    )
    op.create_index(
        "ix_dispatch_nodes_node_delivered_at_dispatch_id", "dispatch_nodes", ["node", "delivered_at", "dispatch_id"]
    )
    op.create_index(
        "ix_dispatch_nodes_to_send",
        "dispatch_nodes",
        ["dispatch_id", "parent"],
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_index(
        "ix_dispatch_nodes_to_remind",
        "dispatch_nodes",
        ["sign_by", "dispatch_id", "node"],
        postgresql_where=sa.text(TO_REMIND),
    )


def downgrade() -> None:
    for table in ("dispatch_moves", "dispatch_nodes", "dispatches"):
        op.drop_table(table)
