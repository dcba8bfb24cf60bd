"""Rule texts and the log of publications: they live in the store of records, so nothing is made here."""

revision = "20261122_2104"
down_revision = "20261122_2103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
