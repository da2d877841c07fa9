"""A counter at which a test buys, returns, redeems and asks, with as few words as a test needs. Knows no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server_stub.domain.actors import SystemActor
from server_stub.domain.ledger_commands import (
    AccountView,
    AdjustPoints,
    Booked,
    CancelHold,
    CommitHold,
    JoinProgram,
    MergeMembers,
    RecordReturn,
    RecordSale,
    Redeem,
    RedemptionBooked,
    ReturnBooked,
    ReturnLine,
    ReverseRedemption,
    SaleBooked,
    SaleLine,
    UnmergeMembers,
)
from server_stub.domain.program.catalogue import load_rule_set
from server_stub.domain.program.parsing import with_params

if TYPE_CHECKING:
    from server_stub.services.ledger.build import LedgerServices
    from tests.support.central_service import Central

JOB = SystemActor("test")


@dataclass
class Counter:
    """The ledger's desks of one central service, under rules of the test's own."""

    central: Central
    count: int = field(default=0)

    @property
    def ledger(self) -> LedgerServices:
        return self.central.core.ledger

    def next_id(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def rules(self, rule_set: str = "plain", **params: Any) -> Counter:
        """Puts rules in force from now on."""
        parameters = with_params(load_rule_set(rule_set), params)
        self.ledger.programme.publish(JOB, self.next_id("rules-"), parameters, self.central.clock.now())
        return self

    def join(self, *members: str, **facts: Any) -> Counter:
        for member in members or ("m1",):
            self.ledger.joining.join(JOB, self.central.envelope(), JoinProgram(member, **facts))
        return self

    def sell(self, fen: int, member: str | None = "m1", sale_id: str = "", qty: int = 1, **more: Any) -> SaleBooked:
        request_id = more.pop("request_id", "")
        lines = more.pop("lines", (SaleLine("sku", more.pop("category", "food"), qty, fen),))
        command = RecordSale(sale_id or self.next_id("s"), "S01", lines, member, **more)
        return self.ledger.sales.record(JOB, self.central.envelope(request_id), command)

    def take_back(self, sale_id: str, *pieces: tuple[int, int], return_id: str = "", request_id: str = "") -> ReturnBooked:
        lines = tuple(ReturnLine(line, qty) for line, qty in pieces) or None
        command = RecordReturn(return_id or self.next_id("r"), sale_id, lines)
        return self.ledger.returns.record(JOB, self.central.envelope(request_id), command)

    def redeem(self, points: int | None = None, member: str = "m1", redemption_id: str = "", **more: Any) -> RedemptionBooked:
        request_id = more.pop("request_id", "")
        command = Redeem(redemption_id or self.next_id("d"), member, points, **more)
        return self.ledger.redemptions.redeem(JOB, self.central.envelope(request_id), command)

    def hold(self, points: int | None = None, member: str = "m1", redemption_id: str = "", **more: Any) -> RedemptionBooked:
        command = Redeem(redemption_id or self.next_id("d"), member, points, **more)
        return self.ledger.redemptions.hold(JOB, self.central.envelope(), command)

    def commit(self, redemption_id: str, **more: Any) -> RedemptionBooked:
        return self.ledger.redemptions.commit(JOB, self.central.envelope(), CommitHold(redemption_id, **more))

    def cancel(self, redemption_id: str) -> RedemptionBooked:
        return self.ledger.redemptions.cancel(JOB, self.central.envelope(), CancelHold(redemption_id))

    def reverse(self, redemption_id: str) -> RedemptionBooked:
        return self.ledger.redemptions.reverse(JOB, self.central.envelope(), ReverseRedemption(redemption_id))

    def adjust(self, points: int, member: str = "m1", **more: Any) -> Booked:
        request_id = more.pop("request_id", "")
        facts = {"reason": "test", "by": "anna", "approved_by": "bo", "case_id": "C-1"} | more
        return self.ledger.adjustments.adjust(JOB, self.central.envelope(request_id), AdjustPoints(member, points, **facts))

    def merge(self, giver: str, taker: str, merge_id: str = "g1", approved_by: str | None = "bo") -> Booked:
        command = MergeMembers(merge_id, giver, taker, "anna", approved_by)
        return self.ledger.merging.merge(JOB, self.central.envelope(), command)

    def unmerge(self, merge_id: str = "g1") -> Booked:
        return self.ledger.merging.unmerge(JOB, self.central.envelope(), UnmergeMembers(merge_id, "anna", "bo"))

    def view(self, member: str = "m1") -> AccountView:
        return self.ledger.accounts.view(JOB, member)

    def free(self, member: str = "m1") -> tuple[int, int, int, int]:
        """Available, pending, held and debt."""
        standing = self.view(member).standing
        return standing.available, standing.pending, standing.held, standing.debt

    def sum_of_entries(self) -> int:
        return sum(row["points"] for row in self.central.rows("points_entry"))

    def prove(self) -> None:
        """Fails where an account does not agree with its entries and lots."""
        assert self.ledger.proof.run(JOB).wrong == ()
