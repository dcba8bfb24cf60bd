"""Numbers of receipts; how offices are reached and who guides them.

The columns begin empty. Rows that stand are filled by the consumer of this release: while a row lacks them, it reads
the registry's topic of offices from its beginning (`common.directory.find_untold`). Stored positions stay: an older
release that still runs beside this one would read everything again, and take nothing of it.
"""

import sqlalchemy as sa
from alembic import op

from common.directory import REACH_DDL

revision = "20261122_2107"
down_revision = "20261122_2106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in REACH_DDL:
        op.execute(statement)
    op.create_table(
        "receipt_serials",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("division", sa.CHAR(12, collation="C"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "division", "day", name=op.f("pk_receipt_serials")),
    )


def downgrade() -> None:
    op.drop_table("receipt_serials")
    for column in ("reach_version", "guidance_division", "phone", "uscc"):
        op.drop_column("directory_offices", column)
