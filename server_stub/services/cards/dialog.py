"""The conversation with a card as batches of commands: what a batch is, how answers are taken. Knows no plan."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from hardware.card.layout.apdu import MORE, OK, is_refusal, split_response
from hardware.card.layout.faults import CardFault, StatusRefused, TruncatedResponse
from hardware.card.layout.messaging import Exchange
from server_stub.domain.reasons import Reason

Result = TypeVar("Result")


class Stage(StrEnum):
    """Step that the kiosk's screen names."""

    CHECKING = "CHECKING"
    WRITING = "WRITING"
    VERIFYING = "VERIFYING"
    WRITTEN = "WRITTEN"


@dataclass(frozen=True, slots=True)
class CardCommand:
    """A command APDU and the status words after which the next command of its batch is sent."""

    apdu: bytes
    go_on: tuple[bytes, ...] = (OK,)


@dataclass(frozen=True, slots=True)
class Batch:
    """Commands that need no answer of each other."""

    commands: tuple[CardCommand, ...]
    stage: Stage


class CardStopped(Exception):
    """The plan cannot go on with this card.

    Attributes:
        reason: Why, for the member.
        detail: Status word or fault, for staff; no key and no content.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason = reason
        self.detail = detail


Dialog = Generator[Batch, Sequence[bytes], Result]
"""Yields batches, is sent their answers (fewer where the relay stopped), returns what came of it."""


def plain_answers(responses: Sequence[bytes], commands: Sequence[CardCommand]) -> list[bytes]:
    """Return the data of each answer of a batch.

    Raises:
        StatusRefused: A status word that does not let the batch go on.
        TruncatedResponse: An answer without a status word that a card gives, or fewer answers than commands.
    """
    data = []
    for response, command in zip(responses, commands, strict=False):
        body, sw = split_response(response)
        if sw not in command.go_on:
            raise StatusRefused(sw) if is_refusal(body, sw) or sw in (OK, MORE) else TruncatedResponse(f"ends with {sw.hex()}")
        data.append(body)
    if len(responses) < len(commands):
        raise TruncatedResponse(f"{len(responses)} answers to {len(commands)} commands")
    return data


def opened(responses: Sequence[bytes], exchanges: Sequence[Exchange]) -> list[bytes]:
    """Return the plain data of the answers to sealed commands; raises CardFault at the first that is not good."""
    data = [exchange.open(response) for response, exchange in zip(responses, exchanges, strict=False)]
    if len(responses) < len(exchanges):
        raise TruncatedResponse(f"{len(responses)} answers to {len(exchanges)} commands")
    return data


def asking(apdu: bytes, stage: Stage) -> Batch:
    """Return a batch of one command that asks for a challenge or a frame."""
    return Batch((CardCommand(apdu, (MORE,)),), stage)


def sealed(exchanges: Sequence[Exchange], stage: Stage) -> Batch:
    """Return the batch of sealed commands."""
    return Batch(tuple(CardCommand(exchange.apdu) for exchange in exchanges), stage)


def describe(fault: CardFault) -> str:
    """Return a fault in words that hold neither key nor content."""
    return f"{type(fault).__name__}: {fault}"


def reason_for(fault: CardFault, refused: Reason) -> Reason:
    """Return `refused`, unless the answer broke off: that says nothing about the card, which is to be laid down again."""
    return Reason.CARD_DIALOG if isinstance(fault, TruncatedResponse) else refused
