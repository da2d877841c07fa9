"""What can be wrong with a card's answer or content; the kiosk maps these to its errors, the centre to its reasons."""

from __future__ import annotations


class CardFault(Exception):
    """Root of the faults of this package."""


class TruncatedResponse(CardFault):
    """The answer is shorter than any answer of this command can be; whether the command was carried out is unknown."""


class StatusRefused(CardFault):
    """The card answered another status than success.

    Attributes:
        sw: The two status bytes.
    """

    def __init__(self, sw: bytes) -> None:
        super().__init__(f"status {sw.hex()}")
        self.sw = sw


class IntegrityFault(CardFault):
    """A MAC, a padding or the answer to a challenge is wrong; the session must not be used again."""


class SessionOver(CardFault):
    """The session was ended by an earlier fault, by a change of its key or by its counter."""


class MalformedFile(CardFault):
    """A file's content does not follow its layout, or its signature does not verify."""
