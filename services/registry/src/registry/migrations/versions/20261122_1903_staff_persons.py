"""The persons behind posts, encrypted."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1903"
down_revision = "20261122_1902"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.CHAR(length=64, collation="C"), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("qualifications", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_staff_persons_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_persons")),
    )
    op.create_index(op.f("ix_staff_persons_id_number_index"), "staff_persons", ["id_number_index"])
    op.create_index(op.f("ix_staff_persons_pseudonym"), "staff_persons", ["pseudonym"])


def downgrade() -> None:
    op.drop_table("staff_persons")
