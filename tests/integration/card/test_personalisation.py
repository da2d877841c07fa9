"""Personalisation of the virtual card by the centre's plan, in one process: refusals, budget, every state of a card."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardware.card.layout import handshake
from hardware.card.layout.roles import KeyRole
from hardware.emulation.card.kinds import Kind
from hardware.emulation.card.memory import AES, Application, Key
from server_stub.domain.reasons import Reason
from tests.support.torn_card import GENERATION, KEYS, UID, HeldCard, blank, copy_of, order, personalise


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.OLD, Reason.CARD_TYPE),
        (Kind.OCCUPIED, Reason.CARD_NOT_BLANK),
        (Kind.LOCKED, Reason.CARD_NOT_BLANK),
        (Kind.FOREIGN, Reason.CARD_FOREIGN),
        (Kind.CLASSIC, Reason.CARD_FOREIGN),
    ],
)
def test_a_card_that_is_not_ours_to_write_is_refused_and_not_changed(kind, reason) -> None:
    memory = blank(kind)
    before = copy_of(memory)
    ended = personalise(HeldCard(memory), order())
    assert ended.stopped is not None
    assert ended.stopped.reason is reason
    assert memory == before


def test_a_card_that_refuses_to_be_written_is_spoiled() -> None:
    ended = personalise(HeldCard(blank(Kind.WRITE_PROTECTED)), order())
    assert ended.stopped is not None
    assert ended.stopped.reason is Reason.CARD_SPOILED


def test_a_card_of_ours_that_nobody_began_is_not_blank() -> None:
    memory = blank()
    assert personalise(HeldCard(memory), order()).is_done
    before = copy_of(memory)
    ended = personalise(HeldCard(memory), order())
    assert ended.stopped is not None
    assert ended.stopped.reason is Reason.CARD_NOT_BLANK
    assert memory == before


def test_i7_another_card_than_the_one_that_was_announced_is_not_written() -> None:
    memory = blank(uid=bytes.fromhex("04ffffffffffff"))
    before = copy_of(memory)
    ended = personalise(HeldCard(memory), order())
    assert ended.stopped is not None
    assert ended.stopped.reason is Reason.CARD_DIALOG
    assert memory == before


def test_a_finished_card_with_another_issues_content_is_never_taken_for_this_issue() -> None:
    memory = blank()
    assert personalise(HeldCard(memory), order(number="880000000001")).is_done
    ended = personalise(HeldCard(memory), order(is_known=True, number="880000000002"))
    assert ended.stopped is not None
    assert ended.stopped.reason is Reason.CARD_SPOILED


def test_a_blank_card_takes_at_most_35_commands_and_ends_locked(figures: Callable[[str], None]) -> None:
    memory = blank()
    card = HeldCard(memory)
    assert personalise(card, order()).is_done
    figures(f"personalisation: {len(card.trace)} commands, {sum(len(c) + len(r) for c, r in card.trace)} bytes")
    assert len(card.trace) <= 35
    (application,) = memory.applications
    roles = (KeyRole.MASTER, KeyRole.READ, KeyRole.UPDATE, KeyRole.PRIVACY, KeyRole.READER)
    assert application.keys == [Key(AES, KEYS.key(GENERATION, role, UID), GENERATION) for role in roles]
    assert memory.card.keys == [Key(AES, KEYS.key(GENERATION, KeyRole.CARD, UID), GENERATION)]
    assert memory.card.settings & 0x04 == 0  # nobody else adds applications
    assert application.files[0].content == order().identity
    assert application.files[1].content == order().snapshot
    assert memory.used <= memory.capacity


def test_a_blank_card_whose_card_key_is_ours_already_is_finished() -> None:
    memory = blank()
    memory.card.keys = [Key(AES, KEYS.key(GENERATION, KeyRole.CARD, UID), GENERATION)]
    assert personalise(HeldCard(memory), order()).is_done


def test_an_unfinished_card_is_erased_and_written_anew() -> None:
    memory = blank()
    memory.card.keys = [Key(AES, KEYS.key(GENERATION, KeyRole.CARD, UID), GENERATION)]
    memory.applications = [Application(b"\x20\x81\xf4", 0x0B, [Key(AES, bytes(16)) for _ in range(5)])]
    assert personalise(HeldCard(memory), order(is_known=True)).is_done
    assert memory.applications[0].df_name == b"\xf0YHMBR\x01"


def test_a_device_that_swallows_the_last_change_of_key_is_found_out() -> None:
    """The answer to that change carries no MAC, so a relay can forge it; the master key must prove itself."""

    class Swallowing(HeldCard):
        def transmit(self, apdu: bytes) -> bytes:
            changes = [c for c, _ in self.trace if c[1] == 0xC4]
            if apdu[1] == 0xC4 and len(changes) == 5:
                self.trace.append((apdu, b"\x91\x00"))
                return b"\x91\x00"
            return super().transmit(apdu)

    memory = blank()
    ended = personalise(Swallowing(memory), order())
    assert not any(memory.applications[0].keys[0].value)
    assert not ended.is_done


def test_i8_no_key_of_the_card_travels_in_the_clear() -> None:
    memory = blank()
    card = HeldCard(memory)
    assert personalise(card, order()).is_done
    wire = b"".join(command + answer for command, answer in card.trace)
    for role in KeyRole:
        assert KEYS.key(GENERATION, role, UID) not in wire
    assert order().identity[8:34] not in wire  # membership number and card token
    assert handshake.begin_first(KeyRole.READ) in wire


def test_no_key_of_the_card_goes_over_the_wire_to_the_reader() -> None:
    card = HeldCard(blank())
    assert personalise(card, order()).is_done
    wire = b"".join(command + answer for command, answer in card.trace)
    assert UID in wire  # the search finds what is there
    for role in KeyRole:
        key = KEYS.key(GENERATION, role, UID)
        assert key not in wire
        assert bytes([GENERATION, role] * 8) not in wire
