"""Files outside the database: which of them is whose."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2105"
down_revision = "20261122_2104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload_files",
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_upload_files")),
        sa.UniqueConstraint("upload_id", name=op.f("uq_upload_files_upload_id")),
    )


def downgrade() -> None:
    op.drop_table("upload_files")
