"""Imports, with their progress and their errors."""

revision = "20261122_1905"
down_revision = "20261122_1904"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
