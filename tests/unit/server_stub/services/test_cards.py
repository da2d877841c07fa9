"""Cards at the centre with a virtual card: what is refused, what is recorded, what a torn card becomes."""

from __future__ import annotations

import pytest

from hardware.card.api import Command
from hardware.card.layout.profile import AID
from hardware.card.layout.roles import KeyRole
from hardware.card.relay import relay
from hardware.emulation.card.kinds import Kind
from hardware.emulation.card.memory import AES, Application, Key
from hardware.emulation.card.tears import When
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.reasons import Reason
from server_stub.services.cards.dialog import Batch
from server_stub.services.cards.issuing import ATTEMPTS_AT_MOST, AbortCause
from server_stub.storage.audit import row_digest
from server_stub.storage.cards import CardState
from tests.support.card_desk import CardDesk, Torn, issued_card, new_desk, refused
from tests.support.central_service import DEVICE, OTHER_DEVICE, Central
from tests.support.torn_card import UID, HeldCard, blank, copy_of, order, personalise

OTHER_UID = bytes.fromhex("04aabbccddeeff")


@pytest.fixture
def desk(central: Central) -> CardDesk:
    return new_desk(central)


def test_a_new_member_is_greeted_by_the_masked_name_also_when_the_answer_is_asked_for_again(desk: CardDesk) -> None:
    joined = desk.central.join()
    issue_id = desk.write(HeldCard(blank()), joined.issue_grant)
    request_id = desk.central.request_id()
    first, again = desk.confirm(issue_id, request_id), desk.confirm(issue_id, request_id)
    assert first.name_masked == again.name_masked == "欧阳**"


# Refusals.


def test_a_second_blank_that_lay_ready_before_the_first_was_made_valid_is_not_written(desk: CardDesk) -> None:
    joined = desk.central.join()
    first = desk.write(HeldCard(blank()), joined.issue_grant)
    other = blank(uid=OTHER_UID)
    begun = desk.begin(HeldCard(other), joined.issue_grant)
    desk.confirm(first)
    untouched = copy_of(other)
    with refused(Reason.ISSUE_GRANT):
        desk.relay(HeldCard(other), begun.dialog_id, begun.batch)
    assert desk.states(joined.membership_number) == [CardState.ACTIVE]
    assert other == untouched


@pytest.mark.parametrize("uid", [b"", bytes(4), bytes(10)])
def test_a_uid_of_another_length_is_no_card_of_ours(desk: CardDesk, uid: bytes) -> None:
    with refused(Reason.CARD_TYPE):
        desk.service.issuing.begin(DEVICE, desk.central.envelope(), desk.central.join().issue_grant, uid)
    with refused(Reason.CARD_FOREIGN):
        desk.service.begin_visit(DEVICE, uid)


def test_without_a_permission_nothing_is_written(desk: CardDesk) -> None:
    grant = desk.central.join().issue_grant
    for text in ("", "nonsense", grant[:-2] + "xx"):
        with refused(Reason.ISSUE_GRANT):
            desk.begin(HeldCard(blank()), text)
    with refused(Reason.ISSUE_GRANT):
        desk.service.issuing.begin(OTHER_DEVICE, desk.central.envelope(), grant, UID)
    desk.central.clock.advance(minutes=31)
    with refused(Reason.ISSUE_GRANT):
        desk.begin(HeldCard(blank()), grant)
    assert desk.central.count("card") == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.OLD, Reason.CARD_TYPE),
        (Kind.OCCUPIED, Reason.CARD_NOT_BLANK),
        (Kind.LOCKED, Reason.CARD_NOT_BLANK),
        (Kind.FOREIGN, Reason.CARD_FOREIGN),
    ],
)
def test_a_card_that_is_refused_before_writing_leaves_no_record_of_spoiling(desk: CardDesk, kind: Kind, reason: Reason) -> None:
    joined = desk.central.join()
    with refused(reason):
        desk.write(HeldCard(blank(kind)), joined.issue_grant)
    assert CardState.SPOILED not in desk.states(joined.membership_number)
    assert desk.write(HeldCard(blank(uid=OTHER_UID)), joined.issue_grant)


def test_a_card_that_cannot_be_written_is_spoiled_with_its_reason_and_another_one_may_be_taken(desk: CardDesk) -> None:
    joined = desk.central.join()
    begun = desk.begin(HeldCard(blank(Kind.WRITE_PROTECTED)), joined.issue_grant)
    with refused(Reason.CARD_SPOILED):
        desk.relay(HeldCard(blank(Kind.WRITE_PROTECTED)), begun.dialog_id, begun.batch)
    assert desk.states(joined.membership_number) == [CardState.SPOILED]
    assert desk.central.rows("card")[0]["reason"]
    with refused(Reason.CARD_SPOILED):
        desk.begin(HeldCard(blank(Kind.WRITE_PROTECTED)), joined.issue_grant)
    aborted = desk.service.issuing.abort(DEVICE, desk.central.envelope(), begun.issue_id, AbortCause.CARD_FAULT)
    assert aborted.is_spoiled
    desk.confirm(desk.write(HeldCard(blank(uid=OTHER_UID)), aborted.issue_grant))
    assert sorted(desk.states(joined.membership_number)) == [CardState.ACTIVE, CardState.SPOILED]


def test_a_card_that_was_not_read_back_is_never_activated(desk: CardDesk) -> None:
    joined, card = desk.central.join(), HeldCard(blank())
    begun = desk.begin(card, joined.issue_grant)
    with refused(Reason.CARD_DIALOG):
        desk.confirm(begun.issue_id)
    card.tear(20, When.AFTER)
    with pytest.raises(Torn):
        desk.relay(card, begun.dialog_id, begun.batch)
    with refused(Reason.CARD_DIALOG):
        desk.confirm(begun.issue_id)
    assert desk.states(joined.membership_number) == [CardState.PERSONALIZING]
    assert desk.central.rows("application")[0]["state"] == ApplicationState.CARD_PENDING


def test_a_card_on_two_devices_at_once_is_refused(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    desk.service.begin_visit(DEVICE, memory.uid)
    with refused(Reason.CARD_ELSEWHERE):
        desk.service.begin_visit(OTHER_DEVICE, memory.uid)
    desk.central.clock.advance(seconds=61)
    assert desk.service.begin_visit(OTHER_DEVICE, memory.uid).dialog_id


def answers_to(card: HeldCard, batch: Batch) -> tuple[bytes, ...]:
    """What the card truly answers: a dialogue is refused for who asks and when, not for what was answered."""
    return tuple(relay(card, [Command(c.apdu, c.go_on) for c in batch.commands]).responses)


def test_a_dialogue_belongs_to_its_device_and_to_its_turn(desk: CardDesk) -> None:
    card = HeldCard(blank())
    begun = desk.begin(card, desk.central.join().issue_grant)
    answers = answers_to(card, begun.batch)
    for device, dialog_id, number in ((OTHER_DEVICE, begun.dialog_id, 0), (DEVICE, begun.dialog_id, 1), (DEVICE, "dlg_unknown", 0)):
        with refused(Reason.CARD_DIALOG):
            desk.service.next_commands(device, dialog_id, number, answers)
    assert desk.service.next_commands(DEVICE, begun.dialog_id, 0, answers).batch is not None


def test_a_dialogue_is_over_a_minute_after_its_last_answer(desk: CardDesk) -> None:
    card = HeldCard(blank())
    begun = desk.begin(card, desk.central.join().issue_grant)
    desk.central.clock.advance(seconds=59)
    turn = desk.service.next_commands(DEVICE, begun.dialog_id, 0, answers_to(card, begun.batch))
    desk.central.clock.advance(seconds=59)
    turn = desk.service.next_commands(DEVICE, begun.dialog_id, 1, answers_to(card, turn.batch))
    answers = answers_to(card, turn.batch)
    desk.central.clock.advance(seconds=60)
    with refused(Reason.CARD_DIALOG):
        desk.service.next_commands(DEVICE, begun.dialog_id, 2, answers)


def test_a_card_that_we_began_is_not_formatted_once_somebody_elses_application_lies_on_it() -> None:
    memory = blank()
    torn = HeldCard(memory)
    torn.tear(20, When.AFTER)
    personalise(torn, order())
    assert [application.aid for application in memory.applications] == [AID]
    memory.applications.append(Application(b"\x11\x22\x33", 0x0F, [Key(AES, bytes(16))]))
    before = copy_of(memory)
    ended = personalise(HeldCard(memory), order(is_known=True))
    assert ended.stopped is not None
    assert ended.stopped.reason is Reason.CARD_NOT_BLANK
    assert memory == before


def test_what_one_device_wrote_another_one_neither_confirms_nor_gives_up(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    issue_id = desk.write(HeldCard(memory), joined.issue_grant)
    elsewhere = CardDesk(desk.central, desk.service, OTHER_DEVICE)
    with refused(Reason.CARD_DIALOG):
        elsewhere.confirm(issue_id)
    with refused(Reason.CARD_DIALOG):
        desk.service.issuing.abort(OTHER_DEVICE, desk.central.envelope(), issue_id, AbortCause.CARD_GONE)
    assert desk.states(joined.membership_number) == [CardState.WRITTEN]
    desk.confirm(issue_id)


def test_who_holds_the_half_written_card_takes_it_over_and_may_give_it_up(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    issue_id = desk.write(HeldCard(memory), joined.issue_grant)
    elsewhere = CardDesk(desk.central, desk.service, OTHER_DEVICE)
    with refused(Reason.CARD_ELSEWHERE):
        elsewhere.begin(HeldCard(memory), "")
    assert [row["device_id"] for row in desk.central.rows("card")] == [DEVICE.device_id]
    desk.central.clock.advance(seconds=61)
    elsewhere.begin(HeldCard(memory), "")
    with refused(Reason.CARD_DIALOG):
        desk.confirm(issue_id)
    assert desk.service.issuing.abort(OTHER_DEVICE, desk.central.envelope(), issue_id, AbortCause.CARD_GONE).is_spoiled


def test_an_active_card_is_not_blank_for_anybody(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    other = desk.central.join(mobile="13900139000", name="李四")
    with refused(Reason.CARD_NOT_BLANK):
        desk.begin(HeldCard(memory), other.issue_grant)


def test_a_half_written_card_of_one_member_is_not_blank_for_another(desk: CardDesk) -> None:
    first, memory = desk.central.join(), blank()
    card = HeldCard(memory)
    card.tear(15, When.AFTER)
    with pytest.raises(Torn):
        desk.write(card, first.issue_grant)
    other = desk.central.join(mobile="13900139000", name="李四")
    with refused(Reason.CARD_NOT_BLANK):
        desk.begin(HeldCard(memory), other.issue_grant)


def test_a_card_that_never_gets_finished_is_spoiled_in_the_end(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    for attempt in range(ATTEMPTS_AT_MOST + 1):
        card = HeldCard(memory)
        card.tear(15, When.AFTER)
        with pytest.raises(Torn):
            desk.write(card, joined.issue_grant if attempt == 0 else "")
    with refused(Reason.CARD_SPOILED):
        desk.write(HeldCard(memory), "")
    assert desk.states(joined.membership_number) == [CardState.SPOILED]


# Copies.


def test_a_stranger_and_a_lost_record_are_told_apart(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    stranger = blank(uid=OTHER_UID)
    with refused(Reason.CARD_FOREIGN):
        desk.visit(HeldCard(stranger))
    unknown = copy_of(memory)
    unknown.uid = OTHER_UID
    with refused(Reason.CARD_UNKNOWN):
        desk.visit(HeldCard(unknown))


def test_a_copied_uid_without_the_keys_is_a_copy(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    memory.applications[0].keys[KeyRole.READ].value = bytes(16)
    with refused(Reason.CARD_CLONED):
        desk.visit(HeldCard(memory))


@pytest.mark.tampers
def test_a_restored_snapshot_is_a_copy(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    desk.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE card SET snapshot_sequence = 3"))
    with refused(Reason.CARD_CLONED):
        desk.visit(HeldCard(memory))


def test_a_file_that_does_not_verify_is_damage(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    broken = bytearray(memory.applications[0].files[1].content)
    broken[13] ^= 1  # points
    memory.applications[0].files[1].content = bytes(broken)
    with refused(Reason.CARD_DAMAGED):
        desk.visit(HeldCard(memory))


def test_files_without_an_authenticated_card_are_worth_nothing(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    files = [f.content for f in memory.applications[0].files[:2]]
    begun = desk.service.begin_visit(DEVICE, memory.uid)
    with refused(Reason.CARD_DIALOG):
        desk.service.complete_visit(DEVICE, begun.dialog_id, *files)


@pytest.mark.tampers
def test_a_blocked_and_an_expired_card_are_refused(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    desk.central.clock.advance(days=6 * 366)
    with refused(Reason.CARD_EXPIRED):
        desk.visit(HeldCard(memory))
    desk.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE card SET state = 'LOST'"))
    with refused(Reason.CARD_LOST):
        desk.visit(HeldCard(memory))
    desk.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE card SET state = 'BLOCKED'"))
    with refused(Reason.CARD_BLOCKED):
        desk.visit(HeldCard(memory))


# What works.


def test_a_card_is_issued_and_greets_its_member(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    issue_id = desk.write(HeldCard(memory), joined.issue_grant)
    assert desk.states(joined.membership_number) == [CardState.WRITTEN]
    issued = desk.confirm(issue_id)
    assert issued.points == 200
    assert desk.states(joined.membership_number) == [CardState.ACTIVE]
    assert desk.visit(HeldCard(memory)).name_masked == "欧阳**"


def test_the_same_requests_have_the_same_effect_once(desk: CardDesk) -> None:
    joined, card = desk.central.join(), HeldCard(blank())
    begin_id, confirm_id = desk.central.request_id(), desk.central.request_id()
    desk.begin(card, joined.issue_grant, begin_id)
    begun = desk.begin(card, joined.issue_grant, begin_id)
    desk.relay(card, begun.dialog_id, begun.batch)
    first, again = desk.confirm(begun.issue_id, confirm_id), desk.confirm(begun.issue_id, confirm_id)
    assert (first.receipt, first.points) == (again.receipt, again.points)
    assert desk.central.count("card") == 1
    assert [template for template, _ in desk.central.messages()].count("welcome") == 1


def test_the_same_batch_again_gets_the_same_answer(desk: CardDesk) -> None:
    card = HeldCard(blank())
    begun = desk.begin(card, desk.central.join().issue_grant)
    relayed = relay(card, [Command(c.apdu, c.go_on) for c in begun.batch.commands])
    first = desk.service.next_commands(DEVICE, begun.dialog_id, 0, relayed.responses)
    assert desk.service.next_commands(DEVICE, begun.dialog_id, 0, relayed.responses).batch == first.batch


@pytest.mark.parametrize("skip", range(0, 33, 4))
@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
def test_a_torn_card_is_recognised_and_finished_at_another_device(desk: CardDesk, skip: int, when: When) -> None:
    """I4: one record, whatever the tear; an unfinished card says so at its next visit, anywhere, without a permission."""
    joined, memory = desk.central.join(), blank()
    card = HeldCard(memory)
    card.tear(skip, when)
    with pytest.raises(Torn):
        desk.write(card, joined.issue_grant)
    if desk.central.count("card") == 0:
        issue_id = desk.write(HeldCard(memory), joined.issue_grant)
        desk.confirm(issue_id)
    else:
        desk.central.clock.advance(seconds=61)
        elsewhere = CardDesk(desk.central, desk.service, OTHER_DEVICE)
        unfinished = desk.service.begin_visit(OTHER_DEVICE, memory.uid).unfinished_issue_id
        assert unfinished == elsewhere.write(HeldCard(memory), "")
        elsewhere.confirm(unfinished)
    assert desk.states(joined.membership_number) == [CardState.ACTIVE]
    desk.central.clock.advance(seconds=61)
    assert desk.visit(HeldCard(memory)).name_masked == "欧阳**"


def test_another_blank_for_the_same_member_spoils_the_first_one(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    card = HeldCard(memory)
    card.tear(15, When.AFTER)
    with pytest.raises(Torn):
        desk.write(card, joined.issue_grant)
    desk.confirm(desk.write(HeldCard(blank(uid=OTHER_UID)), joined.issue_grant))
    assert sorted(desk.states(joined.membership_number)) == [CardState.ACTIVE, CardState.SPOILED]
    with refused(Reason.CARD_SPOILED):
        desk.begin(HeldCard(memory), "")


def test_giving_up_before_anything_was_written_spoils_nothing(desk: CardDesk) -> None:
    joined = desk.central.join()
    begun = desk.begin(HeldCard(blank()), joined.issue_grant)
    assert not desk.service.issuing.abort(DEVICE, desk.central.envelope(), begun.issue_id, AbortCause.NOT_STARTED).is_spoiled
    assert desk.write(HeldCard(blank()), joined.issue_grant)


def test_what_happens_to_a_card_is_in_the_audit(desk: CardDesk) -> None:
    issued_card(desk)
    actions = [row["action"] for row in desk.central.rows("audit_event") if row["action"].startswith("card.")]
    assert actions == ["card.writing", "card.written", "card.activated"]


def test_every_card_is_as_its_newest_event_says_also_after_a_resumed_writing(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    card = HeldCard(memory)
    card.tear(15, When.AFTER)
    with pytest.raises(Torn):
        desk.write(card, joined.issue_grant)
    card_id = desk.write(HeldCard(memory), "")
    events = [row for row in desk.central.rows("audit_event") if row["subject_key"] == card_id]
    assert [row["action"] for row in events] == ["card.writing", "card.resumed", "card.written"]
    assert events[-1]["row_sha256"] == desk.central.database.read(lambda tx: row_digest(tx, "card", card_id))
