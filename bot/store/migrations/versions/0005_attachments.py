"""What callers add to tickets; news for people in WeChat, and the messages they allowed.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(128), nullable=False),
        sa.Column("ticket_no", sa.String(24), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("mime", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("trace", sa.String(64), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    for name in ("session_id", "ticket_no", "trace"):
        op.create_index(op.f(f"ix_attachments_{name}"), "attachments", [name])
    op.create_table(
        "wechat_news",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("ticket_no", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wechat_news")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_wechat_news_waiting",
        "wechat_news",
        ["person"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "wechat_consents",
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("template", sa.String(64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "template", name=op.f("pk_wechat_consents")),
    )


def downgrade() -> None:
    raise NotImplementedError("records are not thrown away; restore a backup instead")
