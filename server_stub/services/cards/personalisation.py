"""Personalisation of one card as a resumable plan, pure: cards.md 2.5 and docs/decisions/0010-card-profile.md.

From whatever state the card is found in: a factory card is keyed and written; one of ours that is unfinished is erased
with the card's key and written anew; a finished one is only read back and verified. The application's master key is
changed last, so "finished" is one question. At most 35 commands for a blank card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout import legacy
from hardware.card.layout.apdu import MORE, split_response
from hardware.card.layout.commands import (
    CARD_AID,
    COMMIT,
    FORMAT_CARD,
    GET_APPLICATION_IDS,
    GET_VERSION,
    NEXT_FRAME,
    change_key_settings,
    change_other_key,
    change_own_key,
    get_key_version,
    select_application,
    write_data,
)
from hardware.card.layout.faults import CardFault, MalformedFile, StatusRefused
from hardware.card.layout.files import Identity, Snapshot
from hardware.card.layout.messaging import Exchange, Protection, SecureSession
from hardware.card.layout.profile import (
    AID,
    CARD_SETTINGS,
    CREATE_APPLICATION,
    CREATE_FILES,
    IDENTITY_FILE,
    READ_IDENTITY,
    READ_SNAPSHOT,
    SNAPSHOT_FILE,
    is_desfire_ev2_or_later,
    uid_of,
)
from hardware.card.layout.roles import KeyRole
from server_stub.domain.reasons import Reason
from server_stub.services.cards.authentication import open_session, prove_key, replace_factory_key
from server_stub.services.cards.dialog import (
    Batch,
    CardCommand,
    CardStopped,
    Dialog,
    Stage,
    describe,
    opened,
    plain_answers,
    sealed,
)

COMMANDS_IN_ALL = 33
"""Commands for a blank card, for the progress that the screen shows; a resumed card needs a few more or fewer."""

_ZERO_KEY = bytes(16)
_KEYS_BEFORE_MASTER = (KeyRole.READER, KeyRole.PRIVACY, KeyRole.UPDATE, KeyRole.READ)
# Statuses by which a DESFire card says that it does not do DES, or that its key is none.
_NO_DES_KEY = 0x91


class CardKeys(Protocol):
    """The keystore, for one card at a time."""

    def key(self, generation: int, role: KeyRole, uid: bytes) -> bytes:
        """Return one key of one card, 16 bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What is to stand on the card.

    Attributes:
        uid: UID of the card that lies on the reader, 7 bytes.
        generation: Generation of the card's keys.
        identity: Identity file, 128 bytes, signed.
        snapshot: Snapshot file, 128 bytes, signed.
        is_known: True where an earlier attempt wrote to this very card.
    """

    uid: bytes
    generation: int
    identity: bytes
    snapshot: bytes
    is_known: bool


class Personalisation:
    """The plan for one card and one order."""

    def __init__(self, order: Order, keys: CardKeys, public_keys: Mapping[bytes, Ed25519PublicKey]) -> None:
        self._order = order
        self._keys = keys
        self._public_keys = public_keys

    def run(self) -> Dialog[None]:
        """Yield batches until the card is written and read back.

        Raises:
            CardStopped: CARD_FOREIGN, CARD_TYPE, CARD_NOT_BLANK before anything was written; CARD_SPOILED where the card refuses a
                command; CARD_DIALOG where an answer broke off or was garbled, so that the same card may be tried again.
        """
        applications = yield from self._look()
        if AID in applications and (yield from self._is_finished()):
            yield from self._verify()
            return
        yield from self._open_card(has_application=AID in applications)
        yield from self._write()
        yield from self._verify()

    # Looking, before a byte is written.

    def _look(self) -> Dialog[tuple[bytes, ...]]:
        batch = Batch(
            (
                CardCommand(GET_VERSION, (MORE,)),
                CardCommand(NEXT_FRAME, (MORE,)),
                CardCommand(NEXT_FRAME),
                CardCommand(GET_APPLICATION_IDS),
            ),
            Stage.CHECKING,
        )
        responses = yield batch
        try:
            *frames, listed = plain_answers(responses, batch.commands)
        except StatusRefused as fault:
            raise CardStopped(self._not_ours(fault, len(responses)), describe(fault)) from fault
        except CardFault as fault:
            raise _stopped(fault) from fault
        version = b"".join(frames)
        if len(version) < 28 or not is_desfire_ev2_or_later(version):
            raise CardStopped(Reason.CARD_TYPE)
        if uid_of(version) != self._order.uid:
            raise CardStopped(Reason.CARD_DIALOG, "another card")
        applications = tuple(listed[place : place + 3] for place in range(0, len(listed), 3))
        if set(applications) - {AID}:
            raise CardStopped(Reason.CARD_NOT_BLANK)
        if applications and not self._order.is_known:
            raise CardStopped(Reason.CARD_NOT_BLANK)
        return applications

    def _not_ours(self, fault: StatusRefused, answers: int) -> Reason:
        is_listing_refused = answers == 4
        if is_listing_refused:
            return Reason.CARD_SPOILED if self._order.is_known else Reason.CARD_NOT_BLANK
        return Reason.CARD_TYPE if fault.sw[0] == _NO_DES_KEY else Reason.CARD_FOREIGN

    def _is_finished(self) -> Dialog[bool]:
        batch = Batch((CardCommand(select_application(AID)), CardCommand(get_key_version(KeyRole.MASTER))), Stage.CHECKING)
        responses = yield batch
        try:
            version = plain_answers(responses, batch.commands)[-1]
        except CardFault as fault:
            raise _stopped(fault) from fault
        return version != b"\x00"

    # Writing.

    def _open_card(self, *, has_application: bool) -> Dialog[None]:
        card_key = self._keys.key(self._order.generation, KeyRole.CARD, self._order.uid)
        if not has_application:
            yield from self._replace_factory_key(card_key)
        try:
            select = (CardCommand(select_application(CARD_AID)),)
            session = yield from open_session(0, card_key, Stage.WRITING, before=select)
        except CardFault as fault:
            # Neither the factory's key nor ours: a card that we began is lost, another one belongs to somebody.
            raise _stopped(fault, Reason.CARD_SPOILED if self._order.is_known else Reason.CARD_NOT_BLANK) from fault
        prepare = [session.seal(FORMAT_CARD, Protection.MAC)] if has_application else []
        prepare.append(session.seal(change_key_settings(CARD_SETTINGS), Protection.FULL))
        prepare.append(session.seal(CREATE_APPLICATION, Protection.MAC))
        yield from self._carry_out(prepare)

    def _replace_factory_key(self, card_key: bytes) -> Dialog[None]:
        """Key a factory card; one whose key is AES already is left as it is."""
        batch = Batch((CardCommand(legacy.begin(), (MORE,)),), Stage.CHECKING)
        responses = yield batch
        challenge, sw = split_response(responses[0]) if responses else (b"", b"")
        if sw != MORE or len(challenge) != 8:
            return
        try:
            yield from replace_factory_key(challenge, card_key, self._order.generation)
        except CardFault as fault:
            raise _stopped(fault) from fault

    def _write(self) -> Dialog[None]:
        try:
            select = (CardCommand(select_application(AID)),)
            session = yield from open_session(KeyRole.MASTER, _ZERO_KEY, Stage.WRITING, before=select)
        except CardFault as fault:
            raise _stopped(fault) from fault
        commands = [session.seal(command, Protection.MAC) for command in CREATE_FILES]
        commands.append(session.seal(write_data(IDENTITY_FILE, 0, self._order.identity), Protection.FULL))
        commands.append(session.seal(write_data(SNAPSHOT_FILE, 0, self._order.snapshot), Protection.FULL))
        commands.append(session.seal(COMMIT, Protection.MAC))
        yield from self._carry_out(commands)
        yield from self._change_keys(session)

    def _change_keys(self, session: SecureSession) -> Dialog[None]:
        generation, uid = self._order.generation, self._order.uid
        others = [
            session.seal(change_other_key(role, _ZERO_KEY, self._keys.key(generation, role, uid), generation), Protection.FULL)
            for role in _KEYS_BEFORE_MASTER
        ]
        yield from self._carry_out(others)
        master = self._keys.key(generation, KeyRole.MASTER, uid)
        last = session.seal(change_own_key(KeyRole.MASTER, master, generation), Protection.FULL)
        batch = Batch((CardCommand(last.apdu),), Stage.WRITING)
        responses = yield batch
        try:
            # The answer to a change of the session's own key carries no MAC; reading back proves it.
            plain_answers(responses, batch.commands)
        except CardFault as fault:
            raise _stopped(fault) from fault

    def _carry_out(self, exchanges: list[Exchange]) -> Dialog[None]:
        responses = yield sealed(exchanges, Stage.WRITING)
        try:
            opened(responses, exchanges)
        except CardFault as fault:
            raise _stopped(fault) from fault

    # Reading back.

    def _verify(self) -> Dialog[None]:
        key = self._keys.key(self._order.generation, KeyRole.READ, self._order.uid)
        try:
            select = (CardCommand(select_application(AID)),)
            session = yield from open_session(KeyRole.READ, key, Stage.VERIFYING, before=select)
            reads = [session.seal(READ_IDENTITY, Protection.FULL), session.seal(READ_SNAPSHOT, Protection.FULL)]
            responses = yield sealed(reads, Stage.VERIFYING)
            identity, snapshot = opened(responses, reads)
            Identity.verified(identity, self._public_keys)
            Snapshot.verified(snapshot, self._public_keys)
            yield from self._prove_master_key(session)
        except CardFault as fault:
            raise _stopped(fault) from fault
        if identity != self._order.identity or snapshot != self._order.snapshot:
            raise CardStopped(Reason.CARD_SPOILED, MalformedFile.__name__)

    def _prove_master_key(self, session: SecureSession) -> Dialog[None]:
        """The last change of key was answered without a MAC, so whoever relays could have swallowed it."""
        master = self._keys.key(self._order.generation, KeyRole.MASTER, self._order.uid)
        yield from prove_key(KeyRole.MASTER, master, session.keys.ti, Stage.VERIFYING)


def _stopped(fault: CardFault, refused: Reason = Reason.CARD_SPOILED) -> CardStopped:
    """Return why the plan stops: an answer that broke off or was garbled says nothing about the card, a refusal does."""
    is_about_card = isinstance(fault, StatusRefused | MalformedFile)
    return CardStopped(refused if is_about_card else Reason.CARD_DIALOG, describe(fault))
