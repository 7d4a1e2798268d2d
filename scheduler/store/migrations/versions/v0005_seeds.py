"""Seeds have 32 bits and no sign, which PostgreSQL's INTEGER does not hold."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Widen the column; SQLite's holds any integer."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("rounds", "seed", type_=sa.BigInteger(), existing_nullable=False)
