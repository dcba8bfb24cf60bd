"""Every version of a programme; the keys under which creating requests may be sent again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from common.http import IDEMPOTENCY_DDL

revision = "20261123_0101"
down_revision = "20261123_0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in IDEMPOTENCY_DDL:
        op.execute(statement)
    op.create_table(
        "programme_versions",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "version", name=op.f("pk_programme_versions")),
    )


def downgrade() -> None:
    op.drop_table("programme_versions")
    op.execute("DROP TABLE idempotency_keys")
