"""What a message is, what a gateway does and how it fails. Knows no wording, no wire and no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Way(StrEnum):
    """Way of a message; the values are those of the outbox."""

    SMS = "SMS"
    MAIL = "MAIL"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in its final wording.

    Attributes:
        recipient: Phone number (E.164) or e-mail address.
        subject: Subject of a mail; empty for SMS.
        text: Plain text.
        html: The same as HTML, or empty.
        dedupe_key: The same for every try of one event; gateways deliver one message per key.
    """

    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    dedupe_key: str


class GatewayError(Exception):
    """A gateway did not take a message. The text is a code of ours: no recipient, no content, nothing the gateway said."""


class GatewayUnavailable(GatewayError):
    """Nobody knows whether it was taken, or it certainly was not; another try may succeed."""


class GatewayRefused(GatewayError):
    """The gateway will never take this message."""


class Gateway(Protocol):
    """Takes messages of one way."""

    async def hand_over(self, message: Rendered) -> str:
        """Returns the gateway's reference once it has taken the message.

        Raises:
            GatewayUnavailable: try again later.
            GatewayRefused: do not try again.
        """
        ...
