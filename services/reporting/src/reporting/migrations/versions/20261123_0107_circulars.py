"""Nothing yet: the place of circulars in the chain."""

revision = "20261123_0107"
down_revision = "20261123_0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
