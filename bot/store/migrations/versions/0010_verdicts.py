"""Whether answers helped, and which turns asked what the base did not answer.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GAP = sa.text("gap IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "verdicts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("entry", sa.String(80), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_at", "verdicts", ["at"])
    op.add_column("turns", sa.Column("gap", sa.String(16), nullable=True))
    op.create_index("ix_turns_gap", "turns", ["at"], sqlite_where=GAP, postgresql_where=GAP)
    told = sa.cast(sa.column("outcome"), sa.Text)
    op.execute(
        sa.update(sa.table("turns", sa.column("gap"), sa.column("outcome")))
        .where(sa.column("speaker") == "caller", told.like('%"gap": {%'))
        .values(gap="unknown")
    )


def downgrade() -> None:
    op.drop_index("ix_turns_gap", "turns")
    op.drop_column("turns", "gap")
    op.drop_table("verdicts")
