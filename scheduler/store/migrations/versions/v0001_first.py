"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=100), nullable=False),
        sa.Column("round_id", sa.String(length=120), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_round_id"), "audit", ["round_id"], unique=False)
    op.create_table(
        "choice_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_changes")),
    )
    op.create_index(
        op.f("ix_choice_changes_person_id"), "choice_changes", ["person_id"], unique=False
    )
    op.create_table(
        "choices",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "about", name=op.f("pk_choices")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cancel_message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index(op.f("ix_rounds_programme"), "rounds", ["programme"], unique=False)
    op.create_table(
        "answers",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=320), nullable=False),
        sa.Column("response", sa.String(length=30), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_answers_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "group_number", "who", name=op.f("pk_answers")),
    )
    op.create_table(
        "bookings",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("organiser", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=500), nullable=True),
        sa.Column("ical_uid", sa.String(length=500), nullable=True),
        sa.Column("join_url", sa.Text(), nullable=True),
        sa.Column("web_link", sa.Text(), nullable=True),
        sa.Column("agenda_attached", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_bookings_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "group_number", name=op.f("pk_bookings")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_bookings_transaction_id")),
    )
    op.create_table(
        "calendar_links",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("mailbox", sa.String(length=320), nullable=False),
        sa.Column("delta_link", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_calendar_links_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "mailbox", name=op.f("pk_calendar_links")),
    )
    op.create_table(
        "deliveries",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_deliveries_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "group_number", "person_id", "kind", name=op.f("pk_deliveries")
        ),
    )
    op.create_table(
        "meetings",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_meetings_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "group_number", "person_id", name=op.f("pk_meetings")),
    )
    op.create_index("ix_meetings_person_id", "meetings", ["person_id"], unique=False)
    op.create_index("ix_meetings_starts_at", "meetings", ["starts_at"], unique=False)
    op.create_table(
        "plans",
        sa.Column("round_id", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_plans_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", "revision", name=op.f("pk_plans")),
    )
