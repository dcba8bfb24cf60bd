"""Nothing yet: the place of case_files in the chain."""

revision = "20261123_0300"
down_revision = "20261122_2113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
