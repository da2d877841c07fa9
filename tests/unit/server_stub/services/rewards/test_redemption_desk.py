"""Redemptions at the desk: who sees which, and what two people give back: points, piece, word to the member, once."""

from __future__ import annotations

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.desk_reasons import RedemptionReversedFor
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.rewards.redemption_desk import DeskRedemption
from server_stub.services.two_people import TwoPeople
from tests.support.central_service import LI
from tests.support.reward_shop import CLERK, HARBOUR_CLERK, QIAN, RewardShop, reward

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))
TWO = TwoPeople(ZHAO, QIAN)
WHY = RedemptionReversedFor


class Case:
    """A member who bought a piece for 500 of 5000 points; three pieces were there."""

    def __init__(self, shop: RewardShop) -> None:
        self.shop = shop
        shop.load(reward(stock={"lakeside": 3}))
        self.member = shop.member()
        self.bought = shop.buy(shop.visit(self.member))
        self.number = next(row["number"] for row in shop.central.rows("member") if row["member_id"] == self.member)

    def hand_over(self) -> None:
        self.shop.rewards.handing_over.fulfil(CLERK, self.shop.central.envelope(), self.bought.pickup_code)

    def reverse(self, reason: WHY, people: TwoPeople = TWO, redemption_id: str = "", request_id: str = "") -> DeskRedemption:
        envelope = self.shop.central.envelope(request_id)
        return self.shop.rewards.desk.reverse(people, envelope, redemption_id or self.bought.redemption_id, reason)

    def told(self) -> list[str]:
        found = self.shop.central.messages()
        return [payload.variables["points"] for template, payload in found if template == "redemption_reversed"]

    def facts(self) -> tuple[int, tuple[int, int], list[str]]:
        """Points, pieces (there, taken), messages."""
        return self.shop.counter.free(self.member)[0], self.shop.counts(), self.told()


@pytest.fixture
def case(shop: RewardShop) -> Case:
    return Case(shop)


@pytest.mark.parametrize(
    ("people", "redemption_id", "expected"),
    [
        (TwoPeople(CLERK, ZHAO), "", Reason.NOT_PERMITTED),
        (TwoPeople(ZHAO, LI), "", Reason.NOT_PERMITTED),
        (TwoPeople(ZHAO, ZHAO), "", Reason.SELF_APPROVAL),
        (TWO, "red_none", Reason.REDEMPTION_UNKNOWN),
    ],
)
def test_who_may_not_reverses_nothing(case: Case, people: TwoPeople, redemption_id: str, expected: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        case.reverse(WHY.BROUGHT_BACK, people, redemption_id)
    assert refused.value.reason is expected
    assert case.facts() == (4500, (3, 1), [])


@pytest.mark.parametrize("reason", list(WHY))
def test_what_waits_gives_points_and_piece_back_whatever_the_reason(case: Case, reason: WHY) -> None:
    assert case.reverse(reason).state is RedemptionState.REVERSED
    assert case.facts() == (5000, (3, 0), ["500"])
    with pytest.raises(Refusal) as refused:
        case.hand_over()
    assert refused.value.reason is Reason.PICKUP_CANCELLED


@pytest.mark.parametrize(
    ("reason", "there"), [(WHY.NOT_HANDED_OVER, 3), (WHY.BROUGHT_BACK, 3), (WHY.PIECE_FAULTY, 2), (WHY.NOT_BY_MEMBER, 2)]
)
def test_what_was_handed_over_gives_its_piece_back_only_where_it_is_there(case: Case, reason: WHY, there: int) -> None:
    case.hand_over()
    assert case.facts() == (4500, (2, 0), [])
    assert case.reverse(reason).state is RedemptionState.REVERSED
    assert case.facts() == (5000, (there, 0), ["500"])


def test_it_goes_back_once_and_the_trail_says_who_and_why(case: Case) -> None:
    request_id = case.shop.central.request_id()
    done = case.reverse(WHY.NOT_HANDED_OVER, request_id=request_id)
    assert case.reverse(WHY.NOT_HANDED_OVER, request_id=request_id) == done
    with pytest.raises(Refusal) as refused:
        case.reverse(WHY.NOT_HANDED_OVER)
    assert refused.value.reason is Reason.WRONG_STATE
    assert case.facts() == (5000, (3, 0), ["500"])
    said = [row for row in case.shop.central.rows("audit_event") if row["action"] == "redemption.reversed"]
    assert [(row["actor"], row["subject_key"]) for row in said] == [("staff:zhao", case.bought.redemption_id)]
    assert (said[0]["detail"]["approved_by"], said[0]["detail"]["reason"]) == ("qian", "NOT_HANDED_OVER")


def test_what_paid_for_a_sale_is_given_back_by_the_return_alone(case: Case) -> None:
    case.shop.counter.sell(10_000, case.member, "a sale")
    case.shop.counter.redeem(100, case.member, "for the sale", sale_id="a sale")
    with pytest.raises(Refusal) as refused:
        case.reverse(WHY.BROUGHT_BACK, redemption_id="for the sale")
    assert refused.value.reason is Reason.WRONG_STATE


def test_staff_see_what_was_made_at_their_store_without_any_code(case: Case) -> None:
    desk = case.shop.rewards.desk
    (seen,) = desk.list(CLERK, case.number)
    assert seen == desk.show(ZHAO, case.bought.redemption_id)
    assert case.bought.pickup_code.replace("-", "") not in repr(seen)
    assert (seen.reward, seen.points, seen.store_id) == ("rice 简", 500, "lakeside")
    assert desk.list(HARBOUR_CLERK, case.number) == ()
    with pytest.raises(Refusal) as refused:
        desk.show(HARBOUR_CLERK, case.bought.redemption_id)
    assert refused.value.reason is Reason.REDEMPTION_UNKNOWN
    with pytest.raises(Refusal) as refused:
        desk.list(LI, case.number)
    assert refused.value.reason is Reason.NOT_PERMITTED
    with pytest.raises(Refusal) as refused:
        desk.list(ZHAO, "0")
    assert refused.value.reason is Reason.MEMBER_UNKNOWN
    looks = [row["actor"] for row in case.shop.central.rows("audit_event") if row["action"].endswith("looked_at")]
    assert sorted(looks) == ["staff:clerk", "staff:hai", "staff:zhao"]
