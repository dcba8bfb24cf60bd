"""The persons behind posts, encrypted."""

revision = "20261122_1903"
down_revision = "20261122_1902"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
