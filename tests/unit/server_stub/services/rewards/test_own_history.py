"""A member's own redemptions: found again at every kiosk, with what can still be done about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.rewards.own_history import HistoryPage
from server_stub.services.rewards.shelf import Paging
from server_stub.storage.members import IdentifiedBy
from tests.support.central_service import DEVICE, LI, OTHER_DEVICE
from tests.support.reward_shop import CLERK, reward

if TYPE_CHECKING:
    from tests.support.reward_shop import RewardShop


def page(shop: RewardShop, visit: str, paging: Paging | None = None, device: Any = DEVICE) -> HistoryPage:
    return shop.rewards.history.page(device, visit, Language.EN, paging or Paging())


def states(shop: RewardShop, visit: str, device: Any = DEVICE) -> list[tuple[RedemptionState, bool, bool]]:
    return [(own.now.state, own.is_here, own.can_be_undone) for own in page(shop, visit, device=device).redemptions]


def test_who_has_no_visit_or_asks_for_no_page_sees_nothing(shop: RewardShop) -> None:
    visit = shop.visit(shop.member())
    wrong: list[tuple[Any, str, Any, Paging, Reason]] = [
        (LI, visit, Language.EN, Paging(), Reason.NOT_PERMITTED),
        (DEVICE, "forged", Language.EN, Paging(), Reason.VISIT_OVER),
        (OTHER_DEVICE, visit, Language.EN, Paging(), Reason.VISIT_OVER),
        (DEVICE, visit, None, Paging(), Reason.REQUEST_MALFORMED),
        (DEVICE, visit, Language.EN, Paging("x"), Reason.REQUEST_MALFORMED),
        (DEVICE, visit, Language.EN, Paging(size=61), Reason.REQUEST_MALFORMED),
    ]
    for actor, token, language, paging, reason in wrong:
        with pytest.raises(Refusal, match=reason.value):
            shop.rewards.history.page(actor, token, language, paging)
    assert page(shop, visit) == HistoryPage((), "")


def test_everybody_sees_their_own_the_newest_first_and_what_can_be_done_about_each(shop: RewardShop) -> None:
    shop.load(reward(stock={"lakeside": 9}, picture="reward-rice"), reward("towel", 100))
    member = shop.member()
    visit = shop.visit(member)
    picked_up, undone, waiting = (shop.buy(visit, name, qty) for name, qty in (("rice", 2), ("towel", 1), ("rice", 1)))
    shop.hold(visit, "towel")
    shop.buy(shop.visit(shop.member()), "towel")
    shop.rewards.handing_over.fulfil(CLERK, shop.central.envelope(), picked_up.pickup_code)
    shop.rewards.own.cancel(DEVICE, shop.central.envelope(), visit, undone.redemption_id)
    found = page(shop, visit).redemptions
    assert {own.now.redemption_id for own in found} == {picked_up.redemption_id, undone.redemption_id, waiting.redemption_id}
    by_id = {own.now.redemption_id: own for own in found}
    kept, gone = by_id[waiting.redemption_id], by_id[picked_up.redemption_id]
    assert (kept.title, kept.picture, kept.qty, kept.store_name, kept.now.points) == ("rice", "reward-rice", 1, "湖滨店", 500)
    assert (kept.now.pickup_code, kept.can_be_undone, kept.is_here) == (waiting.pickup_code, True, True)
    assert (gone.now.state, gone.now.pickup_code, gone.can_be_undone, gone.qty) == (RedemptionState.FULFILLED, "", False, 2)
    assert by_id[undone.redemption_id].now.state is RedemptionState.REVERSED


def test_another_kiosk_shows_it_and_can_undo_it(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member()
    bought = shop.buy(shop.visit(member))
    elsewhere = shop.visit(member, device=OTHER_DEVICE)
    assert states(shop, elsewhere, OTHER_DEVICE) == [(RedemptionState.COMMITTED, False, True)]
    shop.rewards.own.cancel(OTHER_DEVICE, shop.central.envelope(), elsewhere, bought.redemption_id)
    assert states(shop, elsewhere, OTHER_DEVICE) == [(RedemptionState.REVERSED, False, False)]


UNPROVED = [IdentifiedBy.CARD, IdentifiedBy.CODE, IdentifiedBy.RECEIPT, IdentifiedBy.ISSUE]


@pytest.mark.parametrize("by", UNPROVED)
def test_who_found_card_or_paper_neither_fetches_nor_gives_back_what_its_member_redeemed(shop: RewardShop, by: IdentifiedBy) -> None:
    shop.load(reward())
    member = shop.member()
    bought, held = shop.buy(shop.visit(member)), shop.hold(shop.visit(member))
    shop.rewards.receipts.get(DEVICE, shop.visit(member), bought.redemption_id)
    shop.central.clock.advance(seconds=1)
    found, envelope, own = shop.visit(member, by), shop.central.envelope, shop.rewards.own
    (seen,) = page(shop, found).redemptions
    assert (seen.now.state, seen.now.pickup_code, seen.can_be_undone) == (RedemptionState.COMMITTED, "", False)
    assert (seen.now.until, seen.title, seen.qty) == (bought.until, "rice", 1)
    for refused in (
        lambda: own.cancel(DEVICE, envelope(), found, bought.redemption_id),
        lambda: own.cancel(DEVICE, envelope(), found, held.redemption_id),
        lambda: own.commit(DEVICE, envelope(), found, held.redemption_id, held.points),
        lambda: shop.rewards.receipts.get(DEVICE, found, bought.redemption_id),
    ):
        with pytest.raises(Refusal, match="HOLDER_PROOF"):
            refused()
    assert shop.counter.free(member)[0] == 4000, "nothing moved"
    proved = shop.visit(member)
    assert page(shop, proved).redemptions[0].now.pickup_code == bought.pickup_code
    own.cancel(DEVICE, envelope(), proved, bought.redemption_id)


def test_a_card_sees_and_undoes_what_it_redeemed_in_the_same_visit_and_not_in_the_next_one(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member()
    visit = shop.visit(member, IdentifiedBy.CARD)
    first, second = shop.buy(visit), shop.buy(visit)
    assert {own.now.pickup_code for own in page(shop, visit).redemptions} == {first.pickup_code, second.pickup_code}
    assert shop.rewards.receipts.get(DEVICE, visit, first.redemption_id).code
    assert shop.rewards.own.cancel(DEVICE, shop.central.envelope(), visit, first.redemption_id).state is RedemptionState.REVERSED
    shop.central.clock.advance(seconds=1)
    again = shop.visit(member, IdentifiedBy.CARD)
    elsewhere = shop.visit(member, IdentifiedBy.CARD, OTHER_DEVICE)
    for token, device in ((again, DEVICE), (elsewhere, OTHER_DEVICE)):
        assert {own.now.pickup_code for own in page(shop, token, device=device).redemptions} == {""}
        with pytest.raises(Refusal, match="HOLDER_PROOF"):
            shop.rewards.own.cancel(device, shop.central.envelope(), token, second.redemption_id)


def test_a_card_that_lies_at_another_kiosk_meanwhile_undoes_nothing_of_what_is_redeemed_here(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member()
    found = shop.visit(member, IdentifiedBy.CARD, OTHER_DEVICE)
    shop.central.clock.advance(seconds=1)
    bought = shop.buy(shop.visit(member))
    assert page(shop, found, device=OTHER_DEVICE).redemptions[0].now.pickup_code == ""
    with pytest.raises(Refusal, match="HOLDER_PROOF"):
        shop.rewards.own.cancel(OTHER_DEVICE, shop.central.envelope(), found, bought.redemption_id)


def test_the_receipt_of_what_was_picked_up_is_shown_to_a_card_too(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member()
    bought = shop.buy(shop.visit(member))
    shop.rewards.handing_over.fulfil(CLERK, shop.central.envelope(), bought.pickup_code)
    shop.central.clock.advance(seconds=1)
    assert shop.rewards.receipts.get(DEVICE, shop.visit(member, IdentifiedBy.CARD), bought.redemption_id).code


def test_what_was_not_picked_up_in_time_is_back_before_it_is_shown(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member(points=500)
    shop.buy(shop.visit(member))
    shop.central.clock.advance(days=16)
    (own,) = page(shop, shop.visit(member)).redemptions
    assert (own.now.state, own.now.available, own.can_be_undone) == (RedemptionState.REVERSED, 500, False)


def test_what_is_older_than_twelve_months_is_not_shown_any_more(shop: RewardShop) -> None:
    shop.load(reward())
    member = shop.member()
    shop.buy(shop.visit(member))
    shop.central.clock.advance(days=364)
    assert len(page(shop, shop.visit(member)).redemptions) == 1
    shop.central.clock.advance(days=3)
    assert page(shop, shop.visit(member)).redemptions == ()


def test_pages_hold_what_they_are_asked_to(shop: RewardShop) -> None:
    shop.load(reward("towel", 10))
    visit = shop.visit(shop.member())
    for _ in range(7):
        shop.central.clock.advance(seconds=1)
        shop.buy(visit, "towel")
    first = page(shop, visit)
    rest = page(shop, visit, Paging(first.next_page_token))
    assert [len(found.redemptions) for found in (first, rest)] == [6, 1]
    moments = [own.made_at for found in (first, rest) for own in found.redemptions]
    assert moments == sorted(moments, reverse=True)
    assert rest.next_page_token == ""
