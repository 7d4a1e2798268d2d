"""What rules cost a plan, and what a card shows, so that it is changed when that does."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("plans", sa.Column("prices", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("shown", sa.String(length=64), nullable=True))
