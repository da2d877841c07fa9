"""Any steps of two members on both databases: the service answers as the model, and the ledger stays sound after each of them.

The members buy, return, redeem, hold, correct, use coupons, merge and part, and time passes. After each step the sum of the entries is the
account, the lots are the account, and nothing is below zero; whatever was accepted can be sent again without changing anything.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from server_stub.storage.tables.ledger import points_account, points_entry, points_lot
from server_stub.till.embedded import counter_on
from server_stub.till.reader import read_lines
from server_stub.till.session import session
from tests.model.comparison import agrees
from tests.model.player import Player as Model
from tests.support.central_service import open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from server_stub.domain.clock import Clock
    from server_stub.domain.program.parameters import Parameters
    from server_stub.storage.database import Database, Tx
    from server_stub.till.orders import Counter
    from server_stub.till.player import Player

START = datetime(2026, 2, 1, 1, tzinfo=UTC)
RULES: dict[str, dict[str, Any]] = {
    "pending": {
        "expiry": "rolling",
        "expiry_months": 1,
        "pending_days": 2,
        "tiers": [{"name": "basic", "min": 0}, {"name": "silver", "min": 60}],
        "rewards": {"pen": {"points": 7, "stock": 9, "per_member": 3}},
    },
    "idle": {"expiry": "inactivity", "expiry_months": 1, "spend_order": "earned_first", "expired_takeback": "charge"},
    "review": {"expiry": "year_review", "void_below": 40, "return_rule": "recompute", "shortfall": "refuse", "hold_minutes": 60},
}
MEMBERS, FEW = st.integers(0, 1), st.integers(0, 30)
POINTS = st.integers(1, 60)


@dataclass
class Service:
    """The product under one rule set, on a database of its own, and where its clock stands."""

    player: Player
    program: dict[str, Any]
    counters: list[Counter] = field(default_factory=list)
    databases: list[Database] = field(default_factory=list)
    moment: datetime = START

    def read(self, query: Any) -> Any:
        return self.databases[0].read(lambda tx: tx.connection.execute(query).scalar_one())


class Steps(RuleBasedStateMachine):
    """The service beside the model."""

    make: ClassVar[Callable[[], AbstractContextManager[Service]]]

    @initialize()
    def open(self) -> None:
        self.closing = ExitStack()
        self.service = self.closing.enter_context(type(self).make())
        self.count, self.doubted = 0, False
        self.model = Model()
        self.model.line(1, json.dumps(self.service.program | {"at": _at(self.service.moment)}))
        self.sales: list[str] = []
        self.redemptions: list[str] = []
        self.coupons: list[str] = []
        self.accepted: list[str] = []
        for n in range(2):
            self.send("member", member=self.member(n))

    def member(self, n: int) -> str:
        return f"m{n}"

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def send(self, op: str, **fields: Any) -> bool:
        """Sends an event to both and compares the answers; returns whether it was accepted."""
        event = {"op": op, "at": _at(self.service.moment), **fields}
        if op not in ("balance", "replay"):
            event["request_id"] = self.name("q")
        text = json.dumps(event)
        expected = self.model.line(1, text)
        (line,) = read_lines([text.encode()])
        got = json.loads(json.dumps(self.service.player.play(line)))
        if not agrees(expected, got):
            # Where the format can be read in two ways, both are right, and from there on the two tell different stories.
            self.doubted = self.doubted or bool(self.model.doubts.get(1))
            assert self.doubted, f"{text}\n  model   {expected}\n  product {got}"
        if got["ok"] and "request_id" in event:
            self.accepted.append(event["request_id"])
        return bool(got["ok"])

    @rule(days=st.sampled_from((0, 0, 1, 12, 40, 330)), minutes=st.sampled_from((1, 16)))
    def wait(self, days: int, minutes: int) -> None:
        self.service.moment += timedelta(days=days, minutes=minutes)

    @rule(member=MEMBERS, fen=st.integers(100, 5_000), qty=st.integers(1, 3), two=st.booleans())
    def sell(self, member: int, fen: int, qty: int, two: bool) -> None:
        lines = [{"sku": "a", "category": "food", "qty": qty, "unit_price_fen": fen}]
        lines += [{"sku": "b", "category": "food", "qty": 1, "unit_price_fen": 333}] if two else []
        sale_id = self.name("s")
        if self.send("sale", sale_id=sale_id, member=self.member(member), store="S01", lines=lines):
            self.sales.append(sale_id)

    @precondition(lambda self: self.sales)
    @rule(which=FEW, qty=st.integers(0, 2))
    def take_back(self, which: int, qty: int) -> None:
        lines = {"lines": [{"line": 1, "qty": qty}]} if qty else {}
        self.send("return", return_id=self.name("b"), sale_id=_chosen(self.sales, which), **lines)

    @rule(member=MEMBERS, step=st.sampled_from(("now", "hold")), points=POINTS, sale=st.none() | FEW, reward=st.booleans())
    def redeem(self, member: int, step: str, points: int, sale: int | None, reward: bool) -> None:
        what: dict[str, Any] = {"reward": "pen"} if reward and "rewards" in self.service.program["params"] else {"points": points}
        if step == "now" and sale is not None and self.sales:
            what["sale_id"] = _chosen(self.sales, sale)
        redemption_id = self.name("d")
        if self.send("redeem", redemption_id=redemption_id, step=step, member=self.member(member), **what):
            self.redemptions.append(redemption_id)

    @precondition(lambda self: self.redemptions)
    @rule(which=FEW, step=st.sampled_from(("commit", "cancel", "reverse")))
    def go_on(self, which: int, step: str) -> None:
        self.send("redeem", redemption_id=_chosen(self.redemptions, which), step=step)

    @rule(member=MEMBERS, points=st.integers(-40, 40))
    def adjust(self, member: int, points: int) -> None:
        people = {"by": "anna", "approved_by": "bo", "case": "C-1"}
        self.send("adjust", member=self.member(member), points=points, reason="test", **people)

    @rule(member=MEMBERS, days=st.integers(0, 15))
    def give_coupon(self, member: int, days: int) -> None:
        first = self.service.moment + timedelta(hours=8)
        valid = {"valid_from": first.date().isoformat(), "valid_to": (first + timedelta(days=days)).date().isoformat()}
        coupon_id = self.name("c")
        if self.send("coupon", coupon_id=coupon_id, step="issue", member=self.member(member), off_fen=500, min_spend_fen=300, **valid):
            self.coupons.append(coupon_id)

    @precondition(lambda self: self.coupons)
    @rule(which=FEW, member=MEMBERS, step=st.sampled_from(("claim", "redeem", "roll_back", "void")), fen=st.sampled_from((200, 900)))
    def use_coupon(self, which: int, member: int, step: str, fen: int) -> None:
        whose = {"member": self.member(member)} if step in ("claim", "redeem") else {}
        where = {"sale_id": f"basket{fen}", "store": "S01", "basket_fen": fen} if step == "redeem" else {}
        self.send("coupon", coupon_id=_chosen(self.coupons, which), step=step, **whose, **where)

    @rule(giver=MEMBERS)
    def merge(self, giver: int) -> None:
        self.send(
            "merge", merge_id=self.name("g"), **{"from": self.member(giver), "into": self.member(1 - giver)}, by="anna", approved_by="bo"
        )

    @rule(which=FEW)
    def part(self, which: int) -> None:
        merges = list(self.model.world.merges) if self.model.world else []
        self.send("unmerge", merge_id=_chosen(merges, which) if merges else "none", by="anna", approved_by="bo")

    @precondition(lambda self: self.accepted)
    @rule(which=FEW, changed=st.booleans())
    def send_again(self, which: int, changed: bool) -> None:
        before = self.facts()
        self.send("replay", of=_chosen(self.accepted, which), **({"change": {"by": "carl"}} if changed else {}))
        assert self.facts() == before

    @rule(member=MEMBERS)
    def ask(self, member: int) -> None:
        self.send("balance", member=self.member(member))

    @invariant()
    def accounts_are_their_entries_and_lots(self) -> None:
        assert self.service.databases[0].read(self._flaws) == []
        lowest = (points_account.c.available, points_account.c.pending, points_account.c.held, points_account.c.debt)
        assert all(self.service.read(select(func.coalesce(func.min(column), 0))) >= 0 for column in (*lowest, points_lot.c.free))

    def _flaws(self, tx: Tx) -> list[object]:
        ids = tx.connection.execute(select(points_account.c.account_id)).scalars().all()
        return list(self.service.counters[0].ledger.proof.of_accounts(tx, ids))

    def facts(self) -> tuple[int, int]:
        """How many entries there are of requests, and what they add up to."""
        of_requests = points_entry.c.request_id.is_not(None)
        return (
            self.service.read(select(func.count()).select_from(points_entry).where(of_requests)),
            self.service.read(select(func.coalesce(func.sum(points_entry.c.points), 0)).where(of_requests)),
        )

    def teardown(self) -> None:
        try:
            self._close()
        finally:
            self.closing.close()

    def _close(self) -> None:
        for n in range(2):
            self.send("balance", member=self.member(n))
        before = self.facts()
        for request_id in self.accepted:
            self.send("replay", of=request_id)
        assert self.facts() == before


def _chosen(of: list[str], which: int) -> str:
    return of[which % len(of)]


def _at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@contextmanager
def service_on(address: str, folder: Path, params: dict[str, Any]) -> Iterator[Service]:
    """The product on a furnished database, under rules of the test's own."""
    with ExitStack() as stack:
        counters: list[Counter] = []
        databases: list[Database] = []

        @contextmanager
        def open_service(clock: Clock, parameters: Parameters) -> Iterator[Counter]:
            databases.append(open_database(address, clock))
            stack.callback(databases[0].close)
            counters.append(counter_on(databases[0], clock, folder, parameters))
            yield counters[0]

        player = stack.enter_context(session(open_service))
        program = {"op": "program", "rule_set": "plain", "params": params}
        (line,) = read_lines([json.dumps(program | {"at": _at(START)}).encode()])
        assert player.play(line)["ok"]
        yield Service(player, program, counters, databases)


def run(new_address: Callable[[Path], str], params: dict[str, Any], examples: int, steps: int) -> None:
    @contextmanager
    def make() -> Iterator[Service]:
        # What is left of the example before must not lead the next one another way, or no failure could be shortened.
        with tempfile.TemporaryDirectory() as name, service_on(new_address(Path(name)), Path(name), params) as service:
            yield service

    machine = type("StepsHere", (Steps,), {"make": staticmethod(make)})
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    how = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=health)
    run_state_machine_as_test(machine, settings=how)


# A time limit that ends an example in its middle looks like a failure that cannot be repeated (FlakyStrategyDefinition), so it is far away.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("rules", RULES)
def test_any_steps_keep_the_ledger_sound_and_as_the_model_has_it(rules: str, new_address: Callable[[Path], str]) -> None:
    run(new_address, RULES[rules], 5, 25)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rules", RULES)
def test_many_steps_keep_the_ledger_sound_and_as_the_model_has_it(rules: str, new_address: Callable[[Path], str]) -> None:
    run(new_address, RULES[rules], 60, 60)
