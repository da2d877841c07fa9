"""What the command line tells about the card on the reader: what it says without keys, and whether the centre knows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from hardware.card.api import Command
from hardware.card.layout.apdu import MORE, OK
from hardware.card.layout.commands import GET_APPLICATION_IDS, GET_VERSION, NEXT_FRAME
from hardware.card.layout.profile import AID, is_desfire_ev2_or_later
from hardware.card.monitor import PcscMonitor
from hardware.card.pcsc import PcscSlot
from hardware.card.station import CardStation
from hardware.errors import NoCard
from hardware.worker import DeviceWorker
from kiosk.app.reader import StationReader
from kiosk.app.time_and_ids import SystemClock
from kiosk.backend.caller import Caller
from kiosk.backend.cards import CardGateway
from kiosk.backend.channel import Identity, open_channel
from kiosk.backend.members import MemberGateway
from kiosk.config import Settings
from kiosk.flows.sign_in.state import CardUnfinished, CardUnreadable, MemberIdentified, ReadCard
from kiosk.outbox.hotlist import HOTLIST_FILE, SqliteHotlist
from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import Refused
from kiosk.ports.values import CardSeen, Reason
from kiosk.session.card_dialog import CardDialog

CARD_INCOMPLETE = Reason("CARD_INCOMPLETE")
CARD_WAIT_S = 5.0
POLL_S = 0.05
_VERSION_BYTES = 28


@dataclass(frozen=True, slots=True)
class CardReport:
    """What is known of a card; JSON of the command.

    Attributes:
        is_good: It verified, for `card verify`.
        reason: Why not, or empty.
    """

    uid: str
    atr: str
    kind: str
    applications: tuple[str, ...] = ()
    is_good: bool = False
    reason: str = ""
    name_masked: str = ""


async def card_info(settings: Settings) -> CardReport:
    """Return what the card on the reader says of itself without keys.

    Raises:
        DeviceError: no reader, no card.
    """
    station = _station(settings)
    station.start()
    try:
        card = await _wait_for_card(station)
        batch = [
            Command(GET_VERSION, (MORE,)),
            Command(NEXT_FRAME, (MORE,)),
            Command(NEXT_FRAME, (OK,)),
            Command(GET_APPLICATION_IDS, (OK,)),
        ]
        responses = (await station.relay(card.uid, batch)).responses
    finally:
        await station.close()
    version = b"".join(response[:-2] for response in responses[:3])
    listed = responses[3][:-2] if len(responses) > 3 else b""
    names = tuple(listed[place : place + 3][::-1].hex().upper() for place in range(0, len(listed), 3))
    return CardReport(card.uid.hex(), card.atr.hex(), _kind(version, listed), names)


async def card_verify(settings: Settings) -> CardReport:
    """Authenticate the card with the centre's help and return whether it is good.

    Raises:
        DeviceError: no reader, no card.
        IdentityUnusable: a file of the device's identity is missing.
        Unreachable: the centre does not answer.
    """
    service = settings.service
    identity = Identity(service.authority, service.certificate, service.private_key, service.server_name)
    # First of all: without an identity nobody needs to lay a card down.
    channel = open_channel(service.target, identity, stays=True)
    journal = SqliteJournal(settings.kiosk.data_dir / "command-line.db")
    hotlist = SqliteHotlist(settings.kiosk.data_dir / HOTLIST_FILE)
    caller = Caller(journal, SystemClock())
    station = _station(settings)
    station.start()
    try:
        card = await _wait_for_card(station)
        report = CardReport(card.uid.hex(), card.atr.hex(), "member card")
        dialog = CardDialog(CardGateway(channel, caller), StationReader(station), hotlist)
        return await _verified(report, dialog, card, MemberGateway(channel, caller))
    finally:
        await station.close()
        await channel.close()
        hotlist.close()
        journal.close()


async def _verified(report: CardReport, dialog: CardDialog, card: CardSeen, members: MemberGateway) -> CardReport:
    try:
        answer: Any = await dialog.read(ReadCard(card, 0))
    except Refused as refused:
        return replace(report, kind="not accepted", reason=str(refused.reason))
    match answer:
        case MemberIdentified():
            await members.end_visit(answer.visitor.visit_token)
            return replace(report, is_good=True, name_masked=answer.visitor.name_masked)
        case CardUnfinished():
            # A kiosk would go on writing it; a command that only looks says what it is.
            return replace(report, reason=str(CARD_INCOMPLETE))
        case CardUnreadable():
            return replace(report, reason=str(answer.reason))
        case other:
            raise TypeError(type(other).__name__)


def _station(settings: Settings) -> CardStation:
    wanted = settings.devices.reader
    return CardStation(PcscSlot(), PcscMonitor(lambda name: wanted in name), DeviceWorker("card"), DeviceWorker("card-watch"))


async def _wait_for_card(station: CardStation) -> CardSeen:
    for _ in range(int(CARD_WAIT_S / POLL_S)):
        state = station.look()
        if state.card is not None:
            return CardSeen(state.card.uid, state.card.atr)
        if state.trouble is not None and not state.trouble.retryable:
            raise state.trouble
        await asyncio.sleep(POLL_S)
    raise station.look().trouble or NoCard("no card within 5 s")


def _kind(version: bytes, applications: bytes) -> str:
    if len(version) < _VERSION_BYTES:
        return "not a DESFire card"
    generation = "DESFire EV2 or EV3" if is_desfire_ev2_or_later(version) else "DESFire of an older generation"
    if AID in {applications[place : place + 3] for place in range(0, len(applications), 3)}:
        return f"{generation}, member card"
    return f"{generation}, {'used by others' if applications else 'blank'}"
