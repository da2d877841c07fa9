"""A card that is pulled away while it is written: put back, it goes on; another one in its place gets nothing; given up, it is spoiled."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from kiosk.flows.home.state import Journey
from kiosk.flows.issue_card.state import CardIssued, CardPulled, CardSpoiled, WaitingForBlank
from kiosk.flows.sign_in.state import NotIdentified, WaitingForCard
from kiosk.flows.step import Back, Continued
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]
IN_THE_GATE = 5
"""In the gate every so many commands."""
WHILE_CHECKED, WHILE_WRITTEN = 2, 20
"""Commands at which nothing was written yet, and something was."""
SEEN_S = 1.2
"""After so long the kiosk has seen what was laid down: the daemon looks every 0.4 s."""


def pull_at(counter: Counter, command: int) -> tuple[str, str]:
    """Have a new member's blank card leave the reader at a command; returns phone and card."""
    mobile = counter.next_mobile()
    card = f"pulled-{mobile}"
    counter.kill_kiosk()
    counter.lay(card)
    counter.take_off()
    counter.open()
    counter.to_blank(mobile)
    counter.tear(card, command)
    counter.lay(card)
    counter.state(CardPulled)
    counter.torn_off()
    return f"+86{mobile}", card


@pytest.fixture(scope="module")
def commands(installation: Counter) -> int:
    """How many commands a blank card gets while it is issued; counted by the card."""
    installation.join("counted")
    assert installation.world.cards is not None
    return installation.world.cards.control.commands("counted")


def put_back(counter: Counter, numbers: range) -> None:
    for number in numbers:
        mobile, card = pull_at(counter, number)
        counter.lay(card)
        counter.state(CardIssued)
        counter.owner.check_member(mobile, card)
    print(f"{len(numbers)} pulls")


def test_a_card_that_is_put_back_is_finished(counter: Counter, commands: int, tells: Tells) -> None:
    assert commands <= 35
    put_back(counter, range(0, commands, IN_THE_GATE))
    tells("CARD_REMOVED")


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_card_that_is_pulled_at_any_command_is_finished_when_it_is_put_back(counter: Counter, commands: int) -> None:
    put_back(counter, range(commands))


def test_another_card_in_its_place_gets_nothing(counter: Counter, keeps: Keeps) -> None:
    mobile, card = pull_at(counter, WHILE_WRITTEN)
    with keeps():
        counter.lay(f"wrong-{card}")
        counter.quiet(SEEN_S)
        counter.state(CardPulled)
    assert counter.owner.check_card(f"wrong-{card}") == ""
    counter.take_off()
    counter.lay(card)
    counter.state(CardIssued)
    counter.owner.check_member(mobile, card)


def test_content_that_was_saved_half_written_and_restored_later_is_a_clone(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    _mobile, card = pull_at(counter, WHILE_WRITTEN)
    shutil.copy(counter.cards / f"{card}.json", counter.cards / f"restored-{card}.json")
    counter.lay(card)
    counter.state(CardIssued)
    counter.open()
    counter.choose(Journey.SIGN_IN)
    counter.state(WaitingForCard)
    with keeps():
        counter.lay(f"restored-{card}")
        counter.state(NotIdentified, reason="CARD_CLONED")
    tells("CARD_CLONED")


def test_the_command_that_looks_at_a_half_written_card_says_so_and_writes_nothing(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile, card = pull_at(counter, WHILE_WRITTEN)
    counter.kill_kiosk()
    counter.lay(card)
    with keeps():
        report = counter.kiosk_command("card", "verify", "--json")
    assert (report["is_good"], report["reason"]) == (False, "CARD_INCOMPLETE")
    tells("CARD_INCOMPLETE")
    assert counter.owner.check_card(card) == "PERSONALIZING"
    counter.take_off()
    counter.open()
    counter.lay(card)
    counter.state(CardIssued)
    counter.owner.check_member(mobile, card)


def test_who_gives_up_gets_another_card_and_the_first_one_is_spoiled(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    _mobile, card = pull_at(counter, WHILE_WRITTEN)
    counter.touch(Back())
    counter.state(CardSpoiled, reason="CARD_REMOVED")
    assert counter.owner.check_card(card) == "SPOILED"
    counter.touch(Continued())
    counter.state(WaitingForBlank)
    counter.lay(f"next-{card}")
    counter.state(CardIssued)
    assert counter.owner.check_card(f"next-{card}") == "ACTIVE"
    counter.open()
    counter.choose(Journey.SIGN_IN)
    counter.state(WaitingForCard)
    with keeps():
        counter.lay(card)
        counter.state(NotIdentified, reason="CARD_SPOILED")
    tells("CARD_SPOILED")


def test_who_gives_up_before_anything_was_written_may_lay_the_same_card_down_again(counter: Counter) -> None:
    mobile, card = pull_at(counter, WHILE_CHECKED)
    counter.touch(Back())
    counter.state(WaitingForBlank)
    counter.lay(card)
    counter.state(CardIssued)
    counter.owner.check_member(mobile, card)
