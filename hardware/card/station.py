"""The card reader of the kiosk: says what lies on it and holds the one link of a visit. Knows no keys' meaning, no centre.

Two workers: one waits for changes, one talks to the card. A link belongs to one card and one dialogue: once it failed, it
stays failed until it is released, so that a dialogue never goes on with a card that came back without its session.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from hardware.card.api import CardLink, CardSlot, Command, Outcome, PresentCard, Relayed, Seen, Sighting, SlotState, Watcher
from hardware.card.layout.messaging import SecureSession
from hardware.card.relay import relay
from hardware.card.session import read_member_files
from hardware.errors import Busy, CardChanged, DeviceError, Mute, NoCard, ReaderBusy, Removed, SeveralCards, TimedOut
from hardware.health import Health, HealthState
from hardware.worker import Worker

logger = logging.getLogger(__name__)

# Personalisation's longest batch takes under 0.3 s on the air; a reader's own limits are below 5 s per command.
BATCH_LIMIT_S = 15.0
IDENTIFY_LIMIT_S = 3.0
CLOSE_LIMIT_S = 0.5
# A card that was just laid down, or swapped between two looks of the daemon, refuses the first connection.
_ATTEMPTS = 12
_PAUSE_S = 0.25


class CardStation:
    """One place where a member lays a card, made of one or more reader slots. Thread: loop.

    Args:
        slot: Driver.
        watcher: Watcher of the same driver.
        card_worker: Runs the driver.
        watch_worker: Runs the watcher.
    """

    def __init__(self, slot: CardSlot, watcher: Watcher, card_worker: Worker, watch_worker: Worker) -> None:
        self._slot = slot
        self._watcher = watcher
        self._card_worker = card_worker
        self._watch_worker = watch_worker
        self._watching: asyncio.Task[None] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._sighting: Sighting | None = None
        self._present: Seen | None = None
        # Nobody has seen the reader empty since it was out of sight: what lies on it was not laid just now.
        self._is_unseen = True
        self._state = SlotState()
        self._on_change: Callable[[SlotState], None] | None = None
        self._link: CardLink | None = None
        self._is_link_lost = False
        self._closing: set[asyncio.Task[None]] = set()
        self._health = Health(HealthState.OK, "", datetime.now(UTC))

    def start(self) -> None:
        """Begin to watch."""
        loop = asyncio.get_running_loop()

        def report(sighting: Sighting) -> None:
            with contextlib.suppress(RuntimeError):  # the loop ended first
                loop.call_soon_threadsafe(self._sighted, sighting)

        self._watching = loop.create_task(self._watch_worker.run(self._watcher.run, report, timeout_s=None), name="card-watch")

    async def close(self) -> None:
        """Stop watching, release the card, end both workers."""
        self._on_change = None
        self._watcher.stop()
        if self._watching is not None:
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(self._watching, 2.0)
        # Only now: what was seen last had begun another look.
        if self._settling is not None:
            self._settling.cancel()
            await asyncio.wait({self._settling})
        await self.release()
        for closing in self._closing:
            closing.cancel()
        await self._watch_worker.close()
        await self._card_worker.close()

    # What lies on it.

    def watch(self, on_change: Callable[[SlotState], None]) -> None:
        """Have every change reported, and the present state at once."""
        self._on_change = on_change
        on_change(self._state)

    def look(self) -> SlotState:
        """Return the last state."""
        return self._state

    def health(self) -> Health:
        """Return how the reader is; a card in the wrong place is no fault of it."""
        return self._health

    def _sighted(self, sighting: Sighting) -> None:
        self._sighting = sighting
        self._note_health(sighting.trouble)
        if not sighting.cards:
            self._is_unseen = sighting.trouble is not None
        if self._present not in sighting.cards:
            # Gone, or swapped for another between two looks: say so before the next card is announced.
            self._present = None
            self._publish(SlotState())
        self._settle_anew(sighting)

    def _settle_anew(self, sighting: Sighting) -> None:
        if self._settling is not None:
            self._settling.cancel()
        self._settling = asyncio.get_running_loop().create_task(self._settle(sighting), name="card-settle")

    def _note_health(self, trouble: DeviceError | None) -> None:
        before = self._health
        state = HealthState.OK if trouble is None else HealthState.GONE
        self._health = before.changed(state, trouble.text_key if trouble else "", datetime.now(UTC))
        if self._health is not before:
            level = logging.INFO if trouble is None else logging.WARNING
            logger.log(level, "card reader: %s %s", state, type(trouble).__name__ if trouble else "")

    async def _settle(self, sighting: Sighting) -> None:
        state = await self._state_of(sighting)
        if self._sighting is sighting and state is not None:
            self._publish(state)

    async def _state_of(self, sighting: Sighting) -> SlotState | None:
        """Return the state that a sighting means, None where it is known already or another sighting must follow."""
        if sighting.trouble is not None:
            return SlotState(trouble=sighting.trouble)
        match sighting.cards:
            case ():
                return SlotState()
            case (seen,):
                is_known = seen == self._present and self._state.card is not None
                return None if is_known else await self._arrived(seen)
            case cards:
                return SlotState(trouble=SeveralCards(f"{len(cards)} cards"))

    async def _arrived(self, seen: Seen) -> SlotState | None:
        """Return the state with a card that was not there before."""
        try:
            card = await self._identify(seen)
        except (NoCard, Removed):
            return None  # gone again; its removal is reported too
        except DeviceError as error:
            return SlotState(trouble=error)
        self._present = seen
        return SlotState(card, was_there=self._is_unseen)

    async def _identify(self, seen: Seen) -> PresentCard:
        if seen.is_mute:
            raise Mute("no answer to reset")
        if self._link is not None:
            self._is_link_lost = True
            await self._close_link()
        for attempt in range(_ATTEMPTS):
            try:
                return await self._card_worker.run(self._look_at, seen.reader, timeout_s=IDENTIFY_LIMIT_S)
            except (ReaderBusy, NoCard, Removed):
                if attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(_PAUSE_S)
            except (TimedOut, Busy) as error:
                raise Mute("no answer") from error
        raise AssertionError("the last attempt returns or raises")

    def _look_at(self, reader: str) -> PresentCard:
        with self._slot.open(reader) as link:
            return PresentCard(link.uid, link.atr)

    def _publish(self, state: SlotState) -> None:
        if state == self._state:
            return
        self._state = state
        if self._on_change is not None:
            self._on_change(state)

    # The link of a visit.

    async def relay(self, uid: bytes, commands: Sequence[Command]) -> Relayed:
        """Send a batch to the card with this UID; another card gets nothing.

        Link faults are part of the result, not raised.
        """
        try:
            link = await self._linked(uid)
        except DeviceError as error:
            return Relayed((), error, Outcome.NOT_SENT)
        try:
            relayed = await self._card_worker.run(relay, link, tuple(commands), timeout_s=BATCH_LIMIT_S)
        except (TimedOut, Busy) as error:
            relayed = Relayed((), Mute(str(error)), Outcome.UNKNOWN)
        if relayed.fault is not None:
            await self._lose()
        return relayed

    async def read_member_files(self, uid: bytes, session: SecureSession) -> tuple[bytes, bytes]:
        """Return identity and snapshot of the card with this UID, read within the session that the centre opened.

        Raises:
            DeviceError: The link broke, the card refused, or an answer is forged.
        """
        link = await self._linked(uid)
        try:
            return await self._card_worker.run(read_member_files, link, session, timeout_s=BATCH_LIMIT_S)
        except DeviceError:
            await self._lose()
            raise

    async def release(self) -> None:
        """End the connection to the card; the next batch begins with a new one."""
        self._is_link_lost = False
        await self._close_link()

    async def _lose(self) -> None:
        """Note that the link is lost, and look again: a card that is swapped quickly is not reported as removed."""
        self._is_link_lost = True
        await self._close_link()
        self._present = None
        self._publish(SlotState())
        if self._sighting is not None:
            self._settle_anew(self._sighting)

    async def _close_link(self) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        # Where the card hangs in a command, closing waits its turn behind it; it must not be dropped, or the card stays held.
        closing = asyncio.get_running_loop().create_task(self._card_worker.run(link.close, timeout_s=None), name="card-close")
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        await asyncio.wait({closing}, timeout=CLOSE_LIMIT_S)

    async def _linked(self, uid: bytes) -> CardLink:
        """Return the link to the card with this UID.

        Raises:
            Removed: This dialogue's link broke earlier.
            CardChanged: Another card lies there.
            DeviceError: No link can be had; nothing was sent.
        """
        if self._is_link_lost:
            raise Removed("the link of this dialogue is lost", outcome_known=True)
        if self._link is None:
            if self._present is None:
                raise NoCard("nothing on the reader")
            self._link = await self._card_worker.run(self._slot.open, self._present.reader, timeout_s=IDENTIFY_LIMIT_S)
        if self._link.uid != uid:
            await self._lose()
            raise CardChanged("another UID")
        return self._link
