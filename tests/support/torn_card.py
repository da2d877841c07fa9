"""A virtual card in this process and the two ends that talk to it: for tears at every byte without any daemon.

What a tear leaves is passed up as pcscd does: two bytes and more look like an answer, less is a lost card.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hardware.card.api import CardLink, Command, Relayed
from hardware.card.layout.diversification import diversification_input, diversified_key
from hardware.card.layout.files import Identity, Snapshot
from hardware.card.layout.roles import KeyRole
from hardware.card.relay import relay
from hardware.emulation.card.kinds import Kind, card_from, new_memory
from hardware.emulation.card.memory import CardMemory
from hardware.emulation.card.tears import Tear, Torn, TornCard, When
from hardware.errors import Removed
from server_stub.services.cards.dialog import CardStopped, Dialog, Stage
from server_stub.services.cards.personalisation import Order, Personalisation

UID = bytes.fromhex("04958caa5c5e80")
GENERATION = 1


class CountingRandom:
    """Random numbers that are the same in every run, so that every run of a plan sends the same bytes."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def __call__(self, length: int) -> bytes:
        return hashlib.sha256(next(self._count).to_bytes(4, "big")).digest()[:length]


class Keys:
    """Keystore."""

    current_generation = GENERATION
    generations = (GENERATION,)

    def key(self, generation: int, role: KeyRole, uid: bytes) -> bytes:
        return diversified_key(bytes([generation, role] * 8), diversification_input(role, uid))


class Signer:
    """Signer of card files."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.key_id = hashlib.sha256(self._key.public_key().public_bytes_raw()).digest()[:8]
        self.public_keys = {self.key_id: self._key.public_key()}

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


KEYS, SIGNER = Keys(), Signer()


def order(*, is_known: bool = False, number: str = "880012349012", uid: bytes = UID) -> Order:
    identity = Identity(uid, number, bytes(range(16)), 1, date(2031, 12, 31), GENERATION)
    snapshot = Snapshot(uid, 1, 1, 500, 1_700_000_000, bytes(range(16)))
    return Order(uid, GENERATION, identity.signed(SIGNER), snapshot.signed(SIGNER), is_known)


@dataclass(slots=True)
class HeldCard:
    """A link to a card in this process.

    Attributes:
        trace: Command, answer and memory after it, for every command that was carried out.
    """

    memory: CardMemory
    uid: bytes = b""
    atr: bytes = b""
    trace: list[tuple[bytes, bytes]] = field(default_factory=list)
    _torn: TornCard | None = None
    _is_gone: bool = False

    def __post_init__(self) -> None:
        self.uid = self.memory.uid
        self._torn = TornCard(card_from(self.memory, lambda _memory: None, CountingRandom()))

    def tear(self, skip: int, when: When, length: int = 0) -> None:
        assert self._torn is not None
        self._torn.ahead = Tear(skip, when, length)

    def transmit(self, apdu: bytes) -> bytes:
        assert self._torn is not None
        if self._is_gone:
            raise Removed("gone")
        answer = self._torn.transmit(apdu)
        if isinstance(answer, Torn):
            self._is_gone = True
            if answer.sent is None or len(answer.sent) < 2:
                raise Removed("torn")
            answer = answer.sent
        if answer is None:
            raise Removed("mute")
        self.trace.append((apdu, answer))
        return answer

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a dialogue ended: by its result, by a stop of the plan, or because the card was gone."""

    result: object = None
    stopped: CardStopped | None = None
    is_lost: bool = False
    is_writing_begun: bool = False

    @property
    def is_done(self) -> bool:
        return self.stopped is None and not self.is_lost


def converse(plan: Dialog[object], card: CardLink) -> Ended:
    """Relay a plan's batches to a card until one of them ends."""
    is_writing = False
    try:
        batch = next(plan)
        while True:
            is_writing |= batch.stage is Stage.WRITING
            relayed: Relayed = relay(card, [Command(c.apdu, c.go_on) for c in batch.commands])
            if relayed.fault is not None:
                plan.close()
                return Ended(is_lost=True, is_writing_begun=is_writing)
            batch = plan.send(relayed.responses)
    except StopIteration as end:
        return Ended(end.value, is_writing_begun=is_writing)
    except CardStopped as stopped:
        return Ended(stopped=stopped, is_writing_begun=is_writing)


def personalise(card: HeldCard, what: Order) -> Ended:
    return converse(Personalisation(what, KEYS, SIGNER.public_keys).run(), card)


def blank(kind: Kind = Kind.BLANK, uid: bytes = UID) -> CardMemory:
    return new_memory(kind, uid)


def copy_of(memory: CardMemory) -> CardMemory:
    return copy.deepcopy(memory)
