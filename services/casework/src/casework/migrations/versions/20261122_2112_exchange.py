"""How often a case was sent in one form of exchange."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2112"
down_revision = "20261122_2111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_sendings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_exchange_sendings_number")),
        sa.PrimaryKeyConstraint("case_id", "form", name=op.f("pk_exchange_sendings")),
    )


def downgrade() -> None:
    op.drop_table("exchange_sendings")
