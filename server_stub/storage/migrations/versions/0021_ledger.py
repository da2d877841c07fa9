"""Makes the ledger: accounts with holds and debt, lots, years, rules; carries over what was there. Frozen once released."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from server_stub.domain.clock import CHINA
from server_stub.storage.metadata import append_only_triggers
from server_stub.storage.types import DAY, DOCUMENT, MOMENT, TEXT, WHOLE

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

FACTS = (
    "points_entry",
    "rule_set_version",
)


def upgrade() -> None:
    """Makes the tables anew and carries over accounts and entries; so far there were welcome points and their expiry only."""
    accounts, entries = _kept("points_account"), _kept("points_entry")
    members = {row["member_id"]: row for row in _kept("member")}
    op.drop_table("points_entry")
    op.drop_table("points_account")
    _make_points_account()
    _make_points_entry()
    _make_points_lot()
    _make_points_year()
    _make_rule_set_version()
    _carry_over(accounts, entries, members)
    _protect_facts()


def _kept(name: str) -> list[dict[str, Any]]:
    columns: dict[str, Any] = {
        "joined_on": DAY,
        "activated_at": MOMENT,
        "expires_on": DAY,
        "business_day": DAY,
        "at": MOMENT,
        "next_expiry_on": DAY,
    }
    known = sa.inspect(op.get_bind()).get_columns(name)
    table = sa.table(name, *(sa.column(c["name"], columns.get(c["name"], c["type"])) for c in known))
    return [dict(row._mapping) for row in op.get_bind().execute(sa.select(table))]  # noqa: SLF001


def _carry_over(accounts: list[dict[str, Any]], entries: list[dict[str, Any]], members: dict[str, dict[str, Any]]) -> None:
    for account in accounts:
        own = sorted((e for e in entries if e["account_id"] == account["account_id"]), key=lambda e: e["sequence"])
        member = members[account["member_id"]]
        expired = -sum(e["points"] for e in own if e["kind"] == "EXPIRY")
        _insert("points_account", _account(account, member, expired))
        for entry in own:
            _insert("points_entry", _entry(entry, member))
        for entry in own:
            if entry["points"] > 0:
                _insert("points_lot", _lot(entry, account, member, expired))


def _account(account: dict[str, Any], member: dict[str, Any], expired: int) -> dict[str, Any]:
    end = account["next_expiry_on"]
    return {
        "account_id": account["account_id"],
        "member_id": account["member_id"],
        "holder_id": account["account_id"],
        "available": account["available"],
        "pending": account["pending"],
        "held": 0,
        "debt": 0,
        "expired": expired,
        "last_sequence": account["last_sequence"],
        "settled_sequence": account["last_sequence"],
        "settled_at": datetime.combine(member["joined_on"], datetime.min.time(), CHINA),
        "due_at": None if end is None else datetime.combine(_first_day_without(end), datetime.min.time(), CHINA),
        "last_activity_on": member["joined_on"],
        "version": account["version"],
    }


def _entry(entry: dict[str, Any], member: dict[str, Any]) -> dict[str, Any]:
    makes_lot = entry["points"] > 0
    return {
        **entry,
        "counter": "breakage" if entry["kind"] == "EXPIRY" else "issued",
        "available_on": None,
        "expires_on": _first_day_without(entry["expires_on"]) if makes_lot and entry["expires_on"] else None,
        "idle_months": None,
        "request_id": None,
        "cause": f"welcome:{member['member_id']}" if makes_lot else entry["cause"],
    }


def _lot(entry: dict[str, Any], account: dict[str, Any], member: dict[str, Any], expired: int) -> dict[str, Any]:
    return {
        "lot_id": entry["entry_id"],
        "account_id": entry["account_id"],
        "source": f"welcome:{member['member_id']}",
        "posted_on": entry["business_day"],
        "points": entry["points"],
        "available_on": member["activated_at"].astimezone(CHINA).date() if member["activated_at"] else None,
        "expires_on": _first_day_without(entry["expires_on"]) if entry["expires_on"] else None,
        "idle_months": None,
        "free": account["available"] + account["pending"],
        "held": 0,
        "expired": expired,
        "forgiven": 0,
        "ended_on": _first_day_without(entry["expires_on"]) if expired else None,
    }


def _first_day_without(last_day: date) -> date:
    # A last day became the first day on which the points are gone.
    return last_day + timedelta(days=1)


def _insert(name: str, values: dict[str, Any]) -> None:
    columns = {"settled_at": MOMENT, "due_at": MOMENT, "at": MOMENT}
    days = ("last_activity_on", "available_on", "expires_on", "business_day", "posted_on", "ended_on")
    kinds = columns | dict.fromkeys(days, DAY)
    table = sa.table(name, *(sa.column(key, kinds.get(key)) for key in values))
    op.get_bind().execute(sa.insert(table).values(values))


def _make_points_account() -> None:
    op.create_table(
        "points_account",
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("member_id", TEXT, nullable=False),
        sa.Column("holder_id", TEXT, nullable=False),
        sa.Column("available", WHOLE, nullable=False),
        sa.Column("pending", WHOLE, nullable=False),
        sa.Column("held", WHOLE, nullable=False),
        sa.Column("debt", WHOLE, nullable=False),
        sa.Column("expired", WHOLE, nullable=False),
        sa.Column("last_sequence", WHOLE, nullable=False),
        sa.Column("settled_sequence", WHOLE, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("last_activity_on", DAY, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_points_account_available")),
        sa.CheckConstraint("debt >= 0 AND (debt = 0 OR (available = 0 AND pending = 0))", name=op.f("ck_points_account_debt")),
        sa.CheckConstraint("expired >= 0", name=op.f("ck_points_account_expired")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_points_account_held")),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_points_account_pending")),
        sa.ForeignKeyConstraint(["holder_id"], ["points_account.account_id"], name=op.f("fk_points_account_holder_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_points_account_member_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_points_account")),
        sa.UniqueConstraint("member_id", name=op.f("uq_points_account_member_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_points_account_due_at"), "points_account", ["due_at"], unique=False)
    op.create_index(op.f("ix_points_account_holder_id"), "points_account", ["holder_id"], unique=False)


def _make_points_entry() -> None:
    op.create_table(
        "points_entry",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("counter", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("awaits", TEXT, nullable=False),
        sa.Column("available_on", DAY, nullable=True),
        sa.Column("expires_on", DAY, nullable=True),
        sa.Column("idle_months", WHOLE, nullable=True),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("request_id", TEXT, nullable=True),
        sa.Column("business_day", DAY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("awaits IN ('', 'CARD_ACTIVATION')", name=op.f("ck_points_entry_awaits")),
        sa.CheckConstraint(
            "kind IN ('ACCRUAL', 'ACCRUAL_REVERSAL', 'REDEMPTION', 'REDEMPTION_REVERSAL', 'EXPIRY', 'ADJUSTMENT', 'MERGE',"
            " 'ALLOWANCE_OUT', 'ALLOWANCE_IN')",
            name=op.f("ck_points_entry_kind"),
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_points_entry_points")),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_points_entry_account_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_points_entry")),
        sa.UniqueConstraint("account_id", "sequence", name=op.f("uq_points_entry_account_id_sequence")),
        sa.UniqueConstraint("account_id", "cause", name=op.f("uq_points_entry_cause")),
        info={"append_only": True},
        sqlite_strict=True,
    )


def _make_points_lot() -> None:
    op.create_table(
        "points_lot",
        sa.Column("lot_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("posted_on", DAY, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("available_on", DAY, nullable=True),
        sa.Column("expires_on", DAY, nullable=True),
        sa.Column("idle_months", WHOLE, nullable=True),
        sa.Column("free", WHOLE, nullable=False),
        sa.Column("held", WHOLE, nullable=False),
        sa.Column("expired", WHOLE, nullable=False),
        sa.Column("forgiven", WHOLE, nullable=False),
        sa.Column("ended_on", DAY, nullable=True),
        sa.CheckConstraint("forgiven >= 0 AND forgiven <= expired", name=op.f("ck_points_lot_forgiven")),
        sa.CheckConstraint(
            "free >= 0 AND held >= 0 AND expired >= 0 AND free + held + expired <= points", name=op.f("ck_points_lot_points")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_points_lot_account_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["points_entry.entry_id"], name=op.f("fk_points_lot_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_points_lot")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_points_lot_account_id"), "points_lot", ["account_id", "ended_on"], unique=False)


def _make_points_year() -> None:
    op.create_table(
        "points_year",
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("year", WHOLE, nullable=False, autoincrement=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["points_account.account_id"], name=op.f("fk_points_year_account_id")),
        sa.PrimaryKeyConstraint("account_id", "year", name=op.f("pk_points_year")),
        sqlite_strict=True,
    )


def _make_rule_set_version() -> None:
    op.create_table(
        "rule_set_version",
        sa.Column("version", TEXT, nullable=False),
        sa.Column("effective_from", MOMENT, nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("published_by", TEXT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rule_set_version")),
        info={"append_only": True},
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_rule_set_version_effective_from"), "rule_set_version", ["effective_from"], unique=False)


def _protect_facts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in FACTS:
            for trigger in append_only_triggers(name):
                op.execute(trigger)


def downgrade() -> None:
    """Is not possible: the old tables cannot say what is in the new ones."""
    raise RuntimeError("go back to a backup that was made before the migration")
