"""Gives each merge and its undoing a place in the sequences of both accounts. Frozen once released."""

import sqlalchemy as sa
from alembic import op

from server_stub.storage.types import WHOLE

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_STEPS = ("from_step", "into_step", "undone_from_step", "undone_into_step")


def upgrade() -> None:
    """Adds the columns; a merge of before stands where its entry does, and one that moved no point where its moment does."""
    for name in _STEPS:
        op.add_column("member_merge", sa.Column(name, WHOLE, nullable=True))
    # A merged account goes on only when it is its own again, so a merge that stands is the last thing that happened there.
    _place("from_step", "from_member_id", "merge:", "(e.at <= member_merge.merged_at OR member_merge.undone_at IS NULL)")
    _place("into_step", "into_member_id", "merge:", "e.at <= member_merge.merged_at")
    _place("undone_from_step", "from_member_id", "unmerge:", "e.at <= member_merge.undone_at", which="undone_at IS NOT NULL")
    _place("undone_into_step", "into_member_id", "unmerge:", "e.at <= member_merge.undone_at", which="undone_at IS NOT NULL")


def _place(step: str, member: str, cause: str, before: str, which: str = "1 = 1") -> None:
    # Our own words, all of them.
    of_account = f"FROM points_entry e JOIN points_account a ON a.account_id = e.account_id WHERE a.member_id = member_merge.{member}"
    op.execute(
        f"UPDATE member_merge SET {step} = COALESCE("  # noqa: S608
        f"(SELECT e.sequence {of_account} AND e.cause = '{cause}' || member_merge.merge_id), "
        f"(SELECT MAX(e.sequence) {of_account} AND {before}), 0) WHERE {which}"
    )


def downgrade() -> None:
    """Removes them."""
    for name in _STEPS:
        op.drop_column("member_merge", name)
