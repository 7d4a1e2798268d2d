"""What people say on cards and pages: seats, feedback, sealed notes and thanks, forums, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "channels",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("conversation_id", sa.String(length=500), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "notices",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", "person_id", "kind", name=op.f("pk_notices")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_parent"), "posts", ["parent"], unique=False)
    op.create_index(op.f("ix_posts_programme"), "posts", ["programme"], unique=False)
    op.create_table(
        "unreachable",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_unreachable")),
    )
    op.create_table(
        "feedback",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("met", sa.String(length=10), nullable=False),
        sa.Column("again", sa.String(length=10), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_feedback_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "group_number", "person_id", name=op.f("pk_feedback")),
    )
    op.create_table(
        "notes",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_notes_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", "group_number", "person_id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_person_id", "notes", ["person_id"], unique=False)
    op.create_table(
        "seats",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_seats_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", "group_number", "person_id", name=op.f("pk_seats")),
    )
    op.create_table(
        "thanks",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.String(length=100), nullable=False),
        sa.Column("to_id", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_thanks_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "group_number", "from_id", "to_id", name=op.f("pk_thanks")
        ),
    )
