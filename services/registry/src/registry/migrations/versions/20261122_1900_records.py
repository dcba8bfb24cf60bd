"""Records with their history, and what an office is beside its name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_1900"
down_revision = "20261122_1600"
branch_labels = None
depends_on = None

_OFFICE_TEXTS = (
    "form",
    "platform",
    "legal_nature",
    "uscc",
    "management_mode",
    "provision_mode",
    "sign_version",
    "sign_photo",
)
_STATE_OF_OFFICE = ", ".join(
    f"'{name}', {name}"
    for name in (
        "id",
        "division",
        "level",
        "kind",
        "name",
        "status",
        "version",
        "leadership_division",
        "guidance_division",
        "phone",
        "valid_from",
        "valid_to",
        "effective_on",
    )
)


def upgrade() -> None:
    _offices()
    _records()
    op.execute(
        "INSERT INTO record_versions (id, version, record, office_id, division, effective_on, state) "  # noqa: S608
        "SELECT id, version, 'registry.office', id, division, effective_on, "
        f"jsonb_build_object({_STATE_OF_OFFICE}) FROM offices"
    )


def _offices() -> None:
    for name in _OFFICE_TEXTS:
        op.add_column("offices", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("offices", sa.Column("duties", sa.ARRAY(sa.Text()), nullable=True))
    op.add_column("offices", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("offices", sa.Column("sign_installed_on", sa.Date(), nullable=True))
    first_day = sa.text("'2023-06-30'")
    op.add_column("offices", sa.Column("effective_on", sa.Date(), server_default=first_day, nullable=False))
    op.execute(
        "UPDATE offices SET effective_on = greatest(valid_from, (updated_at AT TIME ZONE 'Asia/Shanghai')::date)"
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
    )
    op.create_index(op.f("ix_records_office_id_record"), "records", ["office_id", "record"])
    op.create_index(op.f("ix_records_record_division_id"), "records", ["record", "division", "id"])
    op.create_index(
        "ix_records_state", "records", ["state"], postgresql_using="gin", postgresql_ops={"state": "jsonb_path_ops"}
    )
    op.create_index(
        "uq_records_office_year",
        "records",
        ["record", "office_id", sa.text("(state ->> 'year')")],
        unique=True,
        postgresql_where=sa.text("record IN ('registry.budget-line', 'registry.town-supplement')"),
    )
    op.create_index(
        "uq_records_one_per_office",
        "records",
        ["record", "office_id"],
        unique=True,
        postgresql_where=sa.text(
            "record IN ('registry.establishment', 'registry.staffing-requirement', 'registry.readiness', "
            "'registry.baseline-survey')"
        ),
    )
    op.create_table(
        "record_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_record_versions")),
    )
    op.create_index(
        op.f("ix_record_versions_office_id_record_effective_on"),
        "record_versions",
        ["office_id", "record", "effective_on"],
    )
    op.create_table(
        "office_marks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_marks")),
    )


def downgrade() -> None:
    op.drop_table("office_marks")
    op.drop_table("record_versions")
    op.drop_table("records")
    for name in (*_OFFICE_TEXTS, "duties", "merged_into", "sign_installed_on", "effective_on"):
        op.drop_column("offices", name)
