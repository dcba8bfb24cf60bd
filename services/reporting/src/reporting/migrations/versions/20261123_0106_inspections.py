"""Nothing yet: the place of inspections in the chain."""

revision = "20261123_0106"
down_revision = "20261123_0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
