"""The offices that a sample is drawn from, frozen."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0106"
down_revision = "20261123_0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_frames",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("inspection_id", "office_id", name=op.f("pk_inspection_frames")),
    )
    op.create_table(
        "casework_ledger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casework_ledger")),
    )
    op.create_index(op.f("ix_casework_ledger_division_id"), "casework_ledger", ["division", "id"])


def downgrade() -> None:
    op.drop_table("casework_ledger")
    op.drop_table("inspection_frames")
