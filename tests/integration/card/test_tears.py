"""The card is torn away at every byte of every command of personalisation and of reading; invariants I1 to I8 of cards.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardware.card.layout import handshake, legacy
from hardware.card.layout.files import Identity, Snapshot
from hardware.card.layout.messaging import SecureSession
from hardware.card.session import read_member_files
from hardware.emulation.card.memory import CardMemory
from hardware.emulation.card.tears import When
from hardware.errors import DeviceError
from server_stub.domain.reasons import Reason
from server_stub.services.cards.visiting import authenticate_for_visit
from tests.support.tear_cases import cases
from tests.support.torn_card import GENERATION, KEYS, SIGNER, UID, Ended, HeldCard, KeyRole, blank, converse, copy_of, order, personalise


@pytest.fixture(autouse=True)
def same_bytes_in_every_run(monkeypatch) -> None:
    """Take the host's random numbers out, so that no cut looks like a status by chance in one run and not in the next."""
    for module, length in ((handshake, 16), (legacy, 8)):
        answer = module.answer_challenge
        monkeypatch.setattr(module, "answer_challenge", lambda key, got, _rnd, answer=answer, n=length: answer(key, got, bytes(range(n))))


def is_complete(memory: CardMemory) -> bool:
    files = memory.applications[0].files if memory.applications else []
    keyed = memory.applications and memory.applications[0].keys[0].version == GENERATION
    return bool(keyed) and [f.content for f in files[:2]] == [order().identity, order().snapshot]


def personalised() -> CardMemory:
    memory = blank()
    assert personalise(HeldCard(memory), order()).is_done
    return memory


def test_personalisation_survives_every_tear(figures: Callable[[str], None]) -> None:
    whole = HeldCard(blank())
    assert personalise(whole, order()).is_done
    counted = {"cases": 0, "done in spite of the tear": 0, "finished but the host does not know": 0}
    for place, when, length in cases(whole.trace):
        memory = blank()
        card = HeldCard(memory)
        card.tear(place, when, length)
        ended = personalise(card, order())
        counted["cases"] += 1
        told = f"command {place}, {when} {length}: {ended}"
        if ended.is_done:
            counted["done in spite of the tear"] += 1
            assert is_complete(memory), f"I2: {told}"
        elif is_complete(memory):
            counted["finished but the host does not know"] += 1
        if ended.stopped is not None:
            assert ended.stopped.reason is Reason.CARD_DIALOG, f"a tear spoils no card: {told}"
        # I6: the next insertion finishes the card, whatever state it is in. The centre knows the card from the moment
        # in which it handed out the first writing batch.
        again = personalise(HeldCard(memory), order(is_known=ended.is_writing_begun))
        assert again.is_done, f"I6: {told}: {again}"
        assert is_complete(memory), f"I1: {told}"
    figures(f"personalisation torn: {counted}")
    assert counted["cases"] > 500


@pytest.mark.long
def test_personalisation_survives_every_pair_of_tears(figures: Callable[[str], None]) -> None:
    """The second attempt is torn too, once before and once after each of its commands."""
    whole = HeldCard(blank())
    assert personalise(whole, order()).is_done
    count = 0
    for first in range(len(whole.trace)):
        for first_when in (When.BEFORE, When.AFTER):
            begun = blank()
            card = HeldCard(begun)
            card.tear(first, first_when)
            ended = personalise(card, order())
            for second in range(len(whole.trace) + 3):
                for when in (When.BEFORE, When.AFTER):
                    memory = copy_of(begun)
                    card = HeldCard(memory)
                    card.tear(second, when)
                    torn_again = personalise(card, order(is_known=ended.is_writing_begun))
                    is_known = ended.is_writing_begun or torn_again.is_writing_begun
                    assert torn_again.stopped is None or torn_again.stopped.reason is Reason.CARD_DIALOG
                    assert personalise(HeldCard(memory), order(is_known=is_known)).is_done, (first, first_when, second, when)
                    assert is_complete(memory)
                    count += 1
    figures(f"personalisation torn twice: {count} cases")


def read(card: HeldCard) -> tuple[Ended, tuple[bytes, bytes] | None]:
    """A visit up to the files."""
    ended = converse(authenticate_for_visit(KEYS.key(GENERATION, KeyRole.READ, UID), GENERATION), card)
    if not ended.is_done:
        return ended, None
    try:
        return ended, read_member_files(card, SecureSession(ended.result))
    except DeviceError:
        return ended, None


def test_identifying_takes_at_most_4_commands_and_reading_5(figures: Callable[[str], None]) -> None:
    card = HeldCard(personalised())
    _, files = read(card)
    assert files == (order().identity, order().snapshot)
    figures(f"identify {len(card.trace) - 1}, read {len(card.trace)} commands")
    assert len(card.trace) <= 5


def test_reading_survives_every_tear(figures: Callable[[str], None]) -> None:
    memory = personalised()
    whole = HeldCard(copy_of(memory))
    read(whole)
    count = 0
    for place, when, length in cases(whole.trace):
        torn = copy_of(memory)
        card = HeldCard(torn)
        card.tear(place, when, length)
        ended, files = read(card)
        count += 1
        # I1, I2: what is read is the card's content, whole and signed, or nothing.
        assert files is None
        assert torn == memory, "I5: reading changes nothing"
        if ended.stopped is not None:
            assert ended.stopped.reason is Reason.CARD_DIALOG, (place, when, length, ended)
        assert read(HeldCard(torn))[1] == (order().identity, order().snapshot)
    figures(f"reading torn: {count} cases")
    assert count > 200


def test_what_a_torn_card_gives_is_verified_by_public_keys_alone() -> None:
    _, files = read(HeldCard(personalised()))
    assert files is not None
    assert Identity.verified(files[0], SIGNER.public_keys).uid == UID
    assert Snapshot.verified(files[1], SIGNER.public_keys).points == 500


def test_a_card_with_the_right_uid_and_the_wrong_key_is_a_copy() -> None:
    memory = personalised()
    memory.applications[0].keys[KeyRole.READ].value = bytes(16)
    ended, _ = read(HeldCard(memory))
    assert ended.stopped is not None
    assert ended.stopped.reason is Reason.CARD_CLONED
