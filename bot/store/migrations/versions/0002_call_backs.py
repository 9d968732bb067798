"""Call-backs, the notices of dispatch systems, and since when the unit has a ticket.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Document, Moment, Serial

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("given_at", Moment(), nullable=True))
    op.create_table(
        "call_backs",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("ticket_no", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("by", sa.String(64), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_no"], ["tickets.ticket_no"], name=op.f("fk_call_backs_ticket_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index("ix_call_backs_ticket", "call_backs", ["ticket_no"])
    waiting = sa.text("status = 'waiting'")
    op.create_index(
        "ix_call_backs_waiting",
        "call_backs",
        ["next_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("ticket_no", sa.String(24), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("result", Document, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_ticket_no"), "notices", ["ticket_no"])


def downgrade() -> None:
    raise NotImplementedError("records are not thrown away; restore a backup instead")
