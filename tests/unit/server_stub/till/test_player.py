"""The order of a script's checks, its clock and its replays, against orders that only note what they are given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, Refused
from server_stub.domain.uuid7 import is_uuid7
from server_stub.till.player import Player
from server_stub.till.reader import Line
from server_stub.till.request_ids import RequestIds

TEN, ELEVEN = "2026-06-01T10:00:00+08:00", "2026-06-01T11:00:00+08:00"
PROGRAM = {"op": "program", "at": TEN, "rule_set": "wanjia-plaza", "params": {"pending_days": 3}}
JOIN = {"op": "member", "at": TEN, "request_id": "q1", "member": "m1"}


class NotingOrders:
    """Accepts everything; notes it."""

    def __init__(self) -> None:
        self.given: list[tuple[dict[str, Any], datetime]] = []
        self.parameters: list[Parameters] = []
        self.clock: list[datetime] = []
        self.refusal: Refusal | None = None

    def open(self, parameters: Parameters) -> Any:
        self.parameters.append(parameters)
        return self

    def give(self, event: dict[str, Any], now: datetime) -> dict[str, Any]:
        self.given.append((event, now))
        if self.refusal:
            raise self.refusal
        return {"points": 1}

    def balance(self, member_id: str) -> dict[str, Any]:
        return {"balance": member_id}

    def expire(self) -> dict[str, Any]:
        return {"expired": 0}


def played(*documents: dict[str, Any] | None, orders: NotingOrders | None = None) -> list[tuple[Any, ...]]:
    orders = orders or NotingOrders()
    player = Player(orders.open, orders.clock.append)
    results = [player.play(Line(number, document)) for number, document in enumerate(documents, 1)]
    assert [result["n"] for result in results] == list(range(1, len(documents) + 1))
    return [(result["op"], result.get("reason", result["ok"])) for result in results]


def test_lines_are_refused_in_the_order_of_the_checks() -> None:
    assert played(
        None,
        {"op": 1},
        {"op": "refund"},
        {"op": "comment", "text": "x"},
        {**JOIN, "member": ""},
        JOIN,
        {"op": "replay", "at": TEN, "of": "nothing"},
        {**PROGRAM, "rule_set": "x"},
        PROGRAM,
        PROGRAM,
        {**JOIN, "at": "2026-06-01T09:59:59+08:00", "member": ""},
        {**JOIN, "at": "2026-06-01T09:59:59+08:00"},
        {"op": "replay", "at": TEN, "of": "nothing"},
        JOIN,
        {"op": "balance", "at": TEN, "member": "m1"},
        {"op": "expire", "at": TEN},
    ) == [
        (None, "BAD_JSON"),
        (None, "UNKNOWN_OP"),
        ("refund", "UNKNOWN_OP"),
        ("comment", True),
        ("member", "BAD_FIELD"),
        ("member", "PROGRAM_MISSING"),
        ("replay", "PROGRAM_MISSING"),
        ("program", "BAD_FIELD"),
        ("program", True),
        ("program", "PROGRAM_TWICE"),
        ("member", "BAD_FIELD"),
        ("member", "CLOCK_BACKWARDS"),
        ("replay", "UNKNOWN_REQUEST"),
        ("member", True),
        ("balance", True),
        ("expire", True),
    ]


def test_the_programme_is_the_rule_set_with_its_overrides() -> None:
    orders = NotingOrders()
    played(PROGRAM, orders=orders)
    assert (orders.parameters[0].fen_per_point, orders.parameters[0].pending_days) == (1000, 3)


def test_a_line_that_is_refused_for_its_shape_moves_no_clock_and_one_that_is_refused_later_does() -> None:
    assert played(PROGRAM, {**JOIN, "at": ELEVEN, "more": 1}, JOIN, {**PROGRAM, "at": ELEVEN}, JOIN) == [
        ("program", True),
        ("member", "UNKNOWN_FIELD"),
        ("member", True),
        ("program", "PROGRAM_TWICE"),
        ("member", "CLOCK_BACKWARDS"),
    ]


def test_a_replay_sends_the_first_event_of_that_name_at_its_own_time_with_its_changes() -> None:
    orders = NotingOrders()
    later = {**JOIN, "member": "m2"}
    replay = {"op": "replay", "at": ELEVEN, "of": "q1", "change": {"minor": True, "at": "nonsense"}}
    assert played(JOIN, PROGRAM, later, replay, orders=orders)[3] == ("replay", True)
    event, now = orders.given[-1]
    assert (event["member"], event["minor"], now) == ("m1", True, datetime.fromisoformat(ELEVEN))


def test_a_replay_is_refused_for_the_shape_of_what_it_sends() -> None:
    def reason(**change: Any) -> Any:
        return played(PROGRAM, JOIN, {"op": "replay", "at": TEN, "of": "q1", "change": change})[2][1]

    assert reason(op="refund") == "UNKNOWN_OP"
    assert reason(op="balance") == "UNKNOWN_FIELD"
    assert reason(op="merge") == "UNKNOWN_FIELD"
    assert reason(member=1) == "BAD_FIELD"
    # As deep as JSON is read.
    nested: list[Any] = []
    for _ in range(900):
        nested = [nested]
    assert reason(member=nested) == "BAD_FIELD"


def test_an_event_that_came_too_early_can_be_sent_by_a_replay_and_one_with_a_wrong_clock_cannot() -> None:
    replay = {"op": "replay", "at": ELEVEN, "of": "q1"}
    assert played({**JOIN, "at": TEN}, {**PROGRAM, "at": ELEVEN}, replay)[2][1] is True
    assert played({**PROGRAM, "at": ELEVEN}, JOIN, replay)[2][1] == "UNKNOWN_REQUEST"


def test_only_a_redemption_says_when_points_come_free() -> None:
    orders = NotingOrders()
    orders.refusal = Refusal(Refused(Reason.INSUFFICIENT_AVAILABLE, frees_on=date(2026, 7, 1)))
    player = Player(orders.open, orders.clock.append)
    redeem = {"op": "redeem", "at": TEN, "request_id": "q", "redemption_id": "d", "step": "now", "member": "m", "points": 1}
    adjust = {"op": "adjust", "at": TEN, "request_id": "q2", "member": "m", "points": -1, "reason": "r", "by": "a"}
    replay = {"op": "replay", "at": TEN, "of": "q"}
    results = [player.play(Line(number, document)) for number, document in enumerate((PROGRAM, redeem, adjust, replay), 1)]
    assert [result.get("frees_on", "unsaid") for result in results[1:]] == ["2026-07-01", "unsaid", "2026-07-01"]


def test_request_ids_are_those_of_the_service_and_can_be_turned_back() -> None:
    ids = RequestIds()
    made = ids.of("q1")
    assert is_uuid7(made)
    assert made == RequestIds().of("q1") != ids.of("q2")
    assert (ids.text_of(made), ids.text_of("s1")) == ("q1", "s1")
