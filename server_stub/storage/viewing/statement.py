"""The one statement that reads members' own views on PostgreSQL, for a batch; its benchmark's baseline runs it too. Knows no driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from server_stub.domain.ledger.lots import Lot
from server_stub.storage.coupons import CouponRow
from server_stub.storage.ledger import MemberAccount, YearRow

# In the order of the driver's arguments, with their types.
PARAMETERS: Mapping[str, str] = {"visit_ids": "text[]", "device_ids": "text[]", "now": "timestamptz"}

_OF_MEMBER = ("person_id", "state", "joined_on", "activated_at")


def _columns(record: Any, table: str) -> str:
    return ", ".join(f"{table}.{f.name}" for f in fields(record))


_ACCOUNT = ", ".join(f"{'m' if f.name in _OF_MEMBER else 'a'}.{f.name}" for f in fields(MemberAccount))

# Only words of this program are put into it; values are the driver's arguments.
_TEXT = f"""
SELECT op.position, m.number, p.wrapped_key, p.name, application.state, (
        SELECT t.tier FROM tier_assignment AS t WHERE t.member_id = m.member_id ORDER BY t.sequence DESC LIMIT 1
    ), coalesce((
        SELECT version FROM rule_set_version
        WHERE effective_from <= :now ORDER BY effective_from DESC, published_at DESC, version DESC LIMIT 1
    ), ''),
    ROW({_ACCOUNT}),
    ARRAY(SELECT ROW({_columns(Lot, "l")}) FROM points_lot AS l WHERE l.account_id = a.account_id AND (l.free > 0 OR l.held > 0)),
    ARRAY(SELECT ROW({_columns(YearRow, "y")}) FROM points_year AS y WHERE y.account_id = a.account_id),
    ARRAY(
        SELECT ROW({_columns(CouponRow, "c")}) FROM coupon AS c WHERE c.member_id = m.member_id ORDER BY c.valid_until, c.coupon_id
    )
FROM unnest(:visit_ids, :device_ids) WITH ORDINALITY AS op(visit_id, device_id, position)
JOIN visit AS v ON v.visit_id = op.visit_id
JOIN member AS m ON m.member_id = v.member_id
JOIN points_account AS a ON a.member_id = m.member_id
JOIN person AS p ON p.person_id = m.person_id
JOIN application ON application.application_id = m.application_id
WHERE v.device_id = op.device_id AND v.ended_at IS NULL AND v.expires_at > :now
  AND m.state = 'ACTIVE' AND application.state <> 'CARD_PENDING'
  AND a.holder_id = a.account_id AND a.held = 0 AND a.settled_sequence = a.last_sequence
  AND (a.due_at IS NULL OR a.due_at > :now) AND a.settled_at <= :now
  AND NOT EXISTS (SELECT FROM points_account AS other WHERE other.holder_id = a.account_id AND other.account_id <> a.account_id)
"""  # noqa: S608


def statement(values: Mapping[str, str]) -> str:
    """Returns the statement with a SQL expression for each of ``PARAMETERS``."""
    text = _TEXT
    for name, kind in PARAMETERS.items():
        text = text.replace(f":{name}", f"{values[name]}::{kind}")
    return text.strip()


def prepared() -> str:
    """Returns the statement with the driver's numbered arguments."""
    return statement({name: f"${number}" for number, name in enumerate(PARAMETERS, 1)})
