"""What journeys hear of the slot."""

from __future__ import annotations

import pytest

from hardware.card.api import PresentCard, SlotState
from hardware.errors import DeviceError, Mute, NoReader, ReaderGone, SeveralCards
from kiosk.app.reader import reader_state
from kiosk.ports.devices import ReaderState
from kiosk.ports.values import CardSeen, Reason


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        # Laid down and silent is not a card of ours; gone silent in the middle of a dialogue is another thing (device_reasons).
        (Mute("no answer to reset"), "CARD_FOREIGN"),
        (SeveralCards("2 cards"), "CARD_SEVERAL"),
        (NoReader("no reader"), "NO_READER"),
        (ReaderGone("unplugged"), "READER_GONE"),
    ],
)
def test_each_trouble_of_the_slot_has_its_reason(trouble: DeviceError, reason: str) -> None:
    assert reader_state(SlotState(trouble=trouble)) == ReaderState(trouble=Reason(reason))


def test_a_card_and_nothing_are_no_trouble() -> None:
    assert reader_state(SlotState(PresentCard(b"uid", b"atr"))) == ReaderState(CardSeen(b"uid", b"atr"))
    assert reader_state(SlotState()) == ReaderState()
