"""The one statement that spends points on PostgreSQL, for a batch; the baseline of its benchmark runs the same text. Knows no driver.

Locks are taken in one order by everybody: pieces of stock, accounts, devices, each by id. What is looked up for an operation is looked up
beside it by its key (LATERAL, and OFFSET 0 so that the planner leaves it there), never joined as a table or asked by EXISTS: a plan lives
for long, and one that was made while a table was empty would read the whole of it each time. Two lists as long as the batch are never
joined to each other, which would cost its square (stock is a short one).

By card alone a member may spend so much within 24 hours. What was spent lately is read from the statement's snapshot; so is
``version_seen``, while ``version`` is the locked row's: where they differ somebody spent while the lock was waited for.

``place`` counts what is new of a queue up to an operation, ``place_reached`` what of it can be spent: where they differ, something cannot.
"""

from __future__ import annotations

from collections.abc import Mapping

from server_stub.storage.spending.api import ACTION, BUILT_IN_RULES, BY_PAPER, BY_PHONE, OPERATION

# In the order of the driver's arguments, with their types.
PARAMETERS: Mapping[str, str] = {
    "request_ids": "text[]",
    "visit_ids": "text[]",
    "device_ids": "text[]",
    "device_seqs": "bigint[]",
    "store_ids": "text[]",
    "points": "bigint[]",
    "reward_ids": "text[]",
    "pieces": "bigint[]",
    "agreed_points": "bigint[]",
    "pickup_codes": "text[]",
    "body_macs": "bytea[]",
    "row_macs": "bytea[]",
    "entry_ids": "text[]",
    "event_ids": "text[]",
    "event_macs": "bytea[]",
    "queues": "text[]",
    "now": "timestamptz",
    "day": "date",
    "rules_version": "text",
    "card_limit": "bigint",
    "pickup_until": "timestamptz",
}

# With these, tables are read by their keys from the first row on. One plan is kept: making it costs more than running it.
SESSION: Mapping[str, str] = {
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_material": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


# Only words of this program are put into it; values are the driver's arguments.
_TEXT = f"""
WITH op AS MATERIALIZED (
    SELECT looked_up.*, count(*) FILTER (WHERE NOT looked_up.is_known) OVER (
        PARTITION BY looked_up.queue ORDER BY looked_up.position
    ) AS place
    FROM (
        SELECT asked.*, (
            SELECT max(pool.store_id) FROM reward_stock AS pool
            WHERE pool.reward_id = asked.reward_id AND pool.store_id IN (asked.store_id, '')
        ) AS pool_id,
        (SELECT known.request_id FROM request_log AS known WHERE known.request_id = asked.request_id) IS NOT NULL AS is_known
        FROM unnest(
            :request_ids, :visit_ids, :device_ids, :device_seqs, :store_ids, :points, :reward_ids, :pieces, :agreed_points, :pickup_codes,
            :body_macs, :row_macs, :entry_ids, :event_ids, :event_macs, :queues
        ) WITH ORDINALITY AS asked(
            request_id, visit_id, device_id, device_seq, store_id, points, reward_id, qty, agreed, pickup_code, body_mac, row_mac,
            entry_id, event_id, event_mac, queue, position
        )
    ) AS looked_up
),
stock AS MATERIALIZED (
    SELECT s.*
    FROM (SELECT DISTINCT reward_id, pool_id FROM op WHERE pool_id IS NOT NULL ORDER BY reward_id, pool_id) AS wanted
    CROSS JOIN LATERAL (
        SELECT reward_id, store_id, stock - taken AS pieces FROM reward_stock
        WHERE reward_id = wanted.reward_id AND store_id = wanted.pool_id
        FOR NO KEY UPDATE
    ) AS s
),
found AS MATERIALIZED (
    SELECT op.*, m.account_id, v.identified_by <> '{BY_PHONE}' AS is_by_card, coalesce(op.points, op.qty * r.points) AS cost,
        r.rules_version = '' OR (
            SELECT listed.reward_id FROM reward_listing AS listed WHERE listed.reward_id = op.reward_id LIMIT 1
        ) IS NOT NULL AS is_picked_up
    FROM op
    CROSS JOIN LATERAL (SELECT * FROM visit WHERE visit_id = op.visit_id OFFSET 0) AS v
    CROSS JOIN LATERAL (
        SELECT own.account_id, member.state FROM member JOIN points_account AS own ON own.member_id = member.member_id
        WHERE member.member_id = v.member_id OFFSET 0
    ) AS m
    LEFT JOIN LATERAL (SELECT * FROM reward WHERE reward_id = op.reward_id OFFSET 0) AS r ON TRUE
    WHERE (SELECT count(*) FROM stock) >= 0
      AND :rules_version = coalesce((
          SELECT version FROM rule_set_version WHERE effective_from <= :now
          ORDER BY effective_from DESC, published_at DESC, version DESC LIMIT 1
      ), '{BUILT_IN_RULES}')
      AND v.device_id = op.device_id AND v.ended_at IS NULL AND v.expires_at > :now AND v.identified_by <> '{BY_PAPER}'
      AND m.state = 'ACTIVE'
      AND (op.reward_id IS NULL OR (
          (op.agreed = 0 OR op.agreed = op.qty * r.points)
          AND r.min_tier IS NULL AND r.per_member IS NULL AND NOT r.adult_only
          AND (r.from_day IS NULL OR r.from_day <= :day) AND (r.until_day IS NULL OR r.until_day >= :day)
          AND (r.stores IS NULL OR position(to_json(op.store_id)::text IN r.stores) > 0)
      ))
      AND NOT op.is_known
),
account AS MATERIALIZED (
    SELECT one.*, a.available, a.last_sequence, a.version,
        CASE WHEN one.is_by_card THEN (
            SELECT coalesce(sum(recent.points - recent.given_back), 0)
            FROM points_account AS held CROSS JOIN LATERAL (
                SELECT points, given_back FROM redemption
                WHERE account_id = held.account_id AND device_id IS NOT NULL AND made_at > :now - INTERVAL '24 hours'
                  AND state IN ('HELD', 'COMMITTED', 'FULFILLED') OFFSET 0
            ) AS recent
            WHERE held.holder_id = one.account_id
        ) END AS lately,
        CASE WHEN one.is_by_card THEN (
            SELECT seen.version FROM points_account AS seen WHERE seen.account_id = one.account_id
        ) END AS version_seen
    FROM (SELECT * FROM found ORDER BY account_id, position) AS one
    CROSS JOIN LATERAL (
        SELECT available, last_sequence, version FROM points_account
        WHERE account_id = one.account_id AND holder_id = account_id AND (due_at IS NULL OR due_at > :now) AND settled_at <= :now
        FOR NO KEY UPDATE
    ) AS a
),
spent AS MATERIALIZED (
    SELECT in_order.*,
        in_order.last_sequence + row_number() OVER one_account AS step,
        (in_order.available - sum(in_order.cost) OVER one_account)::bigint AS available_after
    FROM (
        SELECT fits.*, count(*) OVER (PARTITION BY fits.queue ORDER BY fits.position) AS place_reached
        FROM (
            SELECT account.*, stock.pieces,
                sum(account.cost) OVER (PARTITION BY account.account_id ORDER BY account.position) AS asked_points,
                sum(account.qty) OVER (PARTITION BY account.reward_id, account.pool_id ORDER BY account.position) AS asked_pieces
            FROM account LEFT JOIN stock ON stock.reward_id = account.reward_id AND stock.store_id = account.pool_id
        ) AS fits
        WHERE fits.asked_points <= fits.available AND (fits.pieces IS NULL OR fits.asked_pieces <= fits.pieces)
          AND (fits.lately IS NULL OR (fits.version_seen = fits.version AND fits.lately + fits.asked_points <= :card_limit))
    ) AS in_order
    WHERE in_order.place_reached = in_order.place
    WINDOW one_account AS (PARTITION BY in_order.account_id ORDER BY in_order.position)
),
account_after AS (
    UPDATE points_account AS a SET available = a.available - t.cost, last_sequence = a.last_sequence + t.steps, version = a.version + 1
    FROM (SELECT account_id, sum(cost)::bigint AS cost, count(*) AS steps FROM spent GROUP BY account_id) AS t
    WHERE a.account_id = t.account_id
),
stock_after AS (
    UPDATE reward_stock AS s SET taken = s.taken + t.qty
    FROM (
        SELECT reward_id, pool_id, sum(qty)::bigint AS qty FROM spent WHERE pool_id IS NOT NULL GROUP BY reward_id, pool_id
    ) AS t
    WHERE s.reward_id = t.reward_id AND s.store_id = t.pool_id
),
entry_after AS (
    INSERT INTO points_entry (
        entry_id, account_id, sequence, kind, points, counter, cause, awaits, rules_version, request_id, business_day, at
    )
    SELECT entry_id, account_id, step, 'REDEMPTION', -cost, 'redeemed:' || store_id, 'redemption:' || 'red_' || request_id, '',
        :rules_version, request_id, :day, :now
    FROM spent
),
redemption_after AS (
    INSERT INTO redemption (
        redemption_id, account_id, state, points, given_back, reward_id, qty, stock_store_id, store_id, device_id, rules_version,
        request_id, made_step, made_at, spent_step, spent_at, version, pickup_code, pickup_until
    )
    SELECT 'red_' || request_id, account_id, 'COMMITTED', cost, 0, reward_id, qty, pool_id, store_id, device_id, :rules_version,
        request_id, step, :now, step, :now, 1, CASE WHEN is_picked_up THEN pickup_code END, CASE WHEN is_picked_up THEN :pickup_until END
    FROM spent
),
request_after AS (
    INSERT INTO request_log (request_id, state, operation, actor, body_mac, answer, at, row_mac)
    SELECT request_id, 'APPLIED', '{OPERATION}', 'device:' || device_id, body_mac, '{{"redemption":"red_' || request_id || '"}}', :now,
        row_mac
    FROM spent
),
event_after AS (
    INSERT INTO audit_event (event_id, at, actor, action, subject_table, subject_key, request_id, detail, event_mac)
    SELECT event_id, :now, 'device:' || device_id, '{ACTION}', '', 'red_' || request_id, request_id,
        '{{"entry":"' || entry_id || '"}}', event_mac
    FROM spent
),
device_after AS (
    UPDATE device AS d SET last_device_seq = t.device_seq
    FROM (SELECT device_id, max(device_seq) AS device_seq FROM spent GROUP BY device_id ORDER BY device_id) AS t
    WHERE d.device_id = t.device_id AND d.last_device_seq < t.device_seq
)
SELECT position, cost AS points, available_after AS available, 'COMMITTED' AS state, FALSE AS is_replay,
    CASE WHEN is_picked_up THEN pickup_code END AS pickup_code, CASE WHEN is_picked_up THEN :pickup_until END AS pickup_until
FROM spent
UNION ALL
SELECT op.position, made.points, a.available, made.state, TRUE,
    CASE made.state WHEN 'COMMITTED' THEN made.pickup_code END, CASE made.state WHEN 'COMMITTED' THEN made.pickup_until END
FROM op
CROSS JOIN LATERAL (
    SELECT account_id, points, state, pickup_code, pickup_until FROM redemption WHERE redemption_id = 'red_' || op.request_id OFFSET 0
) AS made
CROSS JOIN LATERAL (SELECT * FROM request_log WHERE request_id = op.request_id OFFSET 0) AS known
CROSS JOIN LATERAL (SELECT * FROM points_account WHERE account_id = made.account_id OFFSET 0) AS a
WHERE known.state = 'APPLIED' AND known.operation = '{OPERATION}' AND known.actor = 'device:' || op.device_id
  AND known.body_mac = op.body_mac AND a.holder_id = a.account_id AND (a.due_at IS NULL OR a.due_at > :now)
"""  # noqa: S608


def statement(values: Mapping[str, str]) -> str:
    """Returns the statement with a SQL expression for each of ``PARAMETERS``."""
    text = _TEXT
    # The longest name first: one may begin as another does.
    for name in sorted(PARAMETERS, key=len, reverse=True):
        text = text.replace(f":{name}", f"{values[name]}::{PARAMETERS[name]}")
    return text.strip()


def prepared() -> str:
    """Returns the statement with the driver's numbered arguments."""
    return statement({name: f"${number}" for number, name in enumerate(PARAMETERS, 1)})
