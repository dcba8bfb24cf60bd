"""The life of a case whole: stages, ledger, holder, number.

The columns keep their defaults, so that pods of the release before can go on writing while this one comes.

Cases of before get what lists ask for: their office as holder, their id as number. Their file is made when they are
read (`cases.repository.rows`), as for those that such a pod still registers.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2101"
down_revision = "20261122_2100"
branch_labels = None
depends_on = None

_OPEN = "status IN ('registered', 'supplementing', 'accepted')"
_DUE = sa.text("coalesce(due_on, 'infinity'::date)")

_FILL = """
UPDATE cases SET
    changed_at = coalesce(closed_at, withdrawn_at, refused_at, accepted_at, registered_at),
    case_number = 'JC-' || id,
    holder = 'office:' || division,
    holder_division = division,
    offered_division = CASE WHEN status IN ('registered', 'accepted') THEN division END
WHERE case_number = ''
"""


def upgrade() -> None:
    op.execute("CREATE SEQUENCE case_serials")
    for column in (
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00+00"),
        sa.Column("case_number", sa.Text(collation="C"), nullable=False, server_default=""),
        sa.Column("channel", sa.Text(), nullable=False, server_default="window"),
        sa.Column("handling", sa.Text(), nullable=False, server_default="promised"),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("is_deemed_accepted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_favourable", sa.Boolean(), nullable=True),
        sa.Column("is_on_time", sa.Boolean(), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("statutory_due_on", sa.Date(), nullable=True),
        sa.Column("step_due_on", sa.Date(), nullable=True),
        sa.Column("is_due_provisional", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("holder", sa.Text(collation="C"), nullable=False, server_default=""),
        sa.Column("holder_division", sa.CHAR(length=12, collation="C"), nullable=False, server_default=""),
        sa.Column("offered_division", sa.CHAR(length=12, collation="C"), nullable=True),
        sa.Column("file", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}"),
    ):
        op.add_column("cases", column)
    op.execute(_FILL)
    # The release before writes no numbers: what it still registers while this one comes gets one that nobody else has.
    op.alter_column("cases", "case_number", server_default=sa.text("('JC-'::text || gen_random_uuid())"))
    _constraints()
    _indexes()


def _constraints() -> None:
    statuses = "'registered', 'supplementing', 'accepted', 'refused', 'withdrawn', 'closed'"
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE cases DROP CONSTRAINT ck_cases_status")
    for name, rule in (("ck_cases_status", f"status IN ({statuses})"),):
        op.execute(f"ALTER TABLE cases ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
        op.execute(f"-- squawk-ignore constraint-missing-not-valid\nALTER TABLE cases VALIDATE CONSTRAINT {name}")


def _indexes() -> None:
    is_open = sa.text(_OPEN)
    op.execute("-- squawk-ignore require-concurrent-index-deletion\nDROP INDEX ix_cases_open")
    op.create_index("ix_cases_open", "cases", ["division", "registered_at", "id"], postgresql_where=is_open)
    op.create_index("ix_cases_due", "cases", [_DUE, "id", "division"], postgresql_where=is_open)
    op.create_index("ix_cases_registered_due", "cases", [_DUE, "id"], postgresql_where=sa.text("status = 'registered'"))
    for column in ("division", "holder", "holder_division"):
        op.create_index(f"ix_cases_{column}_due", "cases", [column, _DUE, "id"], postgresql_where=is_open)
    op.create_index(
        "ix_cases_offered_division", "cases", ["offered_division"],
        postgresql_where=sa.text("offered_division IS NOT NULL"),
    )  # fmt: skip
    op.create_index("uq_cases_case_number", "cases", ["case_number"], unique=True)
    op.create_index(
        op.f("ix_cases_application_id"), "cases", ["application_id"],
        postgresql_where=sa.text("application_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    message = "cases have lived on: restore a backup instead"
    raise RuntimeError(message)
