"""WeChat: people, what they sent, and the lines to them.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Document, Moment, Serial

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_people",
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("account", sa.String(16), nullable=False),
        sa.Column("openid", sa.String(64), nullable=False),
        sa.Column("phone", sa.String(32), nullable=True),
        sa.Column("page_session", sa.String(128), nullable=True),
        sa.Column("agreed_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_wechat_people")),
        sa.UniqueConstraint("account", "openid", name=op.f("uq_wechat_people_account")),
    )
    op.create_index(op.f("ix_wechat_people_phone"), "wechat_people", ["phone"])
    op.create_table(
        "wechat_inbox",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("proof", sa.String(64), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("facts", Document, nullable=False),
        sa.Column("session_id", sa.String(128), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_wechat_inbox_key")),
        sa.UniqueConstraint("proof", name=op.f("uq_wechat_inbox_proof")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_wechat_inbox_waiting",
        "wechat_inbox",
        ["person", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "wechat_lines",
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("session_id", sa.String(128), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("claimed_until", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_wechat_lines")),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_wechat_lines_due", "wechat_lines", ["due_at"], sqlite_where=due, postgresql_where=due
    )
    op.create_index(op.f("ix_wechat_lines_until"), "wechat_lines", ["until"])


def downgrade() -> None:
    raise NotImplementedError("records are not thrown away; restore a backup instead")
