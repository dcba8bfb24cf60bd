"""Changes of divisions, with predecessors and successors; a code begins once and is never reused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_1901"
down_revision = "20261122_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "division_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_changes")),
    )
    op.create_index(op.f("ix_division_changes_division_id"), "division_changes", ["division", "id"])
    for name in ("predecessors", "successors"):
        codes = sa.Column(name, sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
        op.add_column("divisions", codes)
    op.add_column("divisions", sa.Column("change_id", sa.Uuid(), nullable=True))
    op.add_column("divisions", sa.Column("is_first", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.create_index(
        "uq_divisions_code_level_first",
        "divisions",
        ["code", "level"],
        unique=True,
        postgresql_where=sa.text("is_first"),
    )
    op.create_check_constraint(op.f("ck_divisions_first"), "divisions", "is_first OR code::text = ANY (predecessors)")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_divisions_first"), "divisions", type_="check")
    op.drop_index("uq_divisions_code_level_first", "divisions")
    for name in ("is_first", "change_id", "successors", "predecessors"):
        op.drop_column("divisions", name)
    op.drop_table("division_changes")
