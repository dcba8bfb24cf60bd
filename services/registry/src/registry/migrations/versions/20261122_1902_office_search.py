"""What offices are found by: pinyin, initials, USCC, facets."""

revision = "20261122_1902"
down_revision = "20261122_1901"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
