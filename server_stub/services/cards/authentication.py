"""Authenticating a card from the centre: the challenge is answered here, the kiosk sees only what passes by."""

from __future__ import annotations

import os
from collections.abc import Callable

from hardware.card.layout import handshake, legacy
from hardware.card.layout.apdu import MORE, OK
from hardware.card.layout.handshake import SessionKeys
from hardware.card.layout.messaging import SecureSession
from server_stub.services.cards.dialog import Batch, CardCommand, Dialog, Stage, plain_answers

Random = Callable[[int], bytes]


def authenticate(key: bytes, challenge: bytes, stage: Stage, random: Random = os.urandom) -> Dialog[SessionKeys]:
    """Answer an EV2 challenge; returns the session's keys.

    Raises:
        CardFault: The card refuses the key, or does not hold it.
    """
    answered = handshake.answer_challenge(key, challenge, random(16))
    batch = Batch((CardCommand(answered.apdu),), stage)
    responses = yield batch
    return answered.finish_first(plain_answers(responses, batch.commands)[0])


def open_session(key_number: int, key: bytes, stage: Stage, *, before: tuple[CardCommand, ...] = ()) -> Dialog[SecureSession]:
    """Authenticate with EV2First after some plain commands; returns the session.

    Raises:
        CardFault: A command before failed, or the card refuses the key.
    """
    batch = Batch((*before, CardCommand(handshake.begin_first(key_number), (MORE,))), stage)
    responses = yield batch
    challenge = plain_answers(responses, batch.commands)[-1]
    keys = yield from authenticate(key, challenge, stage)
    return SecureSession(keys)


def prove_key(key_number: int, key: bytes, ti: bytes, stage: Stage, random: Random = os.urandom) -> Dialog[SessionKeys]:
    """Have the card prove that it holds another key, within the transaction `ti`; returns the keys with which it goes on.

    Raises:
        CardFault: The card refuses the key, or does not hold it.
    """
    asking = Batch((CardCommand(handshake.begin_non_first(key_number), (MORE,)),), stage)
    challenge = plain_answers((yield asking), asking.commands)[0]
    answered = handshake.answer_challenge(key, challenge, random(16))
    answering = Batch((CardCommand(answered.apdu),), stage)
    return answered.finish_non_first(plain_answers((yield answering), answering.commands)[0], ti)


def replace_factory_key(challenge: bytes, new_key: bytes, version: int, random: Random = os.urandom) -> Dialog[None]:
    """Answer a factory card's DES challenge and replace its key by AES; the session is gone then.

    Raises:
        CardFault: The key is not the factory's, or cannot be changed.
    """
    answered = legacy.answer_challenge(legacy.Des(legacy.FACTORY_KEY), challenge, random(8))
    batch = Batch((CardCommand(answered.apdu),), Stage.WRITING)
    responses = yield batch
    session = legacy.Des(answered.finish(plain_answers(responses, batch.commands)[0]))
    change = legacy.change_own_key(session, legacy.CARD_KEY_IS_AES, new_key, version)
    batch = Batch((CardCommand(change, (OK,)),), Stage.WRITING)
    responses = yield batch
    plain_answers(responses, batch.commands)
