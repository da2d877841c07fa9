"""The shapes of a script's events: which fields an op (and a step) has and what may stand in them. Knows no state.

Source: till-script.md section 2, 3.6 and 3.7.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from server_stub.domain.clock import business_day
from server_stub.domain.program.catalogue import RULE_SETS
from server_stub.domain.program.parsing import read_params
from server_stub.domain.program.shapes import Fields, Reader, Shape, list_of, table_of
from server_stub.domain.program.values import FIRST_YEAR, LAST_YEAR, BadField, Flaw, between, day, identifier, text, truth, whole
from server_stub.till.reader import NotWhole
from server_stub.till.reasons import LineRefused, ScriptReason

COMMENT, PROGRAM, BALANCE, EXPIRE, REPLAY = "comment", "program", "balance", "expire", "replay"
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|\+([01][0-9]|2[0-3]):[0-5][0-9])")
_YEAR = re.compile(r"[0-9]{4}")
_MOST_LINES = 500


def moment(value: Any) -> datetime:
    """Returns the aware moment of ``YYYY-MM-DDThh:mm:ss`` with ``Z`` or ``+hh:mm``, years 1900 to 2999.

    Raises:
        BadField: It is none.
    """
    if not isinstance(value, str) or not _MOMENT.fullmatch(value) or not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        raise BadField
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise BadField from error


def shape_of(document: Fields) -> Shape:
    """Returns the shape of an event.

    Raises:
        LineRefused: UNKNOWN_OP.
    """
    op, step = document.get("op"), document.get("step")
    if not isinstance(op, str) or op not in _SHAPES:
        raise LineRefused(ScriptReason.UNKNOWN_OP, {"field": "op"})
    # Without a good step nothing is known of the other fields but that some step has them.
    return _STEPS.get((op, step if isinstance(step, str) else ""), _SHAPES[op])


def read_event(document: Fields) -> dict[str, Any]:
    """Returns the values of an event, by name, read; ``op`` among them.

    Raises:
        LineRefused: UNKNOWN_OP, UNKNOWN_FIELD, MISSING_FIELD, BAD_FIELD.
    """
    try:
        return shape_of(document).read(document)
    except BadField as error:
        raise LineRefused(ScriptReason(error.flaw.value), {"field": error.field}) from error


def _any_text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadField
    return value


def _among(*names: str) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise BadField
        return value

    return read


def _year(key: str) -> int:
    if not _YEAR.fullmatch(key):
        raise BadField
    return whole(int(key), FIRST_YEAR, LAST_YEAR)


def _change(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not _is_whole_throughout(value):
        raise BadField
    return value


def _is_whole_throughout(value: Any) -> bool:
    """Looks through the value without calling itself: JSON may nest more deeply than calls."""
    left = [value]
    while left:
        match left.pop():
            case dict() as found:
                left += found.values()
            case list() as found:
                left += found
            case NotWhole():
                return False
    return True


def _past_or_present_years(_document: Fields, found: Fields) -> Flaw | None:
    years = found.get("tier_points", {})
    return Flaw.BAD_FIELD if "at" in found and any(year > business_day(found["at"]).year for year in years) else None


def _each_line_once(_document: Fields, found: Fields) -> Flaw | None:
    lines = [line["line"] for line in found.get("lines", ())]
    return Flaw.BAD_FIELD if len(set(lines)) < len(lines) else None


def _points_or_reward(document: Fields, _found: Fields) -> Flaw | None:
    has_points, has_reward = "points" in document, "reward" in document
    if not has_points and not has_reward:
        return Flaw.MISSING_FIELD
    return Flaw.BAD_FIELD if has_points and (has_reward or "qty" in document) else None


def _begins_before_it_ends(_document: Fields, found: Fields) -> Flaw | None:
    ends_early = "valid_from" in found and "valid_to" in found and found["valid_to"] < found["valid_from"]
    return Flaw.BAD_FIELD if ends_early else None


_AT: dict[str, Reader] = {"op": _any_text, "at": moment}
_REQUEST: dict[str, Reader] = {**_AT, "request_id": identifier}
_SALE_LINE = Shape({"sku": text, "category": text, "qty": whole, "unit_price_fen": between(0)}, {"discount_fen": between(0)})
_TENDER = Shape({"type": text, "fen": between(0)})
_RETURN_LINE = Shape({"line": whole, "qty": whole})

_REDEEM: dict[str, Reader] = {**_REQUEST, "redemption_id": identifier, "step": _among("now", "hold", "commit", "cancel", "reverse")}
_TAKEN: dict[str, Reader] = {"points": between(1), "reward": identifier, "qty": between(1), "store": text, "device": text}
_OWN: dict[str, Reader] = {"member": identifier}
_PAYS: dict[str, Reader] = {"sale_id": identifier}
_COUPON: dict[str, Reader] = {**_REQUEST, "coupon_id": identifier, "step": _among("issue", "claim", "redeem", "roll_back", "void")}
_ISSUED: dict[str, Reader] = {"member": identifier, "off_fen": between(1), "valid_from": day, "valid_to": day}
_LIMITS: dict[str, Reader] = {"min_spend_fen": between(0), "stores": list_of(text), "weekdays": list_of(between(1, 7), 1)}
_SHOWN: dict[str, Reader] = {"member": identifier, "sale_id": identifier, "store": text, "basket_fen": between(0)}

_STEPS: dict[tuple[str, str], Shape] = {
    ("redeem", "now"): Shape({**_REDEEM, **_OWN}, {**_TAKEN, **_PAYS}, _points_or_reward),
    ("redeem", "hold"): Shape({**_REDEEM, **_OWN}, _TAKEN, _points_or_reward),
    ("redeem", "commit"): Shape(_REDEEM, {"points": between(1), "device": text}),
    ("redeem", "cancel"): Shape(_REDEEM),
    ("redeem", "reverse"): Shape(_REDEEM),
    ("coupon", "issue"): Shape({**_COUPON, **_ISSUED}, _LIMITS, _begins_before_it_ends),
    ("coupon", "claim"): Shape({**_COUPON, **_OWN}),
    ("coupon", "redeem"): Shape({**_COUPON, **_SHOWN}),
    ("coupon", "roll_back"): Shape(_COUPON),
    ("coupon", "void"): Shape(_COUPON),
}
_SHAPES: dict[str, Shape] = {
    COMMENT: Shape({"op": _any_text, "text": _any_text}),
    PROGRAM: Shape({**_AT, "rule_set": _among(*RULE_SETS)}, {"params": read_params}),
    "member": Shape(
        {**_REQUEST, "member": identifier},
        {
            "joined_on": day,
            "birthday": day,
            "minor": truth,
            "guardian": identifier,
            "id_token": text,
            "tier_points": table_of(_year, between(0)),
        },
        _past_or_present_years,
    ),
    "sale": Shape(
        {**_REQUEST, "sale_id": identifier, "store": text, "lines": list_of(_SALE_LINE.read, 1, _MOST_LINES)},
        {"member": identifier, "tenders": list_of(_TENDER.read), "tags": list_of(text), "currency": text, "occurred_at": moment},
    ),
    "return": Shape({**_REQUEST, "return_id": identifier, "sale_id": identifier}, {"lines": list_of(_RETURN_LINE.read)}, _each_line_once),
    "redeem": Shape(_REDEEM, {**_TAKEN, **_OWN, **_PAYS}),
    "adjust": Shape(
        {**_REQUEST, "member": identifier, "points": whole, "reason": text, "by": text},
        {"approved_by": text, "case": text, "expires_on": day},
    ),
    "coupon": Shape(_COUPON, {**_ISSUED, **_LIMITS, **_SHOWN}),
    EXPIRE: Shape(_AT),
    "merge": Shape({**_REQUEST, "merge_id": identifier, "from": identifier, "into": identifier, "by": text}, {"approved_by": text}),
    "unmerge": Shape({**_REQUEST, "merge_id": identifier, "by": text}, {"approved_by": text}),
    BALANCE: Shape({**_AT, "member": identifier}),
    REPLAY: Shape({**_AT, "of": identifier}, {"change": _change}),
}
