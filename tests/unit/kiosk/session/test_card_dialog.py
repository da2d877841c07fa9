"""What a card is told after points changed: never more than the centre says, and nothing hangs on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hardware.errors import NoCard
from kiosk.flows.sign_in.state import MemberIdentified, ReadCard
from kiosk.ports.desks import Batch, CardCommand, Greeted, UpdateBegun, VisitBegun, VisitSession
from kiosk.ports.devices import Relayed
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.values import CardSeen, Reason
from kiosk.session.card_dialog import CardDialog
from tests.support.flow_samples import CARD, VISITOR

COMMAND = CardCommand(b"\x90\x5a\x00\x00\x00", (b"\x91\x00",))
SESSION = VisitSession(b"ti00", bytes(16), bytes(16), 0)
CARRIER = replace(VISITOR, card=CARD)


@dataclass
class Desk:
    """A centre that updates in `batches` batches, and says whether a card is behind."""

    batches: int = 2
    is_behind: bool = False
    error: Exception | None = None
    begun: list[tuple[str, CardSeen]] = field(default_factory=list)
    _left: int = 0

    async def begin_visit(self, _card: CardSeen) -> VisitBegun:
        return VisitBegun("visit-dialog", (COMMAND,), "")

    async def complete_visit(self, _dialog_id: str, _identity: bytes, _snapshot: bytes) -> Greeted:
        return Greeted(VISITOR, self.is_behind)

    async def begin_update(self, visit_token: str, card: CardSeen) -> UpdateBegun:
        self.begun.append((visit_token, card))
        if self.error is not None:
            raise self.error
        self._left = self.batches
        return UpdateBegun("update-dialog", (COMMAND,) if self.batches else ())

    async def next_commands(self, dialog_id: str, _batch: int, _responses: tuple[bytes, ...]) -> Batch:
        if dialog_id == "visit-dialog":
            return Batch((), None, SESSION, 0, 0)
        self._left -= 1
        return Batch((COMMAND,) if self._left > 0 else (), None, None, 0, 0)


@dataclass
class Reader:
    """A reader that counts what it relays, and whose card goes after so many batches."""

    gone_after: int = 99
    relayed: int = 0
    released: int = 0
    busy: int = 0

    async def relay(self, _card: CardSeen, commands: Sequence[CardCommand]) -> Relayed:
        self.busy += 1
        assert self.busy == 1, "two dialogues share the card"
        await asyncio.sleep(0)
        self.busy -= 1
        self.relayed += 1
        if self.relayed > self.gone_after:
            return Relayed((), Reason("CARD_REMOVED"))
        return Relayed((b"\x91\x00",) * len(commands))

    async def read_member_files(self, _card: CardSeen, _session: VisitSession) -> tuple[bytes, bytes]:
        return b"identity", b"snapshot"

    async def release(self) -> None:
        self.released += 1


def dialog(desk: Desk, reader: Reader) -> CardDialog:
    return CardDialog(desk, reader, desk)  # type: ignore[arg-type]


async def test_who_came_without_a_card_is_asked_for_none() -> None:
    desk = Desk()
    assert not await dialog(desk, Reader()).update(VISITOR)
    assert desk.begun == []


@pytest.mark.parametrize("error", [Unreachable("gone"), Refused(Reason("CARD_LOST")), NoCard("nothing there")])
async def test_a_card_that_is_not_updated_is_no_error(error: Exception) -> None:
    reader = Reader()
    assert not await dialog(Desk(error=error), reader).update(CARRIER)
    assert (reader.relayed, reader.released) == (0, 1)


@pytest.mark.parametrize("gone_after", [0, 1])
async def test_a_card_that_is_pulled_away_is_told_later(gone_after: int) -> None:
    reader = Reader(gone_after)
    assert not await dialog(Desk(), reader).update(CARRIER)
    assert reader.released == 1


@pytest.mark.parametrize("batches", [0, 1, 2])
async def test_a_card_holds_what_it_should_once_no_commands_follow(batches: int) -> None:
    desk, reader = Desk(batches), Reader()
    assert await dialog(desk, reader).update(CARRIER)
    assert (desk.begun, reader.relayed) == ([("visit", CARD)], batches)


async def test_two_updates_follow_one_another() -> None:
    desk, reader = Desk(), Reader()
    made = dialog(desk, reader)
    assert await asyncio.gather(made.update(CARRIER), made.update(CARRIER)) == [True, True]
    assert reader.relayed == 4


@pytest.mark.parametrize(("is_behind", "times"), [(False, 0), (True, 1)])
async def test_a_tap_repairs_a_card_that_is_behind(is_behind: bool, times: int) -> None:
    desk = Desk(is_behind=is_behind)
    answer: Any = await dialog(desk, Reader()).read(ReadCard(CARD, 0))
    assert answer == MemberIdentified(CARRIER)
    assert len(desk.begun) == times


async def test_a_repair_that_fails_keeps_nobody_out() -> None:
    answer: Any = await dialog(Desk(is_behind=True), Reader(gone_after=1)).read(ReadCard(CARD, 0))
    assert answer == MemberIdentified(CARRIER)
