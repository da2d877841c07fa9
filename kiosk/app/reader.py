"""Fits the card station to what journeys know as the reader. Thread: loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hardware.card.api import Command, SlotState
from hardware.card.layout.handshake import SessionKeys
from hardware.card.layout.messaging import SecureSession
from hardware.card.station import CardStation
from hardware.errors import Mute
from kiosk.ports.desks import CardCommand, VisitSession
from kiosk.ports.devices import ReaderState, Relayed
from kiosk.ports.values import CardSeen, Reason
from kiosk.session.device_reasons import card_reason


def reader_state(state: SlotState) -> ReaderState:
    """Return what journeys hear of the slot."""
    if state.trouble is not None:
        return ReaderState(trouble=Reason("CARD_FOREIGN") if isinstance(state.trouble, Mute) else card_reason(state.trouble))
    return ReaderState(CardSeen(state.card.uid, state.card.atr) if state.card else None, was_there=state.was_there)


class StationReader:
    """See kiosk.ports.devices.CardReader."""

    def __init__(self, station: CardStation) -> None:
        self._station = station

    def watch(self, on_change: Callable[[ReaderState], None]) -> None:
        """Call `on_change` on the loop for every change, and once at the start."""
        self._station.watch(lambda state: on_change(reader_state(state)))

    def look(self) -> ReaderState:
        """Return the last state that was seen."""
        return reader_state(self._station.look())

    async def relay(self, card: CardSeen, commands: Sequence[CardCommand]) -> Relayed:
        """Send a batch to this very card."""
        relayed = await self._station.relay(card.uid, [Command(command.apdu, command.go_on) for command in commands])
        return Relayed(relayed.responses, card_reason(relayed.fault) if relayed.fault else None)

    async def read_member_files(self, card: CardSeen, session: VisitSession) -> tuple[bytes, bytes]:
        """Return identity and snapshot, read with the visit's session keys."""
        keys = SessionKeys(session.ti, session.enc_key, session.mac_key)
        return await self._station.read_member_files(card.uid, SecureSession(keys, session.command_counter))

    async def release(self) -> None:
        """End the connection to the card."""
        await self._station.release()
