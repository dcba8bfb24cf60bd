"""How offices are reached and who guides them.

The columns begin empty. Rows that stand are filled by the consumer of this release: while a row lacks them, it reads
the registry's topic of offices from its beginning (`common.directory.find_untold`). Stored positions stay: an older
release that still runs beside this one would read everything again, and take nothing of it.
"""

from alembic import op

from common.directory import REACH_DDL

revision = "20261122_2107"
down_revision = "20261122_1951"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in REACH_DDL:
        op.execute(statement)


def downgrade() -> None:
    for column in ("reach_version", "guidance_division", "phone", "uscc"):
        op.drop_column("directory_offices", column)
