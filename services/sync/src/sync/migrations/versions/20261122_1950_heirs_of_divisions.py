"""Who took over the divisions that are no more."""

from alembic import op

from common.directory import HEIRS_DDL

revision = "20261122_1950"
down_revision = "20261122_0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in HEIRS_DDL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("directory_heirs")
