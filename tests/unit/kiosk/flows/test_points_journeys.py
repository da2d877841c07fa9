"""Points and purchases as scripts: what is refused, what comes late, what is printed once, and where back leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.member.errands import PLACES, Errand
from kiosk.flows.member.flow import MEMBER
from kiosk.flows.member.state import ErrandChosen, MemberHome
from kiosk.flows.places import ToMember, ToMenu, ToPoints, ToPurchases
from kiosk.flows.points.flow import POINTS, asking
from kiosk.flows.points.state import (
    AccountLoaded,
    EntriesChosen,
    EntriesLoaded,
    ExplainPurchase,
    LoadAccount,
    LoadEntries,
    LoadingEntries,
    LoadingPoints,
    LoadingPurchase,
    LoadingPurchases,
    LoadPurchase,
    LoadPurchases,
    LoadStatement,
    MoreChosen,
    PointsByEntry,
    PointsByLot,
    PointsUnavailable,
    PreparingStatement,
    PrintAgainChosen,
    PrintStatement,
    PurchaseChosen,
    PurchaseExplained,
    PurchaseList,
    PurchaseLoaded,
    PurchaseNotExplained,
    PurchaseShown,
    PurchasesLoaded,
    StatementChosen,
    StatementReady,
)
from kiosk.flows.register.state import SlipFailed, SlipPrinted
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, LanguageSwitched, RetryChosen
from kiosk.ports.points import EntriesPage, PurchasesPage
from kiosk.ports.values import Language, Reason
from kiosk.session.beginnings import begin
from kiosk.session.open_visits import visit_token
from tests.support.flow_samples import ACCOUNT, DETAIL, ENTRY, MEMBERSHIP, NUMBER, PURCHASE, PURCHASES, VISITOR, WHY
from tests.support.journey import Journey

FIRST = EntriesLoaded(EntriesPage((ENTRY,), "older"))


def by_lot() -> Journey:
    return Journey(POINTS, asking(LoadingPoints(VISITOR, NUMBER))).asks(LoadAccount).on(AccountLoaded(ACCOUNT)).expect(PointsByLot)


def test_what_cannot_be_had_can_be_asked_for_again_or_left() -> None:
    journey = Journey(POINTS, LoadingPoints(VISITOR, NUMBER)).on(DeskUnreachable()).expect(PointsUnavailable, reason="UNREACHABLE")
    journey.on(RetryChosen()).expect(LoadingPoints).asks(LoadAccount)
    journey.on(DeskRefused(Reason("RATE_LIMITED")), Continued()).goes(ToMember)


def test_a_visit_that_is_over_leads_to_the_menu_because_home_would_be_refused_too() -> None:
    Journey(POINTS, LoadingPurchases(VISITOR, NUMBER)).on(DeskRefused(Reason("VISIT_OVER")), Continued()).goes(ToMenu)


def test_a_refused_older_page_is_asked_for_again_and_keeps_what_is_there() -> None:
    journey = by_lot().on(EntriesChosen()).expect(LoadingEntries).asks(LoadEntries).on(FIRST).expect(PointsByEntry, next_page="older")
    journey.on(MoreChosen()).expect(PointsByEntry, is_loading=True).asks(LoadEntries)
    journey.on(MoreChosen()).asks()
    journey.on(DeskUnreachable()).expect(PointsUnavailable).on(RetryChosen()).expect(PointsByEntry, entries=(ENTRY,)).asks(LoadEntries)
    older = replace(ENTRY, balance=7)
    journey.on(EntriesLoaded(EntriesPage((older,), ""), "older")).expect(PointsByEntry, entries=(ENTRY, older), is_loading=False)
    journey.on(MoreChosen()).asks()


def test_an_older_page_that_comes_late_is_not_taken_for_the_newest() -> None:
    late = EntriesLoaded(EntriesPage((ENTRY,), ""), "older")
    journey = by_lot().on(EntriesChosen(), FIRST, MoreChosen(), Back()).expect(PointsByLot)
    journey.on(EntriesChosen(), late).expect(LoadingEntries)
    journey.on(Back(), StatementChosen(), late).expect(PreparingStatement)
    Journey(POINTS, LoadingPurchases(VISITOR, NUMBER)).on(PurchasesLoaded(PurchasesPage((), "", 0), "older")).expect(LoadingPurchases)


def test_a_refusal_that_comes_late_disturbs_no_page_that_asks_for_nothing() -> None:
    by_lot().on(DeskRefused(Reason("RATE_LIMITED"))).expect(PointsByLot)
    by_lot().on(EntriesChosen(), FIRST, DeskUnreachable()).expect(PointsByEntry)


def test_a_statement_is_printed_once_and_then_only_as_a_copy() -> None:
    journey = by_lot().on(StatementChosen()).expect(PreparingStatement).asks(LoadStatement).on(FIRST)
    journey.expect(StatementReady, slip="printing").asks(PrintStatement)
    assert not journey.state.statement.is_whole
    assert (journey.state.statement.number_masked, journey.state.statement.account) == (NUMBER, ACCOUNT)
    journey.on(PrintAgainChosen()).asks()
    journey.on(SlipPrinted()).expect(StatementReady, slip="printed").on(PrintAgainChosen())
    assert journey.last.effects[0].is_copy
    journey.on(SlipPrinted(), PrintAgainChosen()).asks()
    journey.on(Back()).expect(PointsByLot)


@pytest.mark.parametrize(("is_unknown", "slip", "is_copy"), [(False, "failed", False), (True, "unknown", True)])
def test_what_may_have_come_out_is_printed_again_as_a_copy_only(is_unknown: bool, slip: str, is_copy: bool) -> None:
    failed = SlipFailed(Reason("PAPER_OUT"), is_unknown=is_unknown)
    journey = by_lot().on(StatementChosen(), FIRST, failed).expect(StatementReady, slip=slip, reason="PAPER_OUT").on(PrintAgainChosen())
    assert journey.last.effects[0].is_copy is is_copy


def test_a_purchase_is_shown_and_back_leads_to_the_list_where_it_was() -> None:
    journey = Journey(POINTS, asking(LoadingPurchases(VISITOR, NUMBER))).asks(LoadPurchases)
    journey.on(PurchasesLoaded(PurchasesPage((PURCHASE,), "older", 2))).expect(PurchaseList, total=2)
    journey.on(PurchaseChosen("S1")).expect(LoadingPurchase, sale_id="S1").asks(LoadPurchase)
    other = replace(DETAIL, purchase=replace(PURCHASE, sale_id="S0"))
    journey.on(PurchaseLoaded(other)).expect(LoadingPurchase).on(PurchaseLoaded(DETAIL)).expect(PurchaseShown)
    journey.on(Back()).expect(PurchaseList, purchases=(PURCHASE,))
    # While an older page is on its way, its answer needs the list.
    journey.on(MoreChosen(), PurchaseChosen("S1")).expect(PurchaseList, is_loading=True).asks()
    journey.on(PurchasesLoaded(PurchasesPage((PURCHASE,), "", 2), "older")).expect(PurchaseList, next_page="", is_loading=False)
    assert len(journey.state.purchases) == 2
    journey.on(Back()).goes(ToMember)


def shown() -> Journey:
    return Journey(POINTS, LoadingPurchase(VISITOR, PURCHASES, "S1")).on(PurchaseLoaded(DETAIL)).asks(ExplainPurchase)


def test_a_purchase_stays_on_the_page_where_nobody_says_why_and_the_question_can_be_asked_again() -> None:
    unsaid = PurchaseNotExplained("S1", Reason("RATE_LIMITED"))
    journey = shown().on(unsaid).expect(PurchaseShown, detail=DETAIL, why=None, why_not="RATE_LIMITED")
    journey.on(RetryChosen()).expect(PurchaseShown, why_not=None).asks(ExplainPurchase)
    journey.on(PurchaseExplained("S1", WHY)).expect(PurchaseShown, why=WHY, why_not=None)
    # What has been said is not asked for again, and a late failure does not take it away.
    journey.on(RetryChosen(), unsaid).expect(PurchaseShown, why=WHY, why_not=None).asks()


def test_the_explanation_of_another_purchase_is_not_taken_for_that_of_this_one() -> None:
    other = PurchaseNotExplained("S0", Reason("RATE_LIMITED"))
    shown().on(PurchaseExplained("S0", WHY), other).expect(PurchaseShown, why=None, why_not=None)


def test_names_in_an_explanation_are_asked_for_again_in_another_language() -> None:
    shown().on(PurchaseExplained("S1", WHY), LanguageSwitched(Language.EN)).expect(PurchaseShown, why=None).asks(ExplainPurchase)


def test_in_another_language_campaigns_are_called_anew_and_the_lots_stay_on_the_page() -> None:
    other = replace(ACCOUNT, lots=tuple(replace(lot, campaign="Family baking") for lot in ACCOUNT.lots))
    journey = by_lot().on(LanguageSwitched(Language.EN)).expect(PointsByLot, account=ACCOUNT).asks(LoadAccount)
    journey.on(DeskUnreachable()).expect(PointsByLot, account=ACCOUNT)
    journey.on(AccountLoaded(other)).expect(PointsByLot, account=other)


def test_movements_begin_at_the_newest_in_another_language_and_lead_back_to_lots_in_it() -> None:
    other, first = replace(ACCOUNT, debt=7), EntriesLoaded(EntriesPage((replace(ENTRY, campaign="Family baking"),), ""))
    journey = by_lot().on(EntriesChosen(), FIRST, MoreChosen(), LanguageSwitched(Language.EN))
    journey.expect(LoadingEntries).asks(LoadAccount, LoadEntries)
    # The older page in the language of before is on its way still.
    journey.on(EntriesLoaded(EntriesPage((ENTRY,), ""), "older")).expect(LoadingEntries)
    journey.on(first).expect(PointsByEntry, entries=first.page.entries, account=ACCOUNT)
    journey.on(AccountLoaded(other)).expect(PointsByEntry, account=other).on(Back()).expect(PointsByLot, account=other)


def test_a_copy_in_another_language_calls_campaigns_in_it() -> None:
    other, page = replace(ACCOUNT, debt=7), EntriesPage((replace(ENTRY, campaign="Family baking"),), "")
    journey = by_lot().on(StatementChosen(), FIRST, SlipPrinted(), LanguageSwitched(Language.EN))
    journey.expect(StatementReady, slip="printed").asks(LoadAccount, LoadStatement)
    journey.on(EntriesLoaded(EntriesPage((ENTRY,), ""), "older"), AccountLoaded(other), EntriesLoaded(page)).on(PrintAgainChosen())
    (prints,) = journey.last.effects
    assert (prints.statement.account, prints.statement.entries, prints.statement.is_whole) == (other, page.entries, True)
    assert prints.is_copy


def test_every_state_holds_the_visit_so_that_it_can_be_ended() -> None:
    journey = by_lot()
    for event in (EntriesChosen(), FIRST, StatementChosen(), FIRST, SlipPrinted()):
        journey.on(event)
        assert visit_token(journey.state) == VISITOR.visit_token


@pytest.mark.parametrize(("tile", "place"), [(Errand.POINTS, ToPoints), (Errand.PURCHASES, ToPurchases)])
def test_a_tile_of_the_home_leads_to_its_journey_with_the_visit(tile: Errand, place: type) -> None:
    to = Journey(MEMBER, MemberHome(VISITOR, MEMBERSHIP)).on(ErrandChosen(tile)).goes(place)
    assert to == place(VISITOR, MEMBERSHIP.membership_number_masked)
    _flow, first = begin(to)
    assert visit_token(first.state) == VISITOR.visit_token


def test_every_tile_has_a_way_in_the_order_in_which_tiles_lie() -> None:
    assert list(PLACES) == list(Errand)
