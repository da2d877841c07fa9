"""Keeps the kiosk and the centre in touch: hello at the start, heartbeats, the state of the link. Thread: loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kiosk.flows.home.state import ServiceLost, ServiceRestored
from kiosk.ports.desks import DeviceDesk, EnrollmentDesk
from kiosk.ports.display import Chrome
from kiosk.ports.errors import DeskError, JournalDamaged, NotAdmitted
from kiosk.ports.journal import Journal
from kiosk.ports.values import Reason, TierName
from kiosk.session.faults import JOURNAL_DAMAGED
from kiosk.session.inner_events import ChromeChanged
from kiosk.session.recovery import close_open_intents
from kiosk.session.timers import Timers

log = logging.getLogger(__name__)

HEARTBEAT_S = 60.0
RETRY_S = 1.0
BACK_S = 3.0
"""How long screens say that the link is back."""
NOT_ADMITTED = Reason("NOT_ADMITTED")


@dataclass(frozen=True, slots=True)
class PartsOk:
    """Which devices can do their work."""

    card_reader: bool = True
    printer: bool = True
    camera: bool = False


class Link:
    """Says hello until it is heard, then gives signs of life; tells the session what it learns."""

    def __init__(self, devices: DeviceDesk, enrollment: EnrollmentDesk, journal: Journal, post: Callable[[Any], None]) -> None:
        self._devices = devices
        self._enrollment = enrollment
        self._journal = journal
        self._post = post
        self._is_linked: bool | None = None
        self._is_admitted = True
        # Whoever made these intents is gone: the process that served them ended.
        self._gone_up_to = journal.last_device_seq()
        self._closing: asyncio.Task[None] | None = None
        self._parts = PartsOk()
        self._timers = Timers()
        self._tiers: tuple[TierName, ...] = ()

    def parts_changed(self, parts: PartsOk) -> None:
        """Tell the session and, with the next sign of life, the centre how the devices are."""
        self._parts = parts

        def told(chrome: Chrome) -> Chrome:
            return replace(chrome, card_ok=parts.card_reader, printer_ok=parts.printer, camera_ok=parts.camera)

        self._post(ChromeChanged(told))

    def changed(self, is_linked: bool) -> None:  # noqa: FBT001 - called back with the new state
        """Tell the session where the link came or went."""
        if is_linked == self._is_linked:
            return
        is_back = is_linked and self._is_linked is False
        self._is_linked = is_linked
        log.info("link to the centre %s", "stands" if is_linked else "is lost")
        self._post(ChromeChanged(lambda chrome: replace(chrome, is_linked=is_linked, is_back=is_back)))
        if is_back:
            self._timers.start("back", BACK_S, self._is_ordinary_again)
        else:
            self._timers.stop("back")

    def _is_ordinary_again(self) -> None:
        self._post(ChromeChanged(lambda chrome: replace(chrome, is_back=False)))

    async def run(self) -> None:
        """Keep in touch until cancelled."""
        while True:
            heard = await self._hello()
            while heard and self._is_admitted:
                await asyncio.sleep(HEARTBEAT_S)
                heard = await self._heartbeat()
            await asyncio.sleep(RETRY_S)

    async def _hello(self) -> bool:
        try:
            if not self._is_admitted:
                self._journal.prove()
            device = await self._devices.hello(self._journal.last_device_seq())
            await close_open_intents(self._journal, self._enrollment, self._gone_up_to)
        except NotAdmitted:
            self._lose(NOT_ADMITTED)
            return False
        except JournalDamaged:
            self._lose(JOURNAL_DAMAGED)
            return False
        except DeskError:
            return False
        if not self._is_admitted:
            self._is_admitted = True
            self._post(ServiceRestored())

        self._tiers = device.tiers

        def known(chrome: Chrome) -> Chrome:
            return replace(chrome, device=device)

        self._post(ChromeChanged(known))
        return True

    def _lose(self, reason: Reason) -> None:
        if self._is_admitted:
            self._is_admitted = False
            log.error("out of service: %s", reason)
            self._post(ServiceLost(reason))

    def journal_failed(self) -> None:
        """An intent could not be written down: out of service until the journal has proved itself again."""
        self._lose(JOURNAL_DAMAGED)

    async def _heartbeat(self) -> bool:
        try:
            tiers = await self._devices.heartbeat(card_reader_ok=self._parts.card_reader, printer_ok=self._parts.printer)
        except DeskError:
            return False

        if tiers != self._tiers:
            self._tiers = tiers
            self._post(ChromeChanged(lambda chrome: replace(chrome, device=replace(chrome.device, tiers=tiers))))
        return True

    def close_open_intents(self) -> None:
        """Close what the last customer left open; called when nobody is here."""
        try:
            self._gone_up_to = self._journal.last_device_seq()
        except JournalDamaged:
            self._lose(JOURNAL_DAMAGED)
            return
        if self._closing is None or self._closing.done():
            self._closing = asyncio.get_running_loop().create_task(self._close(), name="close open intents")

    async def _close(self) -> None:
        closed_up_to = -1
        while closed_up_to != self._gone_up_to:
            # The next customer may leave, too, while this one's intents are closed.
            closed_up_to = self._gone_up_to
            try:
                await close_open_intents(self._journal, self._enrollment, closed_up_to)
            except JournalDamaged:
                self._lose(JOURNAL_DAMAGED)
                return
