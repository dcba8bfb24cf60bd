"""Posts of the whole province by pseudonym, and tasks done."""

revision = "20261122_1904"
down_revision = "20261122_1903"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
