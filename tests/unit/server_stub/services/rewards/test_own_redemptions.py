"""What the member before the kiosk can have, why not, and holding, committing and undoing it (rows 44, 45)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import SystemActor
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.enrollment.codes import CodeOrder
from server_stub.services.rewards.shelf import Order, Paging
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import IdentifiedBy
from tests.support.central_service import DEVICE, LI, MOBILE, OTHER_DEVICE
from tests.support.reward_shop import CLERK, reward

if TYPE_CHECKING:
    from tests.support.reward_shop import RewardShop


def reason_of(call: Any, *args: Any, **more: Any) -> Reason:
    with pytest.raises(Refusal) as caught:
        call(*args, **more)
    return caught.value.reason


def test_who_has_no_visit_sees_and_gets_nothing(shop: RewardShop) -> None:
    shop.load(reward())
    visit = shop.visit(shop.member())
    own, shelf, envelope = shop.rewards.own, shop.rewards.shelf, shop.central.envelope()
    for actor in (LI, CLERK, SystemActor()):
        assert reason_of(shelf.quote, actor, visit, Order(reward_id="rice")) is Reason.NOT_PERMITTED
        assert reason_of(own.hold, actor, envelope, visit, Order(reward_id="rice")) is Reason.NOT_PERMITTED
    for token, device in (("", DEVICE), ("forged", DEVICE), (visit, OTHER_DEVICE)):
        assert reason_of(shelf.quote, device, token, Order(reward_id="rice")) is Reason.VISIT_OVER
        assert reason_of(own.hold, device, envelope, token, Order(reward_id="rice")) is Reason.VISIT_OVER
    shop.central.clock.advance(minutes=15)
    assert reason_of(shop.hold, visit) is Reason.VISIT_OVER
    assert shop.central.count("redemption") == 0


@pytest.mark.parametrize(
    "order", [Order(), Order(points=5, reward_id="rice"), Order(points=-1), Order(reward_id="rice", qty=-1), Order(points=5, qty=2)]
)
def test_an_order_of_neither_or_both_is_malformed(shop: RewardShop, order: Order) -> None:
    visit = shop.visit(shop.member())
    assert reason_of(shop.rewards.shelf.quote, DEVICE, visit, order) is Reason.REQUEST_MALFORMED
    assert reason_of(shop.rewards.own.hold, DEVICE, shop.central.envelope(), visit, order) is Reason.REQUEST_MALFORMED


@pytest.mark.parametrize("paging", [Paging(size=61), Paging(size=-1), Paging("x"), Paging("-1"), Paging("٣"), Paging("9" * 7)])
def test_a_page_that_is_none_is_malformed(shop: RewardShop, paging: Paging) -> None:
    visit = shop.visit(shop.member())
    assert reason_of(shop.rewards.shelf.list, DEVICE, visit, Language.EN, paging, only_available=False) is Reason.REQUEST_MALFORMED


def test_each_card_says_why_not_and_what_comes_nearest(shop: RewardShop) -> None:
    shop.counter.rules("hexing-mall")
    member = shop.member(points=600)
    shop.load(
        reward("towel", 100),
        reward("bowl", 500, stock={"lakeside": 2}),
        reward("gold", 450, min_tier="gold"),
        reward("wine", 300, adult_only=True, per_member=1),
        reward("gone", 520, stock={"lakeside": 0}),
        reward("dear", 5000),
        reward("elsewhere", 10, stores=["harbour"]),
        reward("later", 10, **{"from": "2026-11-24"}),
        reward("past", 10, until="2026-11-22"),
    )
    visit = shop.visit(member)
    shop.buy(visit, "wine")
    shop.counter.adjust(300, member)
    seen = shop.shelf(visit)
    assert {card.reward_id: card.refusal for card in seen.values()} == {
        "towel": None,
        "bowl": None,
        "gold": Reason.TIER_TOO_LOW,
        "wine": Reason.LIMIT_REACHED,
        "gone": Reason.OUT_OF_STOCK,
        "dear": Reason.INSUFFICIENT_AVAILABLE,
    }
    assert {card.reward_id: card.alternative for card in seen.values()} == {
        "towel": "",
        "bowl": "",
        "gold": "bowl",
        "wine": "towel",
        "gone": "bowl",
        "dear": "bowl",
    }
    assert (seen["bowl"].left, seen["towel"].left, seen["wine"].left_for_member, seen["towel"].left_for_member) == (2, -1, 0, -1)
    assert set(shop.shelf(visit, only_available=True)) == {"towel", "bowl"}


def test_pages_hold_what_they_are_asked_to(shop: RewardShop) -> None:
    shop.load(*(reward(f"r{n:02d}") for n in range(14)))
    visit, token, seen = shop.visit(shop.member()), "", []
    while True:
        page = shop.rewards.shelf.list(DEVICE, visit, Language.ZH_HANT, Paging(token), only_available=False)
        seen += [card.name for card in page.rewards]
        assert (len(page.rewards) <= 6, page.total) == (True, 14)
        token = page.next_page_token
        if not token:
            break
    assert seen == [f"r{n:02d} 繁" for n in range(14)]


def test_a_quote_names_the_lots_that_pay_and_books_nothing(shop: RewardShop) -> None:
    shop.load(reward(points=500, stock={"lakeside": 5}))
    member = shop.member(points=600)
    shop.counter.adjust(700, member, expires_on=date(2026, 12, 1), request_id="0199a000-0000-7000-8000-000000000001")
    visit = shop.visit(member)
    quoted = shop.rewards.shelf.quote(DEVICE, visit, Order(reward_id="rice", qty=2))
    assert (quoted.points, quoted.available_after, quoted.refusal, quoted.needs_code) == (1000, 300, None, False)
    assert quoted.lots[0].source == "0199a000-0000-7000-8000-000000000001"
    assert quoted.lots[0].points == 700
    assert sum(lot.points for lot in quoted.lots) == 1000
    assert quoted.pickup_until is not None
    short = shop.rewards.shelf.quote(DEVICE, visit, Order(reward_id="rice", qty=3))
    assert (short.points, short.available_after, short.lots, short.refusal) == (1500, 1300, (), Reason.INSUFFICIENT_AVAILABLE)
    assert shop.central.count("redemption") == 0
    bought = shop.buy(visit, qty=2)
    assert (bought.points, bought.available) == (quoted.points, quoted.available_after)


def test_a_quote_that_fails_shows_the_nearest_that_can_be_had(shop: RewardShop) -> None:
    shop.load(reward("rice", 500, stock={"lakeside": 0}), reward("oil", 450), reward("silk", 90_000))
    visit = shop.visit(shop.member())
    for wanted, wrong in (("rice", Reason.OUT_OF_STOCK), ("silk", Reason.INSUFFICIENT_AVAILABLE)):
        quoted = shop.rewards.shelf.quote(DEVICE, visit, Order(reward_id=wanted), Language.EN)
        assert quoted.refusal is wrong
        assert quoted.alternative is not None
        assert quoted.alternative.name == "oil"
    assert reason_of(shop.rewards.shelf.quote, DEVICE, visit, Order(reward_id="nothing")) is Reason.REWARD_UNKNOWN


def test_hold_then_commit_gives_a_code_and_the_same_again(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 1}))
    visit, own = shop.visit(shop.member()), shop.rewards.own
    request = shop.central.envelope()
    held = own.hold(DEVICE, request, visit, Order(reward_id="rice"))
    assert (held.state, held.points, held.available, held.pickup_code) == (RedemptionState.HELD, 500, 4500, "")
    assert own.hold(DEVICE, request, visit, Order(reward_id="rice")) == held
    assert reason_of(own.hold, DEVICE, request, visit, Order(reward_id="rice", qty=2)) is Reason.REQUEST_ID_REUSED
    again = shop.central.envelope()
    bought = own.commit(DEVICE, again, visit, held.redemption_id, 500)
    assert bought.state is RedemptionState.COMMITTED
    assert len(bought.pickup_code) == 11
    assert own.commit(DEVICE, again, visit, held.redemption_id, 500) == bought
    assert shop.counts() == (1, 1)


def test_another_amount_or_device_lets_the_hold_go(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 1}))
    member = shop.member()
    visit, elsewhere, own = shop.visit(member), shop.visit(member, device=OTHER_DEVICE), shop.rewards.own
    held = shop.hold(visit)
    assert reason_of(own.commit, DEVICE, shop.central.envelope(), visit, held.redemption_id, 499) is Reason.AMOUNT_CHANGED
    assert (shop.counts(), shop.counter.free(member)) == ((1, 0), (5000, 0, 0, 0))
    held = shop.hold(visit)
    assert reason_of(own.commit, OTHER_DEVICE, shop.central.envelope(), elsewhere, held.redemption_id, 500) is Reason.WRONG_DEVICE
    assert (shop.counts(), shop.counter.free(member)) == ((1, 0), (5000, 0, 0, 0))


def test_nobody_touches_anothers_redemption(shop: RewardShop) -> None:
    shop.load(reward())
    held = shop.hold(shop.visit(shop.member()))
    stranger, own = shop.visit(shop.member()), shop.rewards.own
    assert reason_of(own.commit, DEVICE, shop.central.envelope(), stranger, held.redemption_id, 500) is Reason.REDEMPTION_UNKNOWN
    assert reason_of(own.cancel, DEVICE, shop.central.envelope(), stranger, held.redemption_id) is Reason.REDEMPTION_UNKNOWN
    assert reason_of(shop.rewards.receipts.get, DEVICE, stranger, held.redemption_id) is Reason.REDEMPTION_UNKNOWN
    assert [row["state"] for row in shop.central.rows("redemption")] == ["HELD"]


def test_undone_until_it_is_picked_up(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 2}))
    member = shop.member()
    visit, own = shop.visit(member), shop.rewards.own
    held, bought = shop.hold(visit), shop.buy(visit)
    for redemption, state in ((held, RedemptionState.CANCELLED), (bought, RedemptionState.REVERSED)):
        assert own.cancel(DEVICE, shop.central.envelope(), visit, redemption.redemption_id).state is state
    assert reason_of(own.cancel, DEVICE, shop.central.envelope(), visit, bought.redemption_id) is Reason.WRONG_STATE
    assert (shop.counts(), shop.counter.free(member)[0]) == ((2, 0), 5000)
    fetched = shop.buy(visit)
    shop.rewards.handing_over.fulfil(CLERK, shop.central.envelope(), fetched.pickup_code)
    assert reason_of(own.cancel, DEVICE, shop.central.envelope(), visit, fetched.redemption_id) is Reason.PICKUP_USED
    assert (shop.counts(), shop.counter.free(member)[0]) == ((1, 0), 4500)
    late = shop.buy(visit)
    shop.central.clock.advance(days=20)
    visit = shop.visit(member)
    assert reason_of(own.cancel, DEVICE, shop.central.envelope(), visit, late.redemption_id) is Reason.PICKUP_EXPIRED


def test_whoever_gives_back_gets_one_receipt_and_the_same_for_the_same_request(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 2}))
    visit, own = shop.visit(shop.member()), shop.rewards.own
    held, bought = shop.hold(visit), shop.buy(visit)
    request_id = shop.central.request_id()
    first, again = (own.cancel(DEVICE, shop.central.envelope(request_id), visit, bought.redemption_id) for _ in range(2))
    assert first.undone_by is not None
    assert again.undone_by == first.undone_by
    assert own.cancel(DEVICE, shop.central.envelope(), visit, held.redemption_id).undone_by is None
    assert reason_of(own.cancel, DEVICE, shop.central.envelope(), visit, bought.redemption_id) is Reason.WRONG_STATE
    rows = [row for row in shop.central.rows("receipt") if row["kind"] == "UNDONE"]
    assert [(row["number"], row["code"]) for row in rows] == [(first.undone_by.number, first.undone_by.code)]


def test_a_card_alone_spends_little_and_a_code_lets_the_rest_through(shop: RewardShop) -> None:
    shop.load(reward(points=1000))
    member = shop.member(points=9000)
    visit = shop.visit(member, IdentifiedBy.CARD)
    quoted = [shop.rewards.shelf.quote(DEVICE, visit, Order(reward_id="rice", qty=qty)).needs_code for qty in (2, 3)]
    assert quoted == [False, True]
    assert reason_of(shop.hold, visit, qty=3) is Reason.STEP_UP_NEEDED
    # Small pieces count together.
    shop.buy(visit, qty=2)
    assert shop.rewards.shelf.quote(DEVICE, visit, Order(reward_id="rice")).needs_code
    assert reason_of(shop.hold, visit) is Reason.STEP_UP_NEEDED
    assert shop.counter.free(member)[0] == 7000
    proof = shop.proof(visit)
    assert shop.buy(visit, qty=3, proof=proof).available == 4000
    shop.central.clock.advance(minutes=5)
    assert reason_of(shop.hold, visit, proof=proof) is Reason.STEP_UP_NEEDED
    shop.central.clock.advance(hours=24)
    assert shop.buy(shop.visit(member, IdentifiedBy.CARD), qty=2).available == 2000


def test_a_proof_of_another_number_purpose_or_device_does_not_count(shop: RewardShop) -> None:

    shop.load(reward(points=3000))
    visit = shop.visit(shop.member(), IdentifiedBy.CARD)
    elsewhere = shop.visit(shop.member(), IdentifiedBy.CARD)
    elsewhere_device = shop.visit(shop.member(), IdentifiedBy.CARD, OTHER_DEVICE)
    sign_in = shop.central.proof(str(int(MOBILE) + 1), CodePurpose.SIGN_IN)
    for proof in ("", "forged", sign_in, shop.proof(elsewhere), shop.proof(elsewhere_device, OTHER_DEVICE)):
        assert reason_of(shop.hold, visit, proof=proof) is Reason.STEP_UP_NEEDED
    assert shop.central.count("redemption") == 0


def test_a_code_for_spending_needs_the_visit_and_no_number(shop: RewardShop) -> None:

    visit, send = shop.visit(shop.member()), shop.central.core.enrollment.send_code
    for number, token, wrong in ((MOBILE, visit, Reason.REQUEST_MALFORMED), ("", "", Reason.VISIT_OVER), ("", "forged", Reason.VISIT_OVER)):
        order = CodeOrder(number, CodePurpose.REDEEM, Language.EN, token)
        assert reason_of(send, DEVICE, shop.central.envelope(), order) is wrong
    shop.central.clock.advance(minutes=1)
    sent = send(DEVICE, shop.central.envelope(), CodeOrder("", CodePurpose.REDEEM, Language.EN, visit))
    assert sent.mobile_masked.endswith("8001")


def test_a_receipt_is_written_once_and_says_what_was_bought(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member()
    visit, receipts = shop.visit(member), shop.rewards.receipts
    held = shop.hold(visit)
    assert reason_of(receipts.get, DEVICE, visit, held.redemption_id) is Reason.WRONG_STATE
    assert reason_of(receipts.get, DEVICE, visit, "red_unknown") is Reason.REDEMPTION_UNKNOWN
    assert reason_of(receipts.get, LI, visit, held.redemption_id) is Reason.NOT_PERMITTED
    shop.rewards.own.commit(DEVICE, shop.central.envelope(), visit, held.redemption_id, 500)
    elsewhere = shop.visit(member, device=OTHER_DEVICE)
    assert reason_of(receipts.get, OTHER_DEVICE, elsewhere, held.redemption_id) is Reason.WRONG_DEVICE
    before = shop.central.count("receipt")
    first = receipts.get(DEVICE, visit, held.redemption_id)
    shop.rewards.own.cancel(DEVICE, shop.central.envelope(), visit, held.redemption_id)
    assert receipts.get(DEVICE, visit, held.redemption_id) == first
    assert [row["kind"] for row in shop.central.rows("receipt")][before:] == ["REDEMPTION", "UNDONE"]
