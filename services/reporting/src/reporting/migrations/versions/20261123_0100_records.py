"""The store of records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0100"
down_revision = "20261122_2107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("subject_index", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
    )
    op.create_index(op.f("ix_records_record_division_id"), "records", ["record", "division", "id"])
    op.create_index(
        op.f("ix_records_record_status_id"), "records", ["record", "status", "id"],
        postgresql_where=sa.text("status IS NOT NULL"),
    )  # fmt: skip
    for columns in (["holder", "record"], ["record", "due_on"], ["subject_index", "record"]):
        optional = next(name for name in columns if name != "record")
        op.create_index(
            op.f(f"ix_records_{'_'.join(columns)}"), "records", columns,
            postgresql_where=sa.text(f"{optional} IS NOT NULL"),
        )  # fmt: skip
    op.create_index(
        "ix_records_state", "records", ["state"], postgresql_using="gin", postgresql_ops={"state": "jsonb_path_ops"}
    )


def downgrade() -> None:
    op.drop_table("records")
