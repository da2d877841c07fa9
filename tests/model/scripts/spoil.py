"""Makes good events bad, and lines that are no events at all."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.model.reading import LARGEST
from tests.model.scripts.draw import Draw

IDS = frozenset(
    {"request_id", "member", "sale_id", "return_id", "redemption_id", "coupon_id", "merge_id", "from", "into", "of", "guardian"}
)
DAYS = frozenset({"joined_on", "birthday", "expires_on", "valid_from", "valid_to"})
MOMENTS = frozenset({"at", "occurred_at"})
_RAW = re.compile(r'"@raw ([^"]*)"')
_NO_TEXT: tuple[Any, ...] = ("", "x" * 201, 7, None, True, [], {})
_NO_ID: tuple[Any, ...] = ("", "a b", "m\u00e9", "\uff4d1", "x" * 65, "m1\n", "\nm1", "m/1", 7, None, ["m1"])
_NO_DAY: tuple[Any, ...] = (
    *("2026-02-30", "2025-02-29", "2026-2-3", "1899-12-31", "3000-01-01", "2026-02-03T00:00:00Z", "\uff12026-01-01"),
    *("2026-01-01\n", " 2026-01-01", "20260101", "2026-W01-1", "2026-13-01", "2026-00-10", "", 20260101, None, False),
)
_NO_MOMENT: tuple[Any, ...] = (
    *("2026-02-30T10:00:00Z", "2026-02-03T10:00:00", "2026-02-03 10:00:00Z", "2026-02-03T10:00:00-05:00", "2026-02-03T10:00:00+0800"),
    *("2026-02-03T10:00:00.000Z", "2026-02-03T24:00:00Z", "2026-02-03T23:59:60Z", "2026-02-03T10:00:00z", "2026-02-03t10:00:00Z"),
    *("2026-02-03T10:00Z", "2026-02-03T10:00:00+24:00", "2026-02-03T10:00:00+08:60", "2026-02-03T10:00:00Z\n", "2026-02-03", ""),
    *("1899-06-01T10:00:00Z", "3000-06-01T10:00:00Z", "2026-02-03T10:00:00+08", "2026-02-03T10:00:00+08:00:00", 0, None),
)
_NO_INTEGER: tuple[Any, ...] = (
    *("@raw 1.0", "@raw 1e3", "@raw 1E0", "@raw -0.0", "@raw 100.5", "@raw 1e400", "5", "", True, False, None, [], {}, [5]),
    *(LARGEST + 1, -LARGEST - 1, 2**63, 2**64, 10**30, "@raw 1" + "0" * 5000),
)
_NO_TRUTH: tuple[Any, ...] = (0, 1, "true", None, [])
_NO_LINES: tuple[Any, ...] = ("x", 5, None, {}, True, [5], [None], [[]], ["x"])
_NO_EVENTS = (
    *('{"op":"sale",', "[]", "null", "5", '"sale"', "true", "NaN", '{"op":"comment","text":NaN}', "{'op':'comment'}", '{"op":"comment"}}'),
    *(
        '{"op":"comment","text":"a"',
        '{"op":"comment","text":"\t"}',
        '{"op":"comment",}',
        '{"op" "comment"}',
        '{op:"comment"}',
        "\ufeff{}",
        "{}{}",
    ),
    *(
        '{"op":"comment","text":-Infinity}',
        '{"op":"comment","text":01}',
        '{"op":"comment","text":+1}',
        '{"op":"comment","text":.5}',
        "\u00a0x",
    ),
)
_NO_OPS = (
    "{}",
    '{"op":null}',
    '{"op":5}',
    '{"op":[]}',
    '{"op":{}}',
    '{"op":""}',
    '{"op":"Sale"}',
    '{"op":"sale "}',
    '{"op":"\\u5546"}',
    '{"x":1}',
)
_COMMENTS: tuple[Any, ...] = ("", "\u4f1a\u5458", "x" * 5000, "\u2028\u2029\u0085", "\U0001f600", '"\\', "\x00", 5, None, "@raw 1.5", [])


def as_line(event: dict[str, Any], draw: Draw) -> str:
    """Writes an event; numbers that Python would not write stand in it as they are meant."""
    text = json.dumps(event, ensure_ascii=draw.chance(0.5), separators=draw.pick(((",", ":"), (", ", ": "))))
    return _RAW.sub(lambda found: found.group(1), text)


def no_event(draw: Draw) -> str:
    """A line that is no JSON object, or has no op that anybody knows."""
    return draw.pick(_NO_EVENTS if draw.chance(0.6) else _NO_OPS)


def comment(draw: Draw) -> dict[str, Any]:
    """A comment, good or bad."""
    return {"op": "comment", "text": draw.pick(_COMMENTS)} | ({"at": draw.at()} if draw.chance(0.1) else {})


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yields (container, key) of everything inside."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _bad(key: Any, value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return _NO_TRUTH
    if isinstance(value, int):
        return _NO_INTEGER
    if isinstance(value, list):
        return _NO_LINES
    if isinstance(value, dict):
        return ("x", 5, None, [], True)
    if key in IDS:
        return _NO_ID
    if key in DAYS:
        return _NO_DAY
    return _NO_MOMENT if key in MOMENTS else _NO_TEXT


def _spoil_value(draw: Draw, event: dict[str, Any]) -> None:
    container, key = draw.pick([place for place in _places(event) if place[1] not in {"op", "redeem_stores", "change"}])
    container[key] = copy.deepcopy(draw.pick(_bad(key, container[key])))


def _is_record(place: tuple[Any, Any]) -> bool:
    """True for an object with fields of its own; those of the other objects are free names."""
    container, key = place
    return isinstance(container[key], dict) and key not in {"tier_points", "rewards", "change"}


def _add_field(draw: Draw, event: dict[str, Any]) -> None:
    records = [event, *(container[key] for container, key in _places(event) if _is_record((container, key)))]
    draw.pick(records)[draw.pick(("x", "points_", "Member", "", "note"))] = draw.pick((1, "x", None, "@raw 1.5"))


def _drop_field(draw: Draw, event: dict[str, Any]) -> None:
    del event[draw.pick([name for name in event if name != "op"])]


def spoil(draw: Draw, event: dict[str, Any]) -> dict[str, Any]:
    """Returns the event with one to three faults (some drop what is optional and so are none)."""
    spoiled: dict[str, Any] = json.loads(json.dumps(event))
    for _ in range(draw.pick((1, 1, 1, 2, 3))):
        if len(spoiled) > 2:
            draw.pick((_spoil_value, _spoil_value, _add_field, _drop_field))(draw, spoiled)
    return spoiled
