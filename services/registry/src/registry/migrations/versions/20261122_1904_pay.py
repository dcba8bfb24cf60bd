"""Posts of the whole province by pseudonym, and tasks done."""

import sqlalchemy as sa
from alembic import op

from common.consumer import DEAD_LETTERS_DDL
from common.inbox import INBOX_DDL

revision = "20261122_1904"
down_revision = "20261122_1903"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in (*INBOX_DDL, *DEAD_LETTERS_DDL):
        op.execute(statement)
    _tasks()
    _province()
    op.create_table(
        "pay_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_checks")),
    )


def _tasks() -> None:
    op.create_table(
        "pay_tasks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=True),
        sa.Column("staff_member_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("quality_permille", sa.Integer(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('open', 'accepted', 'rejected', 'withdrawn')", name=op.f("ck_pay_tasks_status")),
        sa.CheckConstraint("status <> 'accepted' OR quality_permille IS NOT NULL", name=op.f("ck_pay_tasks_quality")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_pay_tasks_version")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_pay_tasks")),
    )
    op.create_index(op.f("ix_pay_tasks_division_closed_on"), "pay_tasks", ["division", "closed_on"])
    op.create_index(op.f("ix_pay_tasks_office_id_closed_on"), "pay_tasks", ["office_id", "closed_on"])
    op.create_table(
        "paid_tasks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("pay_run_id", sa.Uuid(), nullable=False),
        sa.Column("staff_member_id", sa.Uuid(), nullable=False),
        sa.Column("rate_id", sa.Uuid(), nullable=False),
        sa.Column("rate_fen", sa.BigInteger(), nullable=False),
        sa.Column("quality_permille", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_paid_tasks")),
    )
    op.create_index(op.f("ix_paid_tasks_pay_run_id_staff_member_id"), "paid_tasks", ["pay_run_id", "staff_member_id"])


def _province() -> None:
    op.create_table(
        "province_posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("staff_type", sa.Text(), nullable=False),
        sa.Column("is_public_employee", sa.Boolean(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_province_posts")),
    )
    op.create_index(op.f("ix_province_posts_pseudonym"), "province_posts", ["pseudonym"])
    op.create_table(
        "province_public_employees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("employed_from", sa.Date(), nullable=False),
        sa.Column("employed_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_public_employees")),
    )
    op.create_index(op.f("ix_province_public_employees_pseudonym"), "province_public_employees", ["pseudonym"])
    op.create_table(
        "province_pay",
        sa.Column("pay_run_id", sa.Uuid(), nullable=False),
        sa.Column("staff_member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pay_run_id", "staff_member_id", name=op.f("pk_province_pay")),
    )
    op.create_index(op.f("ix_province_pay_pseudonym"), "province_pay", ["pseudonym"])


def downgrade() -> None:
    for name in (
        "pay_checks",
        "province_pay",
        "province_public_employees",
        "province_posts",
        "paid_tasks",
        "pay_tasks",
        "dead_letters",
        "bus_positions",
    ):
        op.drop_table(name)
