"""Cards that tell what the ledger holds: who may have one written, when it is behind, what a torn writing leaves (invariants I1 to I8)."""

from __future__ import annotations

import pytest

from hardware.card.layout.files import Snapshot
from hardware.emulation.card.memory import CardMemory
from hardware.emulation.card.tears import When
from server_stub.domain.reasons import Reason
from server_stub.storage.audit import row_digest
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.card_desk import CardDesk, Torn, issued_card, new_desk, refused, said_by
from tests.support.central_service import DEVICE, OTHER_DEVICE, Central
from tests.support.ledger_desk import Counter
from tests.support.torn_card import SIGNER, HeldCard, blank, copy_of

OTHER_UID = bytes.fromhex("04aabbccddeeff")
COMMANDS = 8


@pytest.fixture
def desk(central: Central) -> CardDesk:
    return new_desk(central)


def adjust(desk: CardDesk, number: str, points: int) -> None:
    Counter(desk.central).adjust(points, desk.central.member_id(number))


def spend(desk: CardDesk, number: str, points: int = 50) -> str:
    """A member at the kiosk whose points have changed since the card was written; returns the visit's token."""
    adjust(desk, number, -points)
    return visit_of(desk, number)


def visit_of(desk: CardDesk, number: str) -> str:
    member_id = desk.central.member_id(number)
    return desk.central.database.write(
        lambda tx: desk.central.core.visits.begin(tx, member_by_id(tx, member_id), desk.device, IdentifiedBy.CARD)
    )


def row_of(desk: CardDesk) -> tuple[int, int]:
    """Number and points of what the centre has written down for the one card there is."""
    row = desk.central.rows("card")[0]
    return row["snapshot_sequence"], Snapshot.verified(row["snapshot"], SIGNER.public_keys).points


# Refusals.


def test_without_a_visit_of_this_member_at_this_kiosk_no_card_is_written(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    visit = spend(desk, number)
    for token, device in (("", DEVICE), ("forged", DEVICE), (visit, OTHER_DEVICE)):
        with refused(Reason.VISIT_OVER):
            desk.service.begin_update(device, token, memory.uid)
    desk.central.clock.advance(minutes=15)
    with refused(Reason.VISIT_OVER):
        desk.update(HeldCard(memory), visit)
    assert row_of(desk) == (1, 200)


def test_another_members_card_is_answered_like_none_and_never_written(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    other = desk.central.join(mobile="13900139000", name="李四")
    theirs = blank(uid=OTHER_UID)
    desk.confirm(desk.write(HeldCard(theirs), other.issue_grant))
    visit, before = spend(desk, other.membership_number), copy_of(memory)
    with refused(Reason.CARD_UNKNOWN):
        desk.update(HeldCard(memory), visit)
    with refused(Reason.CARD_UNKNOWN):
        desk.service.begin_update(DEVICE, visit, bytes(7))
    assert memory == before, "I7"


@pytest.mark.tampers
def test_a_lost_card_is_not_brought_up_to_date(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    visit = spend(desk, number)
    begun = desk.service.begin_update(DEVICE, visit, memory.uid)
    desk.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE card SET state = 'LOST'"))
    with refused(Reason.CARD_LOST):
        desk.update(HeldCard(memory), visit)
    with refused(Reason.CARD_LOST):
        desk.relay(HeldCard(memory), begun.dialog_id, begun.batch)
    assert said_by(memory).points == 200


def test_a_card_that_holds_what_it_cannot_hold_is_a_copy_and_is_left_alone(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    restored = copy_of(memory)
    for _ in range(2):
        desk.update(HeldCard(memory), spend(desk, number))
    with refused(Reason.CARD_CLONED):
        desk.update(HeldCard(restored), visit_of(desk, number))
    assert (said_by(restored).sequence, said_by(memory).sequence) == (1, 3)


def test_two_contents_with_one_number_are_two_cards(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    said = said_by(memory)
    forged = Snapshot(said.uid, said.sequence, said.tier, 9_999, said.as_of_s, said.transaction_id)
    memory.applications[0].files[1].content = forged.signed(SIGNER)
    with refused(Reason.CARD_CLONED):
        desk.update(HeldCard(memory), spend(desk, number))


def test_a_card_whose_snapshot_does_not_verify_is_damaged(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    memory.applications[0].files[1].content = bytes(128)
    with refused(Reason.CARD_DAMAGED):
        desk.update(HeldCard(memory), spend(desk, number))


# What works.


def test_a_card_tells_what_is_left_and_takes_at_most_eight_commands_for_it(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    visit, card = spend(desk, number), HeldCard(memory)
    desk.update(card, visit)
    assert (said_by(memory).points, said_by(memory).sequence) == row_of(desk)[::-1] == (150, 2)
    assert len(card.trace) <= COMMANDS


def test_a_card_that_is_up_to_date_is_read_and_not_written(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    desk.update(HeldCard(memory), visit_of(desk, number))
    assert (row_of(desk), said_by(memory).sequence) == ((1, 200), 1)


def test_a_visit_says_that_a_card_is_behind_until_it_was_written(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    assert not desk.visit(HeldCard(memory)).is_card_behind
    adjust(desk, number, 70)
    greeting = desk.visit(HeldCard(memory))
    assert greeting.is_card_behind
    desk.update(HeldCard(memory), greeting.visit_token)
    assert not desk.visit(HeldCard(memory)).is_card_behind


def test_every_card_is_as_its_newest_event_says_after_an_update(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    desk.update(HeldCard(memory), spend(desk, number))
    newest = [row for row in desk.central.rows("audit_event") if row["action"].startswith("card.")][-1]
    assert newest["action"] == "card.updating"
    assert newest["row_sha256"] == desk.central.database.read(lambda tx: row_digest(tx, "card", newest["subject_key"]))


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
@pytest.mark.parametrize("skip", range(COMMANDS))
def test_a_card_that_is_torn_away_again_and_again_is_repaired_by_the_tap_that_is_not(desk: CardDesk, skip: int, when: When) -> None:
    """Also where points change between the tears: what was handed out once is written before anything newer."""
    memory, number = issued_card(desk)
    balance = 200
    for _ in range(3):
        visit, balance = spend(desk, number), balance - 50
        torn = HeldCard(memory)
        torn.tear(skip, when)
        with pytest.raises(Torn):
            desk.update(torn, visit)
        assert balance_of(desk, number) == balance, "I5"
        assert said_by(memory).sequence in {row_of(desk)[0] - 1, row_of(desk)[0]}, "I1"
    is_behind = said_by(memory).points != balance
    greeting = desk.visit(HeldCard(memory))
    assert greeting.is_card_behind is is_behind
    desk.update(HeldCard(memory), greeting.visit_token)
    assert (said_by(memory).points, balance_of(desk, number)) == (50, 50), "I4"
    assert is_in_step(desk, memory)


def balance_of(desk: CardDesk, number: str) -> int:
    return Counter(desk.central).free(desk.central.member_id(number))[0]


def is_in_step(desk: CardDesk, memory: CardMemory) -> bool:
    return desk.central.rows("card")[0]["snapshot"] == memory.applications[0].files[1].content
