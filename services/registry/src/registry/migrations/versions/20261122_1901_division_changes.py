"""Changes of divisions, with predecessors and successors."""

revision = "20261122_1901"
down_revision = "20261122_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
