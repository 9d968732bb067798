"""The desk: transfers between colleagues, missed callers, notes, switches, scores.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Document, Moment, Serial

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("offered_to", sa.String(64), nullable=True))
    op.add_column(
        "handoffs", sa.Column("guests", Document, nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column("handoffs", sa.Column("promised", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_handoffs_requested_at", "handoffs", ["requested_at"])
    op.create_table(
        "missed",
        sa.Column("id", Serial, primary_key=True, autoincrement=True),
        sa.Column("session_id", sa.String(128), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("draft", Document, nullable=False),
        sa.Column("missed_at", Moment(), nullable=False),
        sa.Column("keep_until", Moment(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(64), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index(
        "uq_missed_waiting",
        "missed",
        ["session_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_missed_phone", "missed", ["phone"])
    op.create_table(
        "notes",
        sa.Column("id", Serial, primary_key=True, autoincrement=True),
        sa.Column("session_id", sa.String(128), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("ix_notes_session_id", "notes", ["session_id"])
    op.create_table(
        "switches",
        sa.Column("id", Serial, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("value", Document, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
    )
    op.create_index("ix_switches_name", "switches", ["name", "id"])
    op.create_table(
        "scores",
        sa.Column("session_id", sa.String(128), sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("by", sa.String(64), primary_key=True),
        sa.Column("agent", sa.String(64), nullable=True),
        sa.Column("points", Document, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("records are not thrown away; restore a backup instead")
