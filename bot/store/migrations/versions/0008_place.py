"""Tickets by place, the street with it: topics are counted, and duplicates found, on the index.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_tickets_place", "tickets"


def upgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["district", "category", "street", "accepted_at"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["district", "category", "accepted_at"])
