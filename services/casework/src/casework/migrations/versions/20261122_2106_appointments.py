"""Slots, holds of persons, tickets and their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2106"
down_revision = "20261122_2105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _appointments()
    _queues()


def _appointments() -> None:
    op.create_table(
        "appointment_slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.CheckConstraint("booked BETWEEN 0 AND capacity", name=op.f("ck_appointment_slots_booked")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_appointment_slots_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_slots")),
        sa.UniqueConstraint("office_id", "day", "starts", name=op.f("uq_appointment_slots_office_id_day_starts")),
    )
    op.create_index(
        op.f("ix_appointment_slots_division_day_starts"), "appointment_slots", ["division", "day", "starts"]
    )
    op.create_table(
        "appointment_holds",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_index", sa.LargeBinary(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "day", "person_index", name=op.f("pk_appointment_holds")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_appointment_holds_booking_id")),
    )


def _queues() -> None:
    op.create_table(
        "queue_series",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "day", "duty", name=op.f("pk_queue_series")),
    )
    op.create_table(
        "queue_tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("booked_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=True),
        sa.Column("window_number", sa.Text(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("serving_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'called', 'serving', 'skipped', 'finished')", name=op.f("ck_queue_tickets_status")
        ),
        sa.CheckConstraint("(window_id IS NULL) = (status = 'waiting')", name=op.f("ck_queue_tickets_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_tickets")),
        sa.UniqueConstraint(
            "office_id", "day", "duty", "number", name=op.f("uq_queue_tickets_office_id_day_duty_number")
        ),
    )
    op.create_index(
        "ix_queue_tickets_waiting", "queue_tickets", ["office_id", "day", "taken_at", "id"],
        postgresql_where=sa.text("status = 'waiting'"),
    )  # fmt: skip
    op.create_index(
        "uq_queue_tickets_at_window", "queue_tickets", ["window_id", "day"], unique=True,
        postgresql_where=sa.text("status IN ('called', 'serving')"),
    )  # fmt: skip
    op.create_index(op.f("ix_queue_tickets_division_day"), "queue_tickets", ["division", "day"])


def downgrade() -> None:
    for table in ("queue_tickets", "queue_series", "appointment_holds", "appointment_slots"):
        op.drop_table(table)
