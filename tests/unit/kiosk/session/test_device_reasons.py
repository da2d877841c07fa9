"""What a driver says becomes the same reason wherever it happens: while a card is written, read or only looked at."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.errors import CardChanged, CardReset, DeviceError, IntegrityBroken, Mute, NoCard, Removed, SeveralCards
from kiosk.flows.sign_in.state import CardUnreadable, ReadCard
from kiosk.ports.desks import Batch, CardCommand, VisitBegun, VisitSession
from kiosk.ports.devices import Relayed
from kiosk.ports.values import CardSeen
from kiosk.session.card_dialog import CardDialog
from kiosk.session.device_reasons import card_reason, device_reason

CARD = CardSeen(b"\x04abcdef", b"\x3b")


@pytest.mark.parametrize("gone", [Removed("gone"), CardReset("reset"), NoCard("none"), CardChanged("other"), Mute("silent")])
def test_a_card_that_went_away_is_one_thing_to_the_member(gone: DeviceError) -> None:
    assert card_reason(gone) == "CARD_REMOVED"


def test_what_a_member_cannot_mend_keeps_its_own_name() -> None:
    assert card_reason(IntegrityBroken("mac")) == device_reason(IntegrityBroken("mac")) == "INTEGRITY_BROKEN"
    assert card_reason(SeveralCards("two")) == "CARD_SEVERAL"


class Counter:
    """A centre and a reader whose card leaves when its files are read."""

    async def begin_visit(self, _card: CardSeen) -> VisitBegun:
        return VisitBegun("dlg", (CardCommand(b"\x90", (b"\x91\x00",)),), "")

    async def next_commands(self, _dialog: str, _batch: int, _responses: tuple[bytes, ...]) -> Batch:
        return Batch((), None, VisitSession(b"", b"", b"", 0), 1, 1)

    async def relay(self, _card: CardSeen, _commands: Any) -> Relayed:
        return Relayed((b"\x91\x00",))

    async def read_member_files(self, _card: CardSeen, _session: VisitSession) -> tuple[bytes, bytes]:
        raise Removed("pulled")

    async def release(self) -> None:
        return None


async def test_a_card_pulled_while_its_files_are_read_is_a_card_that_went_away() -> None:
    counter: Any = Counter()
    assert await CardDialog(counter, counter, counter).read(ReadCard(CARD, 0)) == CardUnreadable("CARD_REMOVED")
