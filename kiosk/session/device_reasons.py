"""Under which reason the screens know what a device's driver says. Knows errors by class; knows no driver."""

from __future__ import annotations

from hardware.errors import CardChanged, DeviceError, ForeignCard, Mute, NoCard, Removed, SeveralCards
from kiosk.ports.devices import ReaderState
from kiosk.ports.values import Reason

# What a member can do something about has a reason of the contract; the rest keeps the name of the device's error.
_CARD_REASONS: tuple[tuple[type[DeviceError], Reason], ...] = (
    (SeveralCards, Reason("CARD_SEVERAL")),
    (ForeignCard, Reason("CARD_FOREIGN")),
    (Removed, Reason("CARD_REMOVED")),
    (NoCard, Reason("CARD_REMOVED")),
    (CardChanged, Reason("CARD_REMOVED")),
    (Mute, Reason("CARD_REMOVED")),
)


# Troubles that say nothing of a card: there is no reader that one could lie on.
_NO_READER = frozenset(map(Reason, ("NO_READER", "READER_GONE", "SERVICE_DOWN")))


def device_reason(error: DeviceError) -> Reason:
    """Return the reason of a device's error: its text key without the prefix, upper case."""
    return Reason(error.text_key.removeprefix("error.").upper())


def card_reason(error: DeviceError) -> Reason:
    """Return the reason of an error of the reader or the card on it."""
    return next((reason for kind, reason in _CARD_REASONS if isinstance(error, kind)), device_reason(error))


def is_card_there(state: ReaderState) -> bool:
    """Tell whether something lies on the reader: a card, several, or one that does not answer."""
    return state.card is not None or (state.trouble is not None and state.trouble not in _NO_READER)
