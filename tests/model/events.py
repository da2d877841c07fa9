"""The shapes of events: which fields an op (and a step) has, what they may hold, and which of them are a request's."""

from __future__ import annotations

import re
from typing import Any

from tests.model import parameters
from tests.model.days import FIRST_YEAR, LAST_YEAR, read_day
from tests.model.reading import LARGEST, NoInteger
from tests.model.reasons import Reason
from tests.model.shapes import Check, any_text, day, first, ident, integer, moment, one_of, record, several, table, text, truth, where

BARE = frozenset({"comment", "balance", "expire", "replay", "program"})
_YEAR = re.compile(r"[0-9]{4}")
_HOLD_STEPS = ("now", "hold")
_REDEEM_STEPS = (*_HOLD_STEPS, "commit", "cancel", "reverse")
_COUPON_STEPS = ("issue", "claim", "redeem", "roll_back", "void")


def _is_year(key: str) -> bool:
    return _YEAR.fullmatch(key) is not None and FIRST_YEAR <= int(key) <= LAST_YEAR


def _numbers_are_integers(value: Any) -> bool:
    match value:
        case dict():
            return all(map(_numbers_are_integers, value.values()))
        case list():
            return all(map(_numbers_are_integers, value))
        case bool():
            return True
        case int():
            return abs(value) <= LARGEST
        case _:
            return not isinstance(value, NoInteger)


def _lines_once(event: dict[str, Any]) -> set[Reason]:
    lines = event.get("lines")
    places = [one.get("line") for one in lines if isinstance(one, dict)] if isinstance(lines, list) else []
    twice = any(places.count(place) > 1 for place in places if place is not None)
    return {Reason.BAD_FIELD} if twice else set()


def _points_or_reward(event: dict[str, Any]) -> set[Reason]:
    points, reward = "points" in event, "reward" in event
    if not points and not reward:
        return {Reason.MISSING_FIELD}
    return {Reason.BAD_FIELD} if points and (reward or "qty" in event) else set()


def _not_ended_before_begun(event: dict[str, Any]) -> set[Reason]:
    begin, end = read_day(event.get("valid_from")), read_day(event.get("valid_to"))
    return {Reason.BAD_FIELD} if begin is not None and end is not None and end < begin else set()


_at: dict[str, Check] = {"op": any_text, "at": moment}
_request = _at | {"request_id": ident}
_sale_line = record({"sku": text, "category": text, "qty": integer(), "unit_price_fen": integer(0)}, {"discount_fen": integer(0)})
_tender = record({"type": text, "fen": integer(0)})

_SHAPES: dict[str, Check] = {
    "comment": record({"op": any_text, "text": any_text}),
    "program": record(_at | {"rule_set": parameters.rule_set}, {"params": parameters.params}),
    "member": record(
        _request | {"member": ident},
        {
            "joined_on": day,
            "birthday": day,
            "minor": truth,
            "guardian": ident,
            "id_token": text,
            "tier_points": table(_is_year, integer(0)),
        },
    ),
    "sale": record(
        _request | {"sale_id": ident, "store": text, "lines": several(_sale_line, 1, 500)},
        {"member": ident, "tenders": several(_tender), "tags": several(text), "currency": text, "occurred_at": moment},
    ),
    "return": record(
        _request | {"return_id": ident, "sale_id": ident},
        {"lines": several(record({"line": integer(), "qty": integer()}))},
        _lines_once,
    ),
    "adjust": record(
        _request | {"member": ident, "points": integer(), "reason": text, "by": text},
        {"approved_by": text, "case": text, "expires_on": day},
    ),
    "expire": record(_at),
    "merge": record(_request | {"merge_id": ident, "from": ident, "into": ident, "by": text}, {"approved_by": text}),
    "unmerge": record(_request | {"merge_id": ident, "by": text}, {"approved_by": text}),
    "balance": record(_at | {"member": ident}),
    "replay": record(_at | {"of": ident}, {"change": where(lambda value: isinstance(value, dict) and _numbers_are_integers(value))}),
}

_redeem = _request | {"redemption_id": ident, "step": one_of(*_REDEEM_STEPS)}
_taking: dict[str, Check] = {"points": integer(1), "reward": parameters.reward_name, "qty": integer(1), "store": text, "device": text}
_REDEEM: dict[str, Check] = {
    "now": record(_redeem | {"member": ident}, _taking | {"sale_id": ident}, _points_or_reward),
    "hold": record(_redeem | {"member": ident}, _taking, _points_or_reward),
    "commit": record(_redeem, {"points": integer(1), "device": text}),
    "cancel": record(_redeem),
    "reverse": record(_redeem),
}
# Without a good step nothing is known of the other fields but that some step has them.
_ANY_REDEEM = record(_redeem, _taking | {"member": ident, "sale_id": ident})

_coupon = _request | {"coupon_id": ident, "step": one_of(*_COUPON_STEPS)}
_issuing: dict[str, Check] = {"member": ident, "off_fen": integer(1), "valid_from": day, "valid_to": day}
_limits: dict[str, Check] = {"min_spend_fen": integer(0), "stores": several(text), "weekdays": several(integer(1, 7))}
_redeeming: dict[str, Check] = {"member": ident, "sale_id": ident, "store": text, "basket_fen": integer(0)}
_COUPON: dict[str, Check] = {
    "issue": record(_coupon | _issuing, _limits, _not_ended_before_begun),
    "claim": record(_coupon | {"member": ident}),
    "redeem": record(_coupon | _redeeming),
    "roll_back": record(_coupon),
    "void": record(_coupon),
}
_ANY_COUPON = record(_coupon, _issuing | _limits | _redeeming)


OPS = frozenset({*_SHAPES, "redeem", "coupon"})


def is_op(op: object) -> bool:
    """True for the ops of the format."""
    return isinstance(op, str) and op in OPS


def _shape(event: dict[str, Any]) -> Check:
    step = event.get("step")
    key = step if isinstance(step, str) else ""
    match event["op"]:
        case "redeem":
            return _REDEEM.get(key, _ANY_REDEEM)
        case "coupon":
            return _COUPON.get(key, _ANY_COUPON)
        case op:
            return _SHAPES[op]


def shape_reason(event: dict[str, Any]) -> Reason | None:
    """Returns what speaks against the shape of an event whose op is known, or None."""
    return first(_shape(event)(event))
