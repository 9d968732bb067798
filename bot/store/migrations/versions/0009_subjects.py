"""Agents who sign in by OpenID Connect: whom the issuer speaks of.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("subject", sa.String(64), nullable=True))
    op.create_index("ix_agents_subject", "agents", ["subject"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_agents_subject", "agents")
    op.drop_column("agents", "subject")
