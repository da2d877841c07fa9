"""A kiosk's side of the card service, without a kiosk: begins, relays to a virtual card, confirms, visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from hardware.card.api import Command
from hardware.card.layout.files import Snapshot
from hardware.card.layout.messaging import SecureSession
from hardware.card.relay import relay
from hardware.card.session import read_member_files
from hardware.emulation.card.memory import CardMemory
from server_stub.domain.actors import DeviceActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.cards.build import build_cards
from server_stub.services.cards.issuing import AbortCause, Aborted, Issued
from server_stub.services.cards.service import CardService, Greeting
from server_stub.storage.cards import CardState, cards_of
from tests.support.central_service import DEVICE, Central
from tests.support.torn_card import KEYS, SIGNER, HeldCard, blank


class Torn(Exception):
    """The card was torn away while it was relayed to."""


@dataclass
class CardDesk:
    """A kiosk with its card service."""

    central: Central
    service: CardService
    device: DeviceActor = DEVICE
    last_issue_id: str = ""

    def begin(self, card: HeldCard, grant: str, request_id: str = "") -> Any:
        begun = self.service.issuing.begin(self.device, self.central.envelope(request_id), grant, card.uid)
        self.last_issue_id = begun.issue_id
        return begun

    def relay(self, card: HeldCard, dialog_id: str, batch: Any) -> Any:
        """Relay until the dialogue ends; returns its last turn."""
        number, turn = 0, None
        while batch is not None:
            relayed = relay(card, [Command(c.apdu, c.go_on) for c in batch.commands])
            if relayed.fault is not None:
                raise Torn
            turn = self.service.next_commands(self.device, dialog_id, number, relayed.responses)
            number, batch = number + 1, turn.batch
        return turn

    def write(self, card: HeldCard, grant: str) -> str:
        begun = self.begin(card, grant)
        self.relay(card, begun.dialog_id, begun.batch)
        return str(begun.issue_id)

    def confirm(self, issue_id: str, request_id: str = "") -> Issued:
        return self.service.issuing.confirm(self.device, self.central.envelope(request_id), issue_id)

    def give_up(self, issue_id: str) -> Aborted:
        return self.service.issuing.abort(self.device, self.central.envelope(), issue_id, AbortCause.CARD_GONE)

    def begin_visit(self, card: HeldCard) -> Any:
        begun = self.service.begin_visit(self.device, card.uid)
        assert begun.unfinished_issue_id == ""
        return begun

    def finish_visit(self, card: HeldCard, begun: Any) -> Greeting:
        turn = self.relay(card, begun.dialog_id, begun.batch)
        identity, snapshot = read_member_files(card, SecureSession(turn.session, turn.command_counter))
        return self.service.complete_visit(self.device, begun.dialog_id, identity, snapshot)

    def visit(self, card: HeldCard) -> Greeting:
        return self.finish_visit(card, self.begin_visit(card))

    def update(self, card: HeldCard, visit_token: str) -> None:
        """Bring the card up to date."""
        begun = self.service.begin_update(self.device, visit_token, card.uid)
        self.relay(card, begun.dialog_id, begun.batch)

    def states(self, number: str) -> list[CardState]:
        """States of the member's cards, oldest issue first."""
        member_id = self.central.member_id(number)
        return [card.state for card in self.central.database.read(lambda tx: cards_of(tx, member_id))]


def new_desk(central: Central) -> CardDesk:
    """A kiosk whose cards have keys of the test."""
    return CardDesk(central, build_cards(central.base, central.core, (KEYS, SIGNER)))


def issued_card(desk: CardDesk) -> tuple[CardMemory, str]:
    """A member with an active card; returns the card and the membership number."""
    joined, memory = desk.central.join(), blank()
    desk.confirm(desk.write(HeldCard(memory), joined.issue_grant))
    return memory, joined.membership_number


def said_by(memory: CardMemory) -> Snapshot:
    """What a card says of its member, its signature checked."""
    return Snapshot.verified(memory.applications[0].files[1].content, SIGNER.public_keys)


def refused(reason: Reason) -> Any:
    """What a call that is refused for this reason raises."""
    return pytest.raises(Refusal, match=reason.value)
