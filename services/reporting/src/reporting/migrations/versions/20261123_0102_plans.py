"""Nothing: plans, filings and documents are records."""

revision = "20261123_0102"
down_revision = "20261123_0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
