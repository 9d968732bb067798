"""What callers asked in vain, week by week.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Document, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_weeks",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("week", name="pk_gap_weeks"),
    )
    op.create_table(
        "gaps",
        sa.Column("week", sa.Date(), sa.ForeignKey("gap_weeks.week"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("districts", Document, nullable=False),
        sa.Column("entries", Document, nullable=False),
        sa.Column("examples", Document, nullable=False),
        sa.PrimaryKeyConstraint("week", "place", name="pk_gaps"),
    )


def downgrade() -> None:
    op.drop_table("gaps")
    op.drop_table("gap_weeks")
