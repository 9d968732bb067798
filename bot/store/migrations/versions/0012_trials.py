"""What editors tried in the knowledge base.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment, Serial

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("district", sa.String(32), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("entry", sa.String(80), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
    )


def downgrade() -> None:
    op.drop_table("trials")
