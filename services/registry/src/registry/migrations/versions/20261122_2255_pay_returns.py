"""What has come back of settled pay, anywhere in the province."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2255"
down_revision = "20261122_1953"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "province_returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pay_run_id", sa.Uuid(), nullable=False),
        sa.Column("staff_member_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_returns")),
    )
    op.create_index(op.f("ix_province_returns_pseudonym"), "province_returns", ["pseudonym"])


def downgrade() -> None:
    op.drop_table("province_returns")
