"""A script of mixed tenders gives the same over mutual TLS, through the tills' own service, as through `till play`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from proto.member.v1 import reason_pb2, sale_pb2
from proto.member.v1.sale_pb2_grpc import SaleServiceStub
from server_stub.app import compose
from server_stub.config import load
from server_stub.domain.actors import SystemActor
from server_stub.domain.ledger_commands import JoinProgram
from server_stub.domain.program.parsing import parse
from server_stub.storage.members import member_by_id
from tests.support.till_scripts import play
from tests.support.wire_calls import envelope, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.service_process import Installation

PARAMS = {
    "multipliers": [
        {"code": "CARD", "pct": 120, "tender_only": "member_card"},
        {"code": "WECHAT", "pct": 200, "tender_only": "wechat_pay"},
    ],
    "excluded_categories": ["tobacco"],
}
RICE, SMOKE = {"sku": "rice", "category": "food", "qty": 3, "unit_price_fen": 3_333}, {"sku": "s", "category": "tobacco"}
LINES = [RICE, {**SMOKE, "qty": 1, "unit_price_fen": 2_001}]
TOTAL = 12_000


def tenders(**fen: int) -> list[dict[str, Any]]:
    return [{"type": name, "fen": amount} for name, amount in fen.items()]


EVENTS: list[dict[str, Any]] = [
    {"op": "sale", "sale_id": "A", "lines": LINES, "tenders": tenders(wechat_pay=TOTAL)},
    {"op": "sale", "sale_id": "B", "lines": LINES, "tenders": tenders(wechat_pay=TOTAL - 1, cash=1)},
    {"op": "sale", "sale_id": "C", "lines": LINES, "tenders": tenders(member_card=TOTAL, cash=0)},
    {"op": "sale", "sale_id": "D", "lines": LINES},
    {"op": "sale", "sale_id": "E", "lines": LINES, "tenders": tenders(wechat_pay=TOTAL, cash=1)},
    {"op": "redeem", "step": "now", "sale_id": "A", "points": 101},
    {"op": "redeem", "step": "now", "sale_id": "E", "points": 1},
    {"op": "redeem", "step": "now", "sale_id": "A", "points": 2_000},
    {"op": "return", "return_id": "R1", "sale_id": "A", "lines": [{"line": 1, "qty": 1}]},
    {"op": "redeem", "step": "now", "sale_id": "A", "points": 1},
    {"op": "return", "return_id": "R2", "sale_id": "A", "lines": [{"line": 2, "qty": 1}, {"line": 1, "qty": 1}]},
    {"op": "return", "return_id": "R3", "sale_id": "A"},
    {"op": "return", "return_id": "R4", "sale_id": "A"},
    {"op": "return", "return_id": "R5", "sale_id": "C"},
]
_OF_A_RETURN = ("refund_fen", "taken_back", "forgiven", "given_back")


def played() -> Iterator[dict[str, Any]]:
    """What `till play` says."""
    at = {"at": "2026-06-01T10:00:00+08:00"}
    head = [{"op": "program", "rule_set": "plain", "params": PARAMS, **at}, {"op": "member", "member": "m1", "request_id": "m", **at}]
    events = [{**one, **at, "request_id": f"r{n}", **_told_to_a_player(one, f"r{n}")} for n, one in enumerate(EVENTS)]
    for line in play("\n".join(map(json.dumps, head + events)))[2:]:
        yield {name: line[name] for name in ("reason", "points", "eligible_fen", "applied", *_OF_A_RETURN) if name in line} | {
            "available": line.get("after", {}).get("available")
        }


def _told_to_a_player(event: dict[str, Any], request_id: str) -> dict[str, str]:
    """What the wire does not ask for: the till's certificate says the store, the request the redemption."""
    own = {} if event["op"] == "return" else {"member": "m1", "store": "S001"}
    return {**own, "redemption_id": request_id} if event["op"] == "redeem" else own


def sent(stub: SaleServiceStub, number: str) -> Iterator[dict[str, Any]]:
    """What the service says, in the words of the player."""
    for event in EVENTS:
        try:
            yield _send(stub, number, event)
        except grpc.RpcError as error:
            reason = reason_pb2.Reason.Name(refusal(error).reason).removeprefix("REASON_")
            yield {"reason": reason, "available": None}


def _send(stub: SaleServiceStub, number: str, event: dict[str, Any]) -> dict[str, Any]:
    if event["op"] == "redeem":
        request = sale_pb2.SpendPointsRequest(
            envelope=envelope(), sale_id=event["sale_id"], membership_number=number, points=event["points"]
        )
        spent = stub.SpendPoints(request, timeout=20)
        return {"points": -spent.points, "available": spent.standing.available}
    if event["op"] == "return":
        fields = {name: event[name] for name in ("return_id", "sale_id", "lines") if name in event}
        back = stub.RecordReturn(sale_pb2.RecordReturnRequest(envelope=envelope(), **fields), timeout=20)
        found = {name: getattr(back, name) for name in _OF_A_RETURN}
        return {**found, "points": back.given_back - back.taken_back + back.forgiven, "available": back.standing.available}
    fields = {name: event[name] for name in ("sale_id", "lines", "tenders") if name in event}
    sale = sale_pb2.Sale(membership_number=number, currency="CNY", **fields)
    seen = stub.PreviewSale(sale_pb2.PreviewSaleRequest(sale=sale), timeout=20)
    booked = stub.RecordSale(sale_pb2.RecordSaleRequest(envelope=envelope(), sale=sale), timeout=20)
    assert (seen.points, seen.eligible_fen, list(seen.applied)) == (booked.points, booked.eligible_fen, list(booked.applied))
    return {
        "points": booked.points,
        "eligible_fen": booked.eligible_fen,
        "applied": list(booked.applied),
        "available": booked.standing.available,
    }


@pytest.fixture
def number(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a member of a service under the script's rules; the service does not run yet."""
    for name, value in installation.environment.items():
        monkeypatch.setenv(name, value)
    parts = compose(load(None))
    try:
        actor = SystemActor("test")
        parts.core.ledger.programme.publish(actor, "script", parse(PARAMS), datetime.now(UTC) - timedelta(seconds=1))
        parts.core.ledger.joining.join(actor, parts.new_envelope(), JoinProgram("m1"))
        member = parts.database.read(lambda tx: member_by_id(tx, "m1"))
        assert member is not None
        return member.number
    finally:
        parts.close()


def test_the_wire_and_the_player_say_the_same(installation: Installation, number: str) -> None:
    folder = installation.folder / "till"
    done = installation.as_person("dev-admin", "device", "enrol", "T01", "--kind", "till", "--store", "S001", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    installation.start()
    with installation.channel(installation.credentials(folder)) as channel:
        got = list(sent(SaleServiceStub(channel), number))
    expected = list(played())
    assert got == [
        # More than there is, and more than a number alone may spend.
        {"reason": "STEP_UP_NEEDED", "available": None} if line.get("reason") == "INSUFFICIENT_AVAILABLE" else line
        for line in expected
    ]
    # The script says something: each way of paying has its own points, and what did not add up is not there.
    assert [line.get("applied") for line in expected[:4]] == [["WECHAT"], [], ["CARD"], []]
    refused = {n: line["reason"] for n, line in enumerate(expected) if "reason" in line}
    assert refused == {
        4: "TENDER_MISMATCH",
        6: "SALE_UNKNOWN",
        7: "INSUFFICIENT_AVAILABLE",
        9: "SALE_HAS_RETURNS",
        12: "RETURN_EXCEEDS_SALE",
    }
