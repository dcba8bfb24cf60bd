"""Histories are found by division, in the order of their lists."""

from alembic import op

revision = "20261122_2310"
down_revision = "20261122_2255"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_record_versions_division_id"), "record_versions", ["division", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_record_versions_division_id"), table_name="record_versions")
