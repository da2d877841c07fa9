"""The dialogue between centre and card: the centre computes, this relays and counts.

Knows neither keys nor the meaning of a command. Thread: loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hardware.errors import DeviceError
from kiosk.flows.issue_card.state import CardWritten, IssueProgress, WriteCard, WritingStopped
from kiosk.flows.sign_in.state import CardUnfinished, CardUnreadable, MemberIdentified, ReadCard
from kiosk.ports.desks import Batch, CardCommand, CardDesk, UpdateBegun, VisitBegun
from kiosk.ports.devices import CardReader
from kiosk.ports.errors import DeskError, Refused, Unreachable
from kiosk.ports.own_card import Hotlist
from kiosk.ports.values import CardSeen, IssueStage, Reason, RequestId, Visitor
from kiosk.session.device_reasons import card_reason

log = logging.getLogger(__name__)

CARD_DIALOG = Reason("CARD_DIALOG")
CARD_LOST = Reason("CARD_LOST")


class CardDialog:
    """Relays batches until the centre has no more commands."""

    def __init__(self, desk: CardDesk, reader: CardReader, hotlist: Hotlist) -> None:
        self._desk = desk
        self._reader = reader
        self._hotlist = hotlist
        # The centre ends a device's dialogue where it begins another one.
        self._updating = asyncio.Lock()

    async def write(self, effect: WriteCard, request_id: RequestId, report: Callable[[Any], None]) -> Any:
        """Have the card written; returns CardWritten or WritingStopped, reports IssueProgress on the way.

        Raises:
            DeskError: the centre refused or did not answer.
        """
        begun = await self._desk.begin_issue(request_id, effect.grant, effect.card)
        report(IssueProgress(begun.issue_id, begun.stage, 0, 0))
        commands, number, stage = begun.commands, 0, begun.stage
        try:
            while commands:
                relayed = await self._reader.relay(effect.card, commands)
                if relayed.stopped is not None:
                    return WritingStopped(begun.issue_id, relayed.stopped)
                batch = await self._desk.next_commands(begun.dialog_id, number, relayed.responses)
                commands, number, stage = batch.commands, number + 1, batch.stage or stage
                report(IssueProgress(begun.issue_id, stage, batch.done, batch.total))
        finally:
            await self._reader.release()
        return CardWritten(begun.issue_id) if stage is IssueStage.WRITTEN else WritingStopped(begun.issue_id, CARD_DIALOG)

    async def read(self, effect: ReadCard) -> Any:
        """Authenticate and read the card; returns MemberIdentified, CardUnfinished or CardUnreadable.

        Raises:
            DeskError: the centre refused or did not answer.
        """
        begun = await self._begin_visit(effect.card)
        if begun.unfinished_issue_id:
            return CardUnfinished(effect.card)
        try:
            batch, stopped = await self._authenticate(effect.card, begun.dialog_id, begun.commands)
            if batch is None or batch.session is None:
                return CardUnreadable(stopped or CARD_DIALOG)
            identity, snapshot = await self._reader.read_member_files(effect.card, batch.session)
        except DeviceError as error:
            return CardUnreadable(card_reason(error))
        finally:
            await self._reader.release()
        greeted = await self._desk.complete_visit(begun.dialog_id, identity, snapshot)
        visitor = replace(greeted.visitor, card=effect.card)
        if greeted.is_card_behind:
            # A writing that was torn away, or points that changed elsewhere. Whether it works or not, the member is known.
            await self.update(visitor)
        return MemberIdentified(visitor)

    async def update(self, visitor: Visitor) -> bool:
        """Have the member's points written on their card, where it lies there; returns whether it holds them now.

        A card that is gone, torn away or refused changes nothing else: the next tap brings it up to date.
        """
        card = visitor.card
        if card is None:
            return False
        async with self._updating:
            try:
                begun = await self._desk.begin_update(visitor.visit_token, card)
                return await self._relay(card, begun)
            except (DeskError, DeviceError) as error:
                log.info("card not brought up to date: %s", getattr(error, "reason", type(error).__name__))
                return False
            finally:
                await self._reader.release()

    async def _relay(self, card: CardSeen, begun: UpdateBegun) -> bool:
        commands, number = begun.commands, 0
        while commands:
            relayed = await self._reader.relay(card, commands)
            if relayed.stopped is not None:
                return False
            batch = await self._desk.next_commands(begun.dialog_id, number, relayed.responses)
            commands, number = batch.commands, number + 1
        return True

    async def _begin_visit(self, card: CardSeen) -> VisitBegun:
        try:
            return await self._desk.begin_visit(card)
        except Unreachable:
            # Without the centre no card is let in; one that is known to be lost is told so.
            lost_on = self._hotlist.lost_on(card.uid)
            if lost_on:
                raise Refused(CARD_LOST, on_day=lost_on) from None
            raise

    async def _authenticate(self, card: CardSeen, dialog_id: str, commands: tuple[CardCommand, ...]) -> tuple[Batch | None, Reason | None]:
        number, batch = 0, None
        while commands:
            relayed = await self._reader.relay(card, commands)
            if relayed.stopped is not None:
                return None, relayed.stopped
            batch = await self._desk.next_commands(dialog_id, number, relayed.responses)
            commands, number = batch.commands, number + 1
        return batch, None
