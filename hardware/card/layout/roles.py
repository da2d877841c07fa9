"""Which keys a card has, by number. Apart from how they are derived, so that a kiosk may know the numbers and not the way."""

from __future__ import annotations

from enum import IntEnum


class KeyRole(IntEnum):
    """Keys of a card by their use; 0 to 4 are the numbers inside the application.

    MASTER of the application makes files and changes keys, READ reads identity and snapshot, UPDATE writes the snapshot,
    PRIVACY is for cards with a random UID and therefore the same for all cards of a generation, READER is for the
    transaction MAC, CARD is the key of the card itself: it formats.
    """

    MASTER = 0
    READ = 1
    UPDATE = 2
    PRIVACY = 3
    READER = 4
    CARD = 16
