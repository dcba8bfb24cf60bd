"""Cases of one item in the order of their lists, and what was closed in a time, each found without a walk."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0310"
down_revision = "20261123_0300"
branch_labels = None
depends_on = None

_DUE = sa.text("coalesce(due_on, 'infinity'::date)")
_IS_OPEN = sa.text("status IN ('registered', 'supplementing', 'accepted')")
_ENDED_BY_WORK = sa.text("status = 'closed' AND closing_result NOT IN ('voided', 'deleted')")


def upgrade() -> None:
    op.create_index(op.f("ix_cases_item_code_registered_at_id"), "cases", ["item_code", "registered_at", "id"])
    op.create_index("ix_cases_item_due", "cases", ["item_code", _DUE, "id"], postgresql_where=_IS_OPEN)
    op.create_index(
        "ix_cases_division_closed", "cases", ["division", "closed_at"],
        postgresql_include=["is_on_time", "handled_by"], postgresql_where=_ENDED_BY_WORK,
    )  # fmt: skip


def downgrade() -> None:
    for name in ("ix_cases_division_closed", "ix_cases_item_due", "ix_cases_item_code_registered_at_id"):
        op.execute(f"-- squawk-ignore require-concurrent-index-deletion\nDROP INDEX {name}")
