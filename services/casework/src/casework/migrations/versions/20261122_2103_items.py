"""The catalogue in versions, each with its terms; what lower levels promise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2103"
down_revision = "20261122_2102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_versions",
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("applicants", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("village", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("guide", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("effective_to >= effective_from", name=op.f("ck_item_versions_validity")),
        sa.CheckConstraint("origin IN ('packaged', 'province')", name=op.f("ck_item_versions_origin")),
        sa.CheckConstraint("town IN ('handle', 'accept', 'none')", name=op.f("ck_item_versions_town")),
        sa.CheckConstraint("village IN ('handle', 'accept', 'none')", name=op.f("ck_item_versions_village")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_item_versions")),
    )
    op.create_table(
        "item_promises",
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_item_promises_value")),
        sa.CheckConstraint("unit IN ('working_days', 'calendar_days')", name=op.f("ck_item_promises_unit")),
        sa.PrimaryKeyConstraint("code", "division", "number", name=op.f("pk_item_promises")),
    )


def downgrade() -> None:
    op.drop_table("item_promises")
    op.drop_table("item_versions")
