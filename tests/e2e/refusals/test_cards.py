"""Cards that cannot be issued or are no card of ours any more: each is seen where the member sees it, and what the records say."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest

from kiosk.flows.home.state import Journey
from kiosk.flows.issue_card.state import CardIssued, CardSpoiled, WaitingForBlank, WrongCard
from kiosk.flows.member.state import MemberHome
from kiosk.flows.sign_in.state import NotIdentified, WaitingForCard
from kiosk.flows.step import Continued
from server_stub.domain.actors import SystemActor
from server_stub.services.audit import Deed
from server_stub.storage.cards import CardState, card_by_uid, change_card
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]
READ_COMMANDS = 5


def change(counter: Counter, card: str, **values: Any) -> dict[str, Any]:
    """Change a card's record as its owner, with the event that explains it; returns what was there."""

    def work(tx: Any) -> dict[str, Any]:
        row = card_by_uid(tx, uid_of(counter, card))
        assert row is not None
        assert change_card(tx, row, values)
        counter.parts.foundation.audit.record(tx, Deed(SystemActor("test"), "card.changed", "card", row.card_id))
        return {name: getattr(row, name) for name in values}

    return counter.parts.database.write(work)


def memory(counter: Counter, card: str) -> dict[str, Any]:
    return json.loads((counter.cards / f"{card}.json").read_text(encoding="utf-8"))


def uid_of(counter: Counter, card: str) -> bytes:
    return bytes.fromhex(memory(counter, card)["uid"])


def why_not(counter: Counter, card: str, **how: Any) -> str:
    """Lay the card down to sign in and return why it is no good, which changes nothing; then it is taken away."""
    counter.open()
    counter.choose(Journey.SIGN_IN)
    counter.state(WaitingForCard)
    before = counter.owner.stored()
    counter.lay(card, **how)
    seen = counter.state(NotIdentified)
    assert seen.by_card
    assert counter.owner.stored() == before
    counter.take_off()
    counter.state(WaitingForCard)
    return str(seen.reason)


# Laid down to be issued.


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("foreign", "CARD_FOREIGN"),
        ("mifare-classic", "CARD_TYPE"),
        ("desfire-ev1", "CARD_TYPE"),
        ("non-blank", "CARD_NOT_BLANK"),
        ("locked", "CARD_NOT_BLANK"),
    ],
)
def test_a_card_that_cannot_be_issued_is_given_back_and_a_blank_one_is_written(
    counter: Counter, tells: Tells, keeps: Keeps, kind: str, reason: str
) -> None:
    mobile = counter.next_mobile()
    counter.to_blank(mobile)
    with keeps():
        counter.lay(f"{kind}-{mobile}", kind)
        counter.state(WrongCard, reason=reason)
    tells(reason)
    counter.take_off()
    counter.state(WaitingForBlank)
    counter.lay(f"blank-{mobile}")
    counter.state(CardIssued)
    counter.owner.check_member(f"+86{mobile}", f"blank-{mobile}")


@pytest.mark.long
@pytest.mark.timeout(150)
def test_a_card_that_never_answers_is_given_back(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.next_mobile()
    counter.to_blank(mobile)
    with keeps():
        counter.lay(f"mute-{mobile}", "mute")
        counter.state(WrongCard, wait_s=120, reason="CARD_FOREIGN")
    tells("CARD_FOREIGN")
    counter.take_off()
    counter.state(WaitingForBlank)


def test_two_cards_are_refused_until_one_is_left(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.next_mobile()
    counter.to_blank(mobile)
    with keeps():
        counter.lay("beside", slot=1, kind="foreign")
        counter.state(WrongCard, reason="CARD_FOREIGN")
        counter.lay(f"one-{mobile}")
        counter.state(WrongCard, reason="CARD_SEVERAL")
    tells("CARD_SEVERAL")
    counter.take_off(1)
    counter.state(CardIssued)
    counter.owner.check_member(f"+86{mobile}", f"one-{mobile}")


def test_somebody_elses_card_of_ours_is_not_overwritten(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    owner = counter.join("owned")
    stranger = counter.next_mobile()
    counter.open()
    counter.to_blank(stranger)
    with keeps():
        counter.lay("owned")
        counter.state(WrongCard, reason="CARD_NOT_BLANK")
    tells("CARD_NOT_BLANK")
    counter.owner.check_member(f"+86{owner}", "owned")


def test_a_card_that_refuses_to_be_written_is_spoiled_and_another_one_is_written(counter: Counter, tells: Tells) -> None:
    mobile = counter.next_mobile()
    counter.to_blank(mobile)
    counter.lay(f"protected-{mobile}", "write-protected")
    counter.state(CardSpoiled, reason="CARD_SPOILED")
    tells("CARD_SPOILED")
    states = counter.owner.rows("SELECT state, reason FROM card WHERE uid = ?", uid_of(counter, f"protected-{mobile}"))
    assert [state for state, _ in states] == ["SPOILED"]
    assert states[0].reason
    counter.take_off()
    counter.touch(Continued())
    counter.state(WaitingForBlank)
    # Laid again it is told apart from a blank, as often as it comes.
    counter.lay(f"protected-{mobile}", "write-protected")
    counter.state(CardSpoiled, reason="CARD_SPOILED")
    counter.take_off()
    counter.touch(Continued())
    counter.state(WaitingForBlank)
    counter.lay(f"second-{mobile}")
    counter.state(CardIssued)
    assert counter.owner.check_card(f"second-{mobile}") == "ACTIVE"


# Laid down to be greeted.


@pytest.fixture
def issued(counter: Counter) -> str:
    """The name of a card that is good."""
    card = f"good-{counter.next_mobile()}"
    counter.join(card)
    return card


def copy_of(counter: Counter, card: str, name: str, **values: Any) -> str:
    """Make another card that holds the same, but for some values; returns its name."""
    copy = f"{name}-{card}"
    (counter.cards / f"{copy}.json").write_text(json.dumps(memory(counter, card) | values), encoding="utf-8")
    return copy


def test_a_good_card_is_greeted(counter: Counter, issued: str) -> None:
    counter.open()
    counter.lay(issued)
    assert counter.state(MemberHome).membership.points_available == 200


def test_a_blank_card_is_not_ours(counter: Counter, tells: Tells) -> None:
    assert why_not(counter, f"stranger-{counter.next_mobile()}") == "CARD_FOREIGN"
    tells("CARD_FOREIGN")


def test_a_card_of_another_installation_is_not_known(counter: Counter, issued: str, tells: Tells) -> None:
    assert why_not(counter, copy_of(counter, issued, "unknown", uid="04a1b2c3d4e5f6")) == "CARD_UNKNOWN"
    tells("CARD_UNKNOWN")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": CardState.BLOCKED}, "CARD_BLOCKED"),
        ({"state": CardState.LOST}, "CARD_LOST"),
        ({"expires_on": date(2020, 1, 1)}, "CARD_EXPIRED"),
        ({"snapshot_sequence": 3}, "CARD_CLONED"),
        ({"key_generation": 9}, "CARD_KEY_VERSION"),
    ],
    ids=["blocked", "lost", "expired", "restored old content", "keys of a generation that is not here"],
)
def test_a_card_that_the_centre_does_not_want_is_refused(
    counter: Counter, issued: str, tells: Tells, values: dict[str, Any], reason: str
) -> None:
    before = change(counter, issued, **values)
    assert why_not(counter, issued) == reason
    tells(reason)
    change(counter, issued, **before)
    counter.lay(issued)
    counter.state(MemberHome)


def test_a_copied_uid_without_the_content_is_a_clone(counter: Counter, issued: str, tells: Tells) -> None:
    assert why_not(counter, f"clone-{issued}", uid=uid_of(counter, issued)) == "CARD_CLONED"
    tells("CARD_CLONED")


def test_copied_content_with_other_keys_is_a_clone(counter: Counter, issued: str, tells: Tells) -> None:
    applications = memory(counter, issued)["applications"]
    for key in applications[0]["keys"]:
        key["value"] = "00" * 16
    assert why_not(counter, copy_of(counter, issued, "keyless", applications=applications)) == "CARD_CLONED"
    tells("CARD_CLONED")


def test_a_card_that_was_keyed_anew_by_somebody_else_is_refused_and_staff_hear_of_it(counter: Counter, issued: str, tells: Tells) -> None:
    applications = memory(counter, issued)["applications"]
    for key in applications[0]["keys"]:
        key |= {"value": "00" * 16, "version": 9}
    query = "SELECT count(*) FROM audit_event WHERE action = 'alert.card_key_version'"
    ((before,),) = counter.owner.rows(query)
    assert why_not(counter, copy_of(counter, issued, "keyed", applications=applications)) == "CARD_KEY_VERSION"
    tells("CARD_KEY_VERSION")
    assert counter.owner.rows(query) == [(before + 1,)]


@pytest.mark.parametrize("number", [0, 1], ids=["identity", "snapshot"])
def test_content_whose_signature_is_not_ours_is_damaged(counter: Counter, issued: str, tells: Tells, number: int) -> None:
    applications = memory(counter, issued)["applications"]
    content = applications[0]["files"][number]["content"]
    applications[0]["files"][number]["content"] = content[:-2] + f"{int(content[-2:], 16) ^ 1:02x}"
    assert why_not(counter, copy_of(counter, issued, f"damaged{number}", applications=applications)) == "CARD_DAMAGED"
    tells("CARD_DAMAGED")


def test_the_other_cards_content_is_a_clone(counter: Counter, issued: str, tells: Tells) -> None:
    other = f"other-{issued}"
    counter.join(other)
    applications, foreign = memory(counter, issued)["applications"], memory(counter, other)["applications"]
    for number in (0, 1):
        applications[0]["files"][number]["content"] = foreign[0]["files"][number]["content"]
    assert why_not(counter, copy_of(counter, issued, "swapped", applications=applications)) == "CARD_CLONED"
    tells("CARD_CLONED")


def test_a_card_that_is_pulled_away_while_it_is_read_is_greeted_once_it_is_back(
    counter: Counter, issued: str, tells: Tells, keeps: Keeps
) -> None:
    for command in range(READ_COMMANDS):
        counter.open()
        counter.choose(Journey.SIGN_IN)
        counter.state(WaitingForCard)
        with keeps():
            counter.tear(issued, command)
            counter.lay(issued)
            counter.state(NotIdentified, reason="CARD_REMOVED")
        tells("CARD_REMOVED")
        # Gone before its answer was: the screen says so, and laying it down again is all that is needed.
        counter.torn_off()
        counter.lay(issued)
        counter.state(MemberHome)
