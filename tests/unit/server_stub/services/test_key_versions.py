"""Cards whose key version the centre does not know are refused, no other key is tried, and staff hear of it."""

from __future__ import annotations

import pytest

from hardware.card.layout.roles import KeyRole
from hardware.emulation.card.tears import When
from server_stub.domain.reasons import Reason
from server_stub.services.cards.build import build_cards
from server_stub.storage.cards import CardState
from tests.support.card_desk import CardDesk, Torn, issued_card, new_desk, refused
from tests.support.central_service import Central
from tests.support.torn_card import SIGNER, UID, HeldCard, Keys, blank, copy_of


@pytest.fixture
def desk(central: Central) -> CardDesk:
    return new_desk(central)


class OtherKeys(Keys):
    """A key folder whose only generation is another one."""

    current_generation = 9
    generations = (9,)


def without_keys(desk: CardDesk) -> CardDesk:
    """The centre after the generation of its cards was lost."""
    return CardDesk(desk.central, build_cards(desk.central.base, desk.central.core, (OtherKeys(), SIGNER)))


def alerts(desk: CardDesk) -> int:
    query = "SELECT count(*) FROM audit_event WHERE action = 'alert.card_key_version'"
    return desk.central.database.read(lambda tx: tx.connection.exec_driver_sql(query).scalar_one())


def test_a_card_whose_keys_are_not_here_is_refused_and_staff_hear_of_it(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    with refused(Reason.CARD_KEY_VERSION):
        without_keys(desk).visit(HeldCard(memory))
    assert alerts(desk) == 1
    assert desk.visit(HeldCard(memory)).name_masked == "欧阳**"
    assert alerts(desk) == 1


def test_a_card_that_says_another_key_version_than_its_record_is_refused_and_no_other_key_is_tried(desk: CardDesk) -> None:
    memory, number = issued_card(desk)
    key = memory.applications[0].keys[KeyRole.READ]
    key.value, key.version = OtherKeys().key(9, KeyRole.READ, UID), 9
    card = HeldCard(memory)
    with refused(Reason.CARD_KEY_VERSION):
        desk.visit(card)
    assert alerts(desk) == 1
    assert desk.states(number) == [CardState.ACTIVE]


def test_a_half_written_card_whose_keys_are_not_here_is_left_as_it_is(desk: CardDesk) -> None:
    joined, memory = desk.central.join(), blank()
    card = HeldCard(memory)
    card.tear(15, When.AFTER)
    with pytest.raises(Torn):
        desk.write(card, joined.issue_grant)
    before, requests = copy_of(memory), desk.central.count("request_log")
    with refused(Reason.CARD_KEY_VERSION):
        without_keys(desk).write(HeldCard(memory), "")
    assert memory == before
    assert alerts(desk) == 1
    # The refused request is not remembered: the same one is taken once the keys are back.
    assert desk.central.count("request_log") == requests
    assert desk.states(joined.membership_number) == [CardState.PERSONALIZING]
