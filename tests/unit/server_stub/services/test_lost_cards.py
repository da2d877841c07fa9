"""Lost cards at the centre: who may report one, what is refused from then on, what a new card keeps, who hands one in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hardware.emulation.card.memory import CardMemory
from hardware.emulation.card.tears import When
from server_stub.domain.actors import SystemActor
from server_stub.domain.card_standing import CardStanding
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.cards.build import build_cards
from server_stub.services.cards.lost_cards import LossDesks, LossReport, LostCards
from server_stub.services.cards.standing import OwnCard
from server_stub.services.members import MemberView
from server_stub.services.receipts import Receipt, ReceiptFacts, ReceiptKind
from server_stub.storage.cards import CardState
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.card_desk import CardDesk, Torn
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central, ChainingSigner
from tests.support.torn_card import KEYS, SIGNER, HeldCard, blank

NEW_UID = bytes.fromhex("04aabbccddeeff")
THIRD_UID = bytes.fromhex("04112233445566")


@dataclass
class Holder:
    """A member with an active card, before a kiosk."""

    central: Central
    desk: CardDesk
    card: CardMemory
    number: str

    @property
    def lost_cards(self) -> LostCards:
        return self.desk.service.lost_cards

    def by_phone(self, device=DEVICE) -> str:
        proof = self.central.proof(MOBILE, CodePurpose.SIGN_IN, device)
        return self.central.core.members.identify(device, proof).visit_token

    def report(self, visit: str, request_id: str = "", device=DEVICE) -> LossReport:
        return self.lost_cards.report(device, self.central.envelope(request_id), visit)

    def withdraw(self, visit: str, request_id: str = "", device=DEVICE) -> Receipt | None:
        return self.lost_cards.withdraw(device, self.central.envelope(request_id), visit)

    def replace(self, visit: str, request_id: str = "", device=DEVICE) -> str:
        return self.lost_cards.replace(device, self.central.envelope(request_id), visit)

    def replaced(self, visit: str) -> CardMemory:
        """A new card, written and active."""
        memory = blank(uid=NEW_UID)
        self.desk.confirm(self.desk.write(HeldCard(memory), self.replace(visit)))
        return memory

    def view(self, visit: str, device=DEVICE) -> MemberView:
        return self.central.core.members.get_member(device, visit)

    def own_card(self, visit: str, device=DEVICE) -> OwnCard:
        return self.lost_cards.own_card(device, visit)

    def states(self) -> list[CardState]:
        return self.desk.states(self.number)

    def told(self) -> list[str]:
        return [template for template, _ in self.central.messages() if template.startswith("card_")]


@pytest.fixture
def holder(central: Central) -> Holder:
    desk = CardDesk(central, build_cards(central.base, central.core, (KEYS, SIGNER)))
    joined, memory = central.join(), blank()
    desk.confirm(desk.write(HeldCard(memory), joined.issue_grant))
    return Holder(central, desk, memory, joined.membership_number)


def refused(reason: Reason):
    return pytest.raises(Refusal, match=reason.value)


# Refused.


def test_whoever_only_holds_the_card_cannot_report_it_lost(holder: Holder) -> None:
    """A found or borrowed card must not be able to lock its member out."""
    visit = holder.desk.visit(HeldCard(holder.card)).visit_token
    for act in (holder.report, holder.withdraw, holder.replace):
        with refused(Reason.HOLDER_PROOF):
            act(visit)
    assert holder.states() == [CardState.ACTIVE]
    assert holder.central.count("card_report") == 0
    assert holder.told() == []


def test_a_visit_of_another_device_or_of_nobody_reports_nothing(holder: Holder) -> None:
    visit = holder.by_phone()
    for token, device in ((visit, OTHER_DEVICE), ("vis_1.x", DEVICE), ("", DEVICE)):
        with refused(Reason.VISIT_OVER):
            holder.report(token, device=device)
    assert holder.central.count("card_report") == 0


def test_without_a_valid_card_there_is_nothing_to_report(holder: Holder) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    with refused(Reason.CARD_NONE_ACTIVE):
        holder.report(visit)
    assert holder.central.count("card_report") == 1


def test_a_member_whose_first_card_waits_can_report_and_replace_nothing(central: Central) -> None:
    desk = CardDesk(central, build_cards(central.base, central.core, (KEYS, SIGNER)))
    joined = central.join()
    holder = Holder(central, desk, blank(), joined.membership_number)
    visit = holder.by_phone()
    with refused(Reason.CARD_NONE_ACTIVE):
        holder.report(visit)
    with refused(Reason.CARD_NOT_MISSING):
        holder.replace(visit)
    assert holder.own_card(visit).standing is CardStanding.NONE


def test_a_valid_card_is_not_replaced(holder: Holder) -> None:
    with refused(Reason.CARD_NOT_MISSING):
        holder.replace(holder.by_phone())
    assert holder.central.count("issue_grant") == 1


def test_a_new_card_that_another_kiosk_writes_now_is_not_begun_a_second_time(holder: Holder) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    half = HeldCard(blank(uid=NEW_UID))
    half.tear(20, When.AFTER)
    with pytest.raises(Torn):
        holder.desk.write(half, holder.replace(visit))
    elsewhere = holder.by_phone(OTHER_DEVICE)
    with refused(Reason.REPLACEMENT_OPEN):
        holder.replace(elsewhere, device=OTHER_DEVICE)
    assert holder.replace(holder.by_phone())
    # Left behind: after a while another kiosk may, and the half-written one is spoiled by it.
    holder.central.clock.advance(minutes=6)
    there = CardDesk(holder.central, holder.desk.service, OTHER_DEVICE)
    grant = holder.replace(holder.by_phone(OTHER_DEVICE), device=OTHER_DEVICE)
    there.confirm(there.write(HeldCard(blank(uid=THIRD_UID)), grant))
    assert holder.states() == [CardState.LOST, CardState.SPOILED, CardState.ACTIVE]


def test_where_a_new_card_costs_a_fee_the_kiosk_says_so_and_gives_none(holder: Holder) -> None:
    core = holder.central.core
    desks = LossDesks(core.visits, core.grants, core.notifications, core.receipts, core.ledger.accounts)
    dear = LostCards(holder.central.base, desks, 1000)
    visit = holder.by_phone()
    holder.report(visit)
    with refused(Reason.REPLACEMENT_FEE):
        dear.replace(DEVICE, holder.central.envelope(), visit)


def test_a_report_is_not_taken_back_by_another_visit(holder: Holder) -> None:
    holder.report(holder.by_phone())
    with refused(Reason.LOSS_FINAL):
        holder.withdraw(holder.by_phone())
    assert holder.states() == [CardState.LOST]


@pytest.mark.parametrize("tear_at", [None, 5, 20])
def test_once_a_new_card_was_begun_the_lost_one_is_never_valid_again(holder: Holder, tear_at: int | None) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    new = HeldCard(blank(uid=NEW_UID))
    grant = holder.replace(visit)
    if tear_at is None:
        holder.desk.confirm(holder.desk.write(new, grant))
    else:
        new.tear(tear_at, When.AFTER)
        with pytest.raises(Torn):
            holder.desk.write(new, grant)
    is_begun = len(holder.states()) > 1
    if not is_begun:
        holder.withdraw(visit)
        return
    with refused(Reason.LOSS_FINAL):
        holder.withdraw(visit)
    assert not holder.own_card(visit).may_withdraw
    assert holder.states()[0] is CardState.LOST


def test_a_spoiled_new_card_does_not_make_the_lost_one_valid_either(holder: Holder) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    new = HeldCard(blank(uid=NEW_UID))
    new.tear(20, When.AFTER)
    with pytest.raises(Torn):
        holder.desk.write(new, holder.replace(visit))
    holder.desk.give_up(holder.desk.last_issue_id)
    assert holder.states() == [CardState.LOST, CardState.SPOILED]
    with refused(Reason.LOSS_FINAL):
        holder.withdraw(visit)
    assert holder.desk.write(HeldCard(blank(uid=THIRD_UID)), holder.replace(visit))


def test_a_withdrawn_report_leaves_no_permission_for_a_second_card(holder: Holder) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    grant = holder.replace(visit)
    holder.withdraw(visit)
    with refused(Reason.ISSUE_GRANT):
        holder.desk.begin(HeldCard(blank(uid=NEW_UID)), grant)
    assert holder.states() == [CardState.ACTIVE]


@pytest.mark.parametrize("uid", [b"", bytes(4), NEW_UID])
def test_a_card_of_nobody_is_not_turned_in(holder: Holder, uid: bytes) -> None:
    with refused(Reason.CARD_UNKNOWN):
        holder.lost_cards.turn_in(DEVICE, holder.central.envelope(), uid)
    assert holder.central.count("card_report") == 0


def test_a_hotlist_before_the_first_version_is_refused(holder: Holder) -> None:
    with refused(Reason.REQUEST_MALFORMED):
        holder.lost_cards.hotlist(DEVICE, -1)


# Works.


def test_a_lost_card_is_refused_at_once_everywhere_and_says_since_when(holder: Holder) -> None:
    lost_on = holder.report(holder.by_phone()).lost_on
    for device in (DEVICE, OTHER_DEVICE):
        with refused(Reason.CARD_LOST) as caught:
            holder.desk.service.begin_visit(device, holder.card.uid)
        assert caught.value.refused.on_day == lost_on
    other = holder.central.join(mobile="13900139000", name="李四")
    with refused(Reason.CARD_LOST):
        holder.desk.begin(HeldCard(holder.card), other.issue_grant)
    assert holder.told() == ["card_lost"]


def test_a_visit_that_the_lost_card_began_elsewhere_is_over(holder: Holder) -> None:
    there = CardDesk(holder.central, holder.desk.service, OTHER_DEVICE)
    visit = holder.by_phone()
    thief = there.visit(HeldCard(holder.card)).visit_token
    begun = there.begin_visit(HeldCard(holder.card))
    holder.report(visit)
    with refused(Reason.VISIT_OVER):
        holder.view(thief, OTHER_DEVICE)
    with refused(Reason.CARD_LOST):
        there.finish_visit(HeldCard(holder.card), begun)


def test_a_code_that_the_lost_card_showed_ends_with_it_used_or_not(holder: Holder) -> None:
    codes = holder.central.core.codes
    # Begun first, because proving a phone takes a minute of the clock: the kept code must still be young when it is refused.
    visit = holder.by_phone()
    thief = holder.desk.visit(HeldCard(holder.card)).visit_token
    used, kept = (codes.show(DEVICE, thief).text for _ in range(2))
    elsewhere = codes.identify(OTHER_DEVICE, used).visit_token
    holder.central.clock.advance(seconds=5)
    holder.report(visit)
    with refused(Reason.VISIT_OVER):
        holder.view(elsewhere, OTHER_DEVICE)
    with refused(Reason.MEMBER_CODE_EXPIRED):
        codes.identify(OTHER_DEVICE, kept)
    assert holder.view(visit)
    holder.central.clock.advance(seconds=31)
    assert codes.identify(OTHER_DEVICE, codes.show(DEVICE, visit).text).visit_token


def test_a_visit_that_paper_took_up_ends_with_the_report_and_no_paper_of_before_takes_it_up_again(holder: Holder) -> None:
    """The finder of a bag has the card and the slip."""
    central = holder.central
    member_id = central.member_id(holder.number)
    member = central.database.read(lambda tx: member_by_id(tx, member_id))
    visit = holder.by_phone()
    thief = central.database.write(lambda tx: central.core.members.begin_visit(tx, member, OTHER_DEVICE, IdentifiedBy.RECEIPT)).visit_token
    left = central.database.write(lambda tx: central.core.members.begin_visit(tx, member, OTHER_DEVICE, IdentifiedBy.RECEIPT)).visit_token
    central.core.members.end_visit(OTHER_DEVICE, left, "coupons")
    holder.report(visit)
    with refused(Reason.VISIT_OVER):
        holder.view(thief, OTHER_DEVICE)
    assert {row["left_at_page"] for row in central.rows("visit")} == {None}


def test_a_code_from_a_kiosk_whose_clock_is_ahead_ends_with_the_report_too(holder: Holder) -> None:
    codes, visit = holder.central.core.codes, holder.by_phone()
    thief = holder.desk.visit(HeldCard(holder.card)).visit_token
    holder.central.clock.advance(seconds=20)
    ahead = codes.show(DEVICE, thief).text
    holder.central.clock.advance(seconds=-15)
    holder.report(visit)
    holder.central.clock.advance(seconds=20)
    with refused(Reason.MEMBER_CODE_EXPIRED):
        codes.identify(OTHER_DEVICE, ahead)


def test_the_code_of_another_member_is_good_while_a_card_is_reported(holder: Holder) -> None:
    other = holder.central.join(mobile="13900139000", name="李四").membership_number
    holder.central.activate(holder.central.member_id(other))
    visit = holder.by_phone()
    text = holder.central.core.codes.make_for(SystemActor("app"), other).text
    holder.report(visit)
    assert holder.central.core.codes.identify(OTHER_DEVICE, text).visit_token


def test_the_same_report_twice_has_one_effect_and_one_message(holder: Holder) -> None:
    visit, request_id = holder.by_phone(), holder.central.request_id()
    assert holder.report(visit, request_id) == holder.report(visit, request_id)
    assert holder.central.count("card_report") == 1
    assert holder.told() == ["card_lost"]


def test_a_report_and_its_end_are_proved_each_by_one_receipt_and_the_same_for_the_same_request(holder: Holder) -> None:
    visit, before = holder.by_phone(), holder.central.count("receipt")
    with refused(Reason.LOSS_FINAL):
        holder.withdraw(visit)
    assert holder.central.count("receipt") == before
    reporting, withdrawing = holder.central.request_id(), holder.central.request_id()
    reported, found = holder.report(visit, reporting).receipt, holder.withdraw(visit, withdrawing)
    holder.central.clock.advance(minutes=1)
    assert (holder.report(visit, reporting).receipt, holder.withdraw(visit, withdrawing)) == (reported, found)
    rows = holder.central.rows("receipt")[before:]
    assert [row["kind"] for row in rows] == ["LOST", "FOUND"]
    assert [Receipt(row["number"], row["code"]) for row in rows] == [reported, found]


def test_a_receipt_says_the_points_that_the_home_page_says(holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed and on paper it is never corrected: what expired meanwhile and was not posted yet is not there."""
    said: list[ReceiptFacts] = []
    sign = ChainingSigner.sign
    monkeypatch.setattr(ChainingSigner, "sign", lambda self, facts, *more: said.append(facts) or sign(self, facts, *more))
    holder.central.clock.advance(days=400)
    visit = holder.by_phone()
    assert holder.view(visit).points_available == 0
    holder.report(visit)
    holder.withdraw(visit)
    assert [(facts.kind, facts.points) for facts in said] == [(ReceiptKind.LOST, 0), (ReceiptKind.FOUND, 0)]


def test_a_new_card_keeps_points_tier_coupons_and_number_and_says_that_it_is_one(holder: Holder) -> None:
    visit = holder.by_phone()
    before = holder.view(visit)
    holder.report(visit)
    new = blank(uid=NEW_UID)
    issued = holder.desk.confirm(holder.desk.write(HeldCard(new), holder.replace(visit)))
    after = holder.view(visit)
    same = ("membership_number_masked", "tier", "points_available", "points_pending", "points_expiring", "points_expire_on", "coupons")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert (issued.is_replacement, issued.points) == (True, before.points_available)
    assert holder.states() == [CardState.LOST, CardState.ACTIVE]
    assert [row["issue_number"] for row in holder.central.rows("card")] == [1, 2]
    assert holder.desk.visit(HeldCard(new)).name_masked == "欧阳**"
    with refused(Reason.CARD_LOST):
        holder.desk.begin_visit(HeldCard(holder.card))
    assert holder.told() == ["card_lost", "card_replaced"]
    assert [template for template, _ in holder.central.messages()].count("welcome") == 1


def test_the_new_card_can_be_lost_in_its_turn(holder: Holder) -> None:
    holder.report(first := holder.by_phone())
    holder.replaced(first)
    holder.report(holder.by_phone())
    assert holder.states() == [CardState.LOST, CardState.LOST]


def test_a_mistaken_report_is_taken_back_in_the_same_visit(holder: Holder) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    assert holder.own_card(visit).may_withdraw
    request_id = holder.central.request_id()
    holder.withdraw(visit, request_id)
    holder.withdraw(visit, request_id)
    assert holder.states() == [CardState.ACTIVE]
    assert holder.desk.visit(HeldCard(holder.card)).name_masked == "欧阳**"
    assert holder.told() == ["card_lost", "card_loss_withdrawn"]


def test_a_member_is_told_how_it_stands_with_the_card(holder: Holder) -> None:
    by_card = holder.desk.visit(HeldCard(holder.card)).visit_token
    held = holder.own_card(by_card)
    assert (held.standing, held.is_holder_proved) == (CardStanding.ACTIVE, False)
    visit = holder.by_phone()
    assert holder.own_card(visit).is_holder_proved
    lost_on = holder.report(visit).lost_on
    lost = holder.own_card(visit)
    assert (lost.standing, lost.lost_on) == (CardStanding.LOST, lost_on)
    elsewhere = holder.own_card(holder.by_phone(OTHER_DEVICE), OTHER_DEVICE)
    assert (elsewhere.standing, elsewhere.may_withdraw) == (CardStanding.LOST, False)


def test_a_card_that_is_turned_in_stays_as_it_is_and_its_member_hears_of_it_once_a_day(holder: Holder) -> None:
    for _ in range(3):
        holder.lost_cards.turn_in(DEVICE, holder.central.envelope(), holder.card.uid)
        holder.central.clock.advance(minutes=1)
    assert holder.states() == [CardState.ACTIVE]
    assert holder.told() == ["card_turned_in"]
    holder.central.clock.advance(days=1)
    holder.report(holder.by_phone())
    holder.lost_cards.turn_in(DEVICE, holder.central.envelope(), holder.card.uid)
    assert holder.states() == [CardState.LOST]
    assert holder.told() == ["card_turned_in", "card_lost", "card_turned_in"]


def test_devices_follow_the_hotlist_by_its_version(holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert holder.lost_cards.hotlist(DEVICE, 0).changes == ()
    visit = holder.by_phone()
    lost_on = holder.report(visit).lost_on
    first = holder.lost_cards.hotlist(DEVICE, 0)
    assert [(one.uid, one.is_listed, one.lost_on) for one in first.changes] == [(holder.card.uid, True, lost_on)]
    holder.withdraw(visit)
    holder.lost_cards.turn_in(DEVICE, holder.central.envelope(), holder.card.uid)
    since = holder.lost_cards.hotlist(OTHER_DEVICE, first.version)
    assert [(one.uid, one.is_listed) for one in since.changes] == [(holder.card.uid, False)]
    assert holder.lost_cards.hotlist(DEVICE, since.version).changes == ()
    monkeypatch.setattr("server_stub.services.cards.lost_cards.HOTLIST_PAGE", 1)
    page = holder.lost_cards.hotlist(DEVICE, 0)
    assert (len(page.changes), page.has_more, page.version) == (1, True, first.version)


def test_what_was_reported_is_in_the_audit(holder: Holder) -> None:
    visit = holder.by_phone()
    holder.report(visit)
    holder.withdraw(visit)
    holder.lost_cards.turn_in(DEVICE, holder.central.envelope(), holder.card.uid)
    actions = [row["action"] for row in holder.central.rows("audit_event") if row["subject_table"] == "card"]
    assert actions[-3:] == ["card.lost", "card.loss_withdrawn", "card.turned_in"]
