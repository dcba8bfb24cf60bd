"""What offices are found by: pinyin and initials, single characters, USCC, facets; and why an office changed last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "20261122_1902"
down_revision = "20261122_1901"
branch_labels = None
depends_on = None

_FORGET = """
CREATE FUNCTION forget_search_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name <> OLD.name AND NEW.search_terms IS NOT DISTINCT FROM OLD.search_terms THEN
        NEW.search_terms := NULL;
    END IF;
    RETURN NEW;
END
$$
"""
_TRIGGER = (
    "CREATE TRIGGER forget_search_terms BEFORE UPDATE OF name ON offices "
    "FOR EACH ROW EXECUTE FUNCTION forget_search_terms()"
)


def upgrade() -> None:
    op.add_column("offices", sa.Column("search_terms", TSVECTOR(), nullable=True))
    op.add_column("offices", sa.Column("change_reason", sa.Text(), nullable=True))
    op.add_column("offices", sa.Column("change_document", sa.Text(), nullable=True))
    op.execute(_FORGET)
    op.execute(_TRIGGER)
    op.create_index("ix_offices_search_terms", "offices", ["search_terms"], postgresql_using="gin")
    op.create_index(
        "ix_offices_characters", "offices", [sa.text("string_to_array(name, NULL)")], postgresql_using="gin"
    )
    op.create_index("ix_offices_uscc", "offices", ["uscc"], postgresql_ops={"uscc": "text_pattern_ops"})
    op.create_index("ix_offices_unread", "offices", ["id"], postgresql_where=sa.text("search_terms IS NULL"))
    op.create_table(
        "office_facets",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("readiness", sa.Text(), nullable=False),
        sa.Column("missing_equipment", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office_facets")),
    )
    op.create_index(op.f("ix_office_facets_readiness"), "office_facets", ["readiness"])
    op.create_index(
        "ix_office_facets_missing_equipment", "office_facets", ["missing_equipment"], postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_table("office_facets")
    for name in ("ix_offices_unread", "ix_offices_uscc", "ix_offices_characters", "ix_offices_search_terms"):
        op.drop_index(name, table_name="offices")
    op.execute("DROP TRIGGER forget_search_terms ON offices")
    op.execute("DROP FUNCTION forget_search_terms()")
    for name in ("change_document", "change_reason", "search_terms"):
        op.drop_column("offices", name)
