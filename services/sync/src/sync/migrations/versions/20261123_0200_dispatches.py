"""Nothing yet: the place of dispatches in the chain."""

revision = "20261123_0200"
down_revision = "20261122_2107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
