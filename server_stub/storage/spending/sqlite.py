"""Spends points on the embedded database: a batch is one transaction with one fsync. Knows the driver.

It is spoken to without SQLAlchemy, whose way to it costs more than the statements do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.storage.database import Database, Tx
from server_stub.storage.requests import RequestState
from server_stub.storage.spending.api import ACTION, BUILT_IN_RULES, BY_PAPER, BY_PHONE, OPERATION, Spend, Spent, Terms, redemption_id_of
from server_stub.storage.types import MOMENT_FORMAT, canonical_json

T = TypeVar("T")
_A_DAY = timedelta(hours=24)

_RULES = """
SELECT version FROM rule_set_version WHERE effective_from <= ? ORDER BY effective_from DESC, published_at DESC, version DESC LIMIT 1
"""

_FIND = f"""
SELECT a.account_id, a.available, a.last_sequence, coalesce(:points, :qty * r.points) AS cost, s.store_id,
    r.rules_version = '' OR EXISTS (SELECT 1 FROM reward_listing AS listed WHERE listed.reward_id = r.reward_id) AS is_picked_up
FROM visit AS v
JOIN member AS m ON m.member_id = v.member_id
JOIN points_account AS a ON a.member_id = v.member_id
LEFT JOIN reward AS r ON r.reward_id = :reward_id
LEFT JOIN reward_stock AS s ON s.reward_id = :reward_id AND s.store_id = (
    SELECT max(pool.store_id) FROM reward_stock AS pool WHERE pool.reward_id = :reward_id AND pool.store_id IN (:store_id, '')
)
WHERE v.visit_id = :visit_id AND v.device_id = :device_id AND v.ended_at IS NULL AND v.expires_at > :now
  AND v.identified_by <> '{BY_PAPER}'
  AND m.state = 'ACTIVE'
  AND a.holder_id = a.account_id AND (a.due_at IS NULL OR a.due_at > :now) AND a.settled_at <= :now
  AND coalesce(:points, :qty * r.points) <= a.available
  AND (:reward_id IS NULL OR (
      (:agreed = 0 OR :agreed = :qty * r.points)
      AND r.min_tier IS NULL AND r.per_member IS NULL AND r.adult_only = 0
      AND (r.from_day IS NULL OR r.from_day <= :day) AND (r.until_day IS NULL OR r.until_day >= :day)
      AND (r.stores IS NULL OR instr(r.stores, :store_in_list) > 0)
  ))
  AND (v.identified_by = '{BY_PHONE}' OR :card_limit >= coalesce(:points, :qty * r.points) + (
      SELECT coalesce(sum(recent.points - recent.given_back), 0)
      FROM points_account AS held JOIN redemption AS recent ON recent.account_id = held.account_id
      WHERE held.holder_id = a.account_id AND recent.device_id IS NOT NULL AND recent.made_at > :a_day_ago
        AND recent.state IN ('HELD', 'COMMITTED', 'FULFILLED')
  ))
  AND (s.stock IS NULL OR s.taken + :qty <= s.stock)
  AND NOT EXISTS (SELECT 1 FROM request_log AS known WHERE known.request_id = :request_id)
"""  # noqa: S608 - words of this program

_FIND_REPLAY = """
SELECT made.points, a.available, made.state, made.pickup_code, made.pickup_until
FROM request_log AS known
JOIN redemption AS made ON made.redemption_id = :redemption_id
JOIN points_account AS a ON a.account_id = made.account_id
WHERE known.request_id = :request_id AND known.state = 'APPLIED' AND known.operation = :operation AND known.actor = :actor
  AND known.body_mac = :body_mac AND a.holder_id = a.account_id AND (a.due_at IS NULL OR a.due_at > :now)
"""

_TAKE_POINTS = """
UPDATE points_account SET available = available - ?, last_sequence = last_sequence + 1, version = version + 1
WHERE account_id = ?
"""
_TAKE_PIECES = "UPDATE reward_stock SET taken = taken + ? WHERE reward_id = ? AND store_id = ?"
_NOTE_SEQUENCE = "UPDATE device SET last_device_seq = ? WHERE device_id = ? AND last_device_seq < ?"


def _insert(table: str, *columns: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - no value in it


_ENTRY = _insert(
    "points_entry",
    *("entry_id", "account_id", "sequence", "kind", "points", "counter", "cause", "awaits", "rules_version", "request_id"),
    *("business_day", "at"),
)
_REDEMPTION = _insert(
    "redemption",
    *("redemption_id", "account_id", "state", "points", "given_back", "reward_id", "qty", "stock_store_id", "store_id", "device_id"),
    *("rules_version", "request_id", "made_step", "made_at", "spent_step", "spent_at", "version", "pickup_code", "pickup_until"),
)
_REQUEST = _insert("request_log", "request_id", "state", "operation", "actor", "body_mac", "answer", "at", "row_mac")
_EVENT = _insert("audit_event", "event_id", "at", "actor", "action", "subject_table", "subject_key", "request_id", "detail", "event_mac")


class Beside(Protocol):
    """Runs blocking work on one thread beside the loop."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Returns what the work returned, or raises what it raised."""
        ...


class SqliteSpending:
    """Batches one after another on the database's one writer; implements ``api.SpendStore``.

    Thread:
        loop; the statements run where ``beside`` puts them.
    """

    def __init__(self, database: Database, beside: Beside) -> None:
        self._database = database
        self._beside = beside

    async def spend(self, spends: Sequence[Spend], terms: Terms) -> list[Spent | None]:
        """Spends a batch; see ``api.SpendStore``."""
        return await self._beside(lambda: self._database.write(lambda tx: _spend(tx, spends, terms)))

    async def close(self) -> None:
        """Does nothing: the database is closed by whoever opened it."""


class _Taken(NamedTuple):
    account_id: str
    step: int
    cost: int
    pool_id: str | None
    code: str | None
    now: str


@dataclass(slots=True)
class _Rows:
    """What is inserted at the end of a batch, a list for each table."""

    entries: list[tuple[object, ...]] = field(default_factory=list)
    requests: list[tuple[object, ...]] = field(default_factory=list)
    events: list[tuple[object, ...]] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)


def _spend(tx: Tx, spends: Sequence[Spend], terms: Terms) -> list[Spent | None]:
    cursor: Any = tx.connection.connection.cursor()
    now = _moment(terms.now)
    rows = _Rows()
    in_force = cursor.execute(_RULES, (now,)).fetchone()
    is_open = terms.rules_version == (in_force[0] if in_force else BUILT_IN_RULES)
    outcomes: list[Spent | None] = []
    stopped: set[str] = set()
    for one in spends:
        made = _take(cursor, rows, one, terms, now) if is_open and one.queue not in stopped else None
        outcomes.append(made or _replayed(cursor, one, now))
        if outcomes[-1] is None:
            stopped.add(one.queue)
    cursor.executemany(_ENTRY, rows.entries)
    cursor.executemany(_REQUEST, rows.requests)
    cursor.executemany(_EVENT, rows.events)
    cursor.executemany(_NOTE_SEQUENCE, [(sequence, device_id, sequence) for device_id, sequence in rows.sequences.items()])
    cursor.close()
    return outcomes


def _take(cursor: Any, rows: _Rows, one: Spend, terms: Terms, now: str) -> Spent | None:
    found = cursor.execute(
        _FIND,
        {
            "visit_id": one.visit_id,
            "device_id": one.device_id,
            "points": one.points,
            "qty": one.qty,
            "agreed": one.agreed_points,
            "reward_id": one.reward_id,
            "store_id": one.store_id,
            "store_in_list": canonical_json([one.store_id])[1:-1],
            "request_id": one.request_id,
            "now": now,
            "a_day_ago": _moment(terms.now - _A_DAY),
            "card_limit": terms.card_limit,
            "day": terms.day.isoformat(),
        },
    ).fetchone()
    if found is None:
        return None
    account_id, available, last_sequence, cost, pool_id, is_picked_up = found
    cursor.execute(_TAKE_POINTS, (cost, account_id))
    if pool_id is not None:
        cursor.execute(_TAKE_PIECES, (one.qty, one.reward_id, pool_id))
    code = one.pickup_code if is_picked_up else None
    _note(cursor, rows, one, terms, _Taken(account_id, last_sequence + 1, cost, pool_id, code, now))
    until = terms.pickup_until if code else None
    return Spent(cost, available - cost, RedemptionState.COMMITTED, is_replay=False, pickup_code=code, pickup_until=until)


def _note(cursor: Any, rows: _Rows, one: Spend, terms: Terms, taken: _Taken) -> None:
    account_id, step, cost, pool_id, code, now = taken
    redemption_id, actor = redemption_id_of(one.request_id), f"device:{one.device_id}"
    day, version = terms.day.isoformat(), terms.rules_version
    counter, cause = f"redeemed:{one.store_id}", f"redemption:{redemption_id}"
    entry = (one.entry_id, account_id, step, EntryKind.REDEMPTION.value, -cost, counter, cause, "")
    rows.entries.append((*entry, version, one.request_id, day, now))
    bought = (RedemptionState.COMMITTED.value, cost, 0, one.reward_id, one.qty, pool_id, one.store_id, one.device_id)
    until = _moment(terms.pickup_until) if code else None
    # At once: what a card has spent lately counts for the next of the batch.
    cursor.execute(_REDEMPTION, (redemption_id, account_id, *bought, version, one.request_id, step, now, step, now, 1, code, until))
    answer = canonical_json({"redemption": redemption_id})
    rows.requests.append((one.request_id, RequestState.APPLIED.value, OPERATION, actor, one.body_mac, answer, now, one.row_mac))
    named = canonical_json({"entry": one.entry_id})
    rows.events.append((one.event_id, now, actor, ACTION, "", redemption_id, one.request_id, named, one.event_mac))
    rows.sequences[one.device_id] = max(one.device_seq, rows.sequences.get(one.device_id, 0))


def _replayed(cursor: Any, one: Spend, now: str) -> Spent | None:
    found = cursor.execute(
        _FIND_REPLAY,
        {
            "redemption_id": redemption_id_of(one.request_id),
            "request_id": one.request_id,
            "operation": OPERATION,
            "actor": f"device:{one.device_id}",
            "body_mac": one.body_mac,
            "now": now,
        },
    ).fetchone()
    if found is None:
        return None
    points, available, state, code, until = found
    waits = code is not None and state == RedemptionState.COMMITTED
    end = datetime.strptime(until, MOMENT_FORMAT).replace(tzinfo=UTC) if waits else None
    return Spent(points, available, RedemptionState(state), True, code if waits else None, end)  # noqa: FBT003 - is_replay


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(MOMENT_FORMAT)
