"""The kiosk put together: drivers, channel, journal, session, screens, one loop. Runs until it is told to stop.

Thread: loop, but for the workers of the devices.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from pathlib import Path
from typing import Any

import grpc

from hardware.card.monitor import PcscMonitor
from hardware.card.pcsc import PcscSlot
from hardware.card.station import CardStation
from hardware.printer.api import Printer
from hardware.printer.folder import FolderPrinter
from hardware.printer.ipp import IppPrinter
from hardware.printer.station import PrinterStation
from hardware.worker import DeviceWorker
from kiosk.app.campaign_board import CampaignBoard
from kiosk.app.device_health import watch_devices
from kiosk.app.front import Front
from kiosk.app.link import Link
from kiosk.app.probe import Probe
from kiosk.app.quiet import Quiet
from kiosk.app.reader import StationReader
from kiosk.app.scanner import open_scanner
from kiosk.app.slips import SlipDesk, Where
from kiosk.app.time_and_ids import SystemClock, Uuid7Ids
from kiosk.backend.caller import Caller
from kiosk.backend.campaigns import CampaignGateway
from kiosk.backend.cards import CardGateway
from kiosk.backend.channel import Connection, Identity
from kiosk.backend.credentials import CredentialGateway
from kiosk.backend.devices import DeviceGateway
from kiosk.backend.enrollment import EnrollmentGateway
from kiosk.backend.feedback import FeedbackGateway
from kiosk.backend.guardians import GuardianGateway
from kiosk.backend.lost_cards import LossGateway
from kiosk.backend.members import MemberGateway
from kiosk.backend.perks import BenefitGateway, CouponGateway
from kiosk.backend.points import PointsGateway
from kiosk.backend.rewards import RewardGateway
from kiosk.config import Profile, Settings
from kiosk.outbox.hotlist import HOTLIST_FILE, SqliteHotlist
from kiosk.outbox.journal import SqliteJournal
from kiosk.paper.faces import load_faces
from kiosk.paper.renderer import SlipRenderer
from kiosk.paper.slip import Shop
from kiosk.paper.verify import KeyFileUnusable, load_public_keys
from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.desks import CampaignDesk
from kiosk.ports.devices import NoScanner
from kiosk.ports.display import Chrome
from kiosk.ports.errors import DeskError
from kiosk.ports.values import DeviceInfo
from kiosk.session.campaign_effects import CampaignParts
from kiosk.session.faults import JOURNAL_DAMAGED
from kiosk.session.hotlist_sync import follow_hotlist
from kiosk.session.inner_events import CampaignsChanged
from kiosk.session.intents import Intents
from kiosk.session.performer import Outside, Performer
from kiosk.session.session import Collaborators, Session
from kiosk.session.staff_calls import StaffCalls
from kiosk.session.visit_watch import watch_visits
from screens.assets import FONTS
from screens.window import settle

log = logging.getLogger(__name__)

JOURNAL_FILE = "journal.db"
PROBE_FILE = "probe.sock"


class Kiosk:
    """One kiosk process."""

    def __init__(self, settings: Settings, front: Front) -> None:
        self._settings = settings
        self._front = front
        self._background: set[asyncio.Task[Any]] = set()
        self._session: Session | None = None
        self._quiet = Quiet(self._is_nobody_here, settle)

    async def run(self, window: asyncio.Task[None]) -> None:
        """Run until SIGTERM, SIGINT or the window's end.

        Args:
            window: What runs the window's loop; cancelled at the end.
        """
        settings = self._settings
        clock, ids = SystemClock(), Uuid7Ids()
        journal = SqliteJournal(settings.kiosk.data_dir / JOURNAL_FILE)
        connection = self._connection()
        channel = connection.channel
        caller = Caller(journal, clock)
        enrollment = EnrollmentGateway(channel, caller, journal)
        members, devices = MemberGateway(channel, caller), DeviceGateway(channel, caller)
        station = CardStation(PcscSlot(), PcscMonitor(self._is_ours), DeviceWorker("card"), DeviceWorker("card-watch"))
        reader, printer = StationReader(station), PrinterStation(self._printer())
        words = self._front.catalogue.in_language
        slips = SlipDesk(printer, SlipRenderer(load_faces(FONTS), words), words, Where(self._shop, self._device))
        intents = Intents(ids)
        losses, hotlist = LossGateway(channel, caller), SqliteHotlist(settings.kiosk.data_dir / HOTLIST_FILE)
        guardians = GuardianGateway(channel, caller)
        desks = _member_desks(channel, caller, settings.kiosk.receipt_keys)
        board, campaigns = self._board(CampaignGateway(channel, caller))
        outside = Outside(enrollment, CardGateway(channel, caller), members, reader, slips, *desks, losses, hotlist, guardians, campaigns)
        scanner = open_scanner(settings.devices.camera, self._front.viewfinder)

        collaborators = Collaborators(
            display=self._front.display,
            performer=Performer(outside, intents),
            intents=intents,
            reader=reader,
            staff_calls=StaffCalls(devices, ids),
            end_visit=lambda token, page: self._in_background(_quietly(members.end_visit(token, page))),
            on_idle=lambda: self._idle(link, connection),
            on_fault=lambda reason: link.journal_failed() if reason == JOURNAL_DAMAGED else None,
            scanner=scanner or NoScanner(),
        )
        session = Session(collaborators)
        link = Link(devices, enrollment, journal, session.post)
        caller.on_link(link.changed)
        self._session = session
        station.start()
        self._in_background(scanner.warm() if scanner else asyncio.sleep(0))
        probe = self._probe()
        if probe is not None:
            await probe.start()
        works = {"session": session.run(), "link": link.run(), "campaigns": board.run(), "lost cards": follow_hotlist(losses, hotlist)}
        works["visits"] = watch_visits(members, lambda: session.open_visits, session.post)
        works["devices"] = watch_devices(station, printer, scanner, link.parts_changed)
        loops = [asyncio.create_task(work, name=name) for name, work in works.items()]
        log.info("kiosk runs, profile %s", settings.kiosk.profile)
        try:
            await self._until_stopped(window, loops)
        finally:
            await self._end_tasks(loops)
            ends = (probe.stop if probe else None, station.close, printer.close, scanner.close if scanner else None, connection.close)
            for end in filter(None, ends):
                await end()
            hotlist.close()
            journal.close()

    def _board(self, desk: CampaignDesk) -> tuple[CampaignBoard, CampaignParts]:
        board = CampaignBoard(desk, self._campaigns_changed, SystemClock().now)
        return board, CampaignParts(desk, board.shown, board.ended)

    def _connection(self) -> Connection:
        service = self._settings.service
        identity = Identity(service.authority, service.certificate, service.private_key, service.server_name)
        return Connection(service.target, identity)

    async def _end_tasks(self, loops: list[asyncio.Task[Any]]) -> None:
        self._quiet.stop()
        for task in (*loops, *self._background):
            task.cancel()
        await asyncio.gather(*loops, *self._background, return_exceptions=True)

    async def _until_stopped(self, window: asyncio.Task[None], loops: list[asyncio.Task[Any]]) -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        ends = [window, asyncio.create_task(stopped.wait(), name="stop"), *loops]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in ends[:2]:
            task.cancel()
        await asyncio.gather(*ends[:2], return_exceptions=True)
        for task in done:
            if not task.cancelled() and task.exception() is not None:
                raise task.exception() or RuntimeError(task.get_name())

    def _printer(self) -> Printer:
        devices = self._settings.devices
        return IppPrinter(devices.printer) if devices.printer else FolderPrinter(devices.slip_folder)

    def _device(self) -> DeviceInfo:
        return self._session.device if self._session else Chrome().device

    def _shop(self) -> Shop:
        return Shop(self._device().store_name, self._settings.kiosk.service_phone, self._settings.kiosk.service_hours)

    def _is_ours(self, name: str) -> bool:
        return self._settings.devices.reader in name

    def _probe(self) -> Probe | None:
        if self._settings.kiosk.profile is not Profile.DEVELOPMENT:
            return None
        return Probe(self._settings.kiosk.data_dir / PROBE_FILE, self._front.describe)

    def _idle(self, link: Link, connection: Connection) -> None:
        link.close_open_intents()
        self._in_background(connection.renew())
        # What the last customer left is unreachable now.
        self._quiet.visit_over()

    def _campaigns_changed(self, campaigns: tuple[PublicCampaign, ...], shown: tuple[PublicCampaign, ...], ended: frozenset[str]) -> None:
        if self._session is not None:
            self._session.post(CampaignsChanged(campaigns, shown, ended))

    def _is_nobody_here(self) -> bool:
        return self._session is not None and self._session.is_nobody_here

    def _in_background(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _member_desks(
    channel: grpc.aio.Channel, caller: Caller, receipt_keys: Path
) -> tuple[FeedbackGateway, CouponGateway, BenefitGateway, PointsGateway, RewardGateway, CredentialGateway]:
    return (
        FeedbackGateway(channel, caller),
        CouponGateway(channel, caller),
        BenefitGateway(channel, caller),
        PointsGateway(channel, caller),
        RewardGateway(channel, caller),
        CredentialGateway(channel, caller, _receipt_keys(receipt_keys)),
    )


def _receipt_keys(path: Path) -> dict[int, bytes]:
    """Return the keys that verify receipts; without them none leads anywhere, and everything else works."""
    try:
        return load_public_keys(path)
    except KeyFileUnusable as error:
        log.warning("no receipt is taken: %s", error)
        return {}


async def _quietly(work: Any) -> None:
    with contextlib.suppress(DeskError):
        await work
