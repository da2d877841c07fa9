"""Delivers what lies in the outbox: once per event, again after failures, another way when one fails for good.

Exactly once from the outbox's side: one message per event key, and a message that was handed over is never tried again. Between the
gateway's "taken" and our note of it a crash can come; the message is then handed over again with the same dedupe key, by which the
gateway knows it (Message-ID of the mail, `dedupe_key` of the SMS). A try is counted and the next one set before the gateway is called,
so a crash in the call neither loses the message nor repeats it at once. Must not know tables, sealing or wording files.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from server_stub.messages.message import Gateway, GatewayError, GatewayRefused, Way
from server_stub.messages.wording import VariableMissing, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from server_stub.config import OutboxSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    """A claimed message.

    Attributes:
        handle: The outbox's own record; passed back unread.
        tries: Tries on this way, the present one included.
        is_late: True where its time is over; it is not sent any more.
    """

    handle: object
    message_id: str
    dedupe_key: str
    template: str
    language: str
    way: Way
    recipient: str = field(repr=False)
    fallback_mobile: str = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    tries: int
    is_late: bool


class Outbox(Protocol):
    """What the delivery asks of the outbox. All calls block and are made from the executor."""

    def claim(self, limit: int, backoff: Callable[[int], timedelta]) -> tuple[Pending, ...]:
        """Returns due messages, each with its try counted and its next try set already."""
        ...

    def handed_over(self, pending: Pending, reference: str) -> None:
        """Ends a message well; its content is wiped."""
        ...

    def failed(self, pending: Pending, failure: str) -> None:
        """Gives a message up; its content is wiped."""
        ...

    def suppressed(self, pending: Pending, failure: str) -> None:
        """Ends a message that must not be sent; its content is wiped."""
        ...

    def noted(self, pending: Pending, failure: str) -> None:
        """Records why the try failed; the next one stays as it was set."""
        ...

    def redirected_to_sms(self, pending: Pending, failure: str) -> None:
        """Sends the message to the fallback number from now on."""
        ...


class Delivery:
    """The worker.

    Thread:
        loop; the outbox is called on threads of the loop's executor.
    """

    def __init__(self, outbox: Outbox, gateways: Mapping[Way, Gateway], wording: Wording, settings: OutboxSettings) -> None:
        self._outbox = outbox
        self._gateways = gateways
        self._wording = wording
        self._settings = settings
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Looks at the outbox now rather than at the next poll; called on the loop."""
        self._wake.set()

    async def run(self) -> None:
        """Delivers until cancelled; a fault of the outbox is logged and tried again."""
        while True:
            try:
                delivered = await self.deliver_due()
            except Exception:
                # Whatever it was, messages that wait must not wait for ever: what was claimed is due again after its backoff.
                log.exception("outbox: round failed")
                delivered = 0
            if not delivered:
                await self._pause()

    async def deliver_due(self) -> int:
        """Tries every due message once and returns how many there were."""
        claimed = await asyncio.to_thread(self._outbox.claim, self._settings.batch, self.backoff)
        await asyncio.gather(*(self._deliver(pending) for pending in claimed))
        return len(claimed)

    def backoff(self, tries: int) -> timedelta:
        """Returns the pause after the given number of tries: doubling, up to the longest."""
        seconds = self._settings.first_retry_s * 2.0 ** min(tries - 1, 30)
        return timedelta(seconds=min(seconds, self._settings.longest_retry_s))

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._settings.poll_s):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _deliver(self, pending: Pending) -> None:
        if pending.is_late:
            await asyncio.to_thread(self._outbox.failed, pending, "TOO_LATE")
            return
        try:
            message = self._wording.message(
                pending.template, pending.way, pending.language, pending.variables, pending.recipient, pending.dedupe_key
            )
        except VariableMissing as error:
            # The alert: the message will never go out by itself, a person must mend the data or the template.
            log.error("outbox: ALERT message %s not sent, value missing: %s", pending.message_id, error)  # noqa: TRY400
            await asyncio.to_thread(self._outbox.suppressed, pending, f"VARIABLE_MISSING {error}")
            return
        try:
            reference = await self._gateways[pending.way].hand_over(message)
        except GatewayError as error:
            await self._after_failure(pending, error)
            return
        await asyncio.to_thread(self._outbox.handed_over, pending, reference)

    async def _after_failure(self, pending: Pending, error: GatewayError) -> None:
        log.warning("outbox: message %s, try %d over %s: %s", pending.message_id, pending.tries, pending.way.value, error)
        over = isinstance(error, GatewayRefused) or pending.tries >= self._settings.tries_per_channel
        if not over:
            await asyncio.to_thread(self._outbox.noted, pending, str(error))
        elif pending.way is Way.MAIL and pending.fallback_mobile:
            await asyncio.to_thread(self._outbox.redirected_to_sms, pending, str(error))
        else:
            log.error("outbox: ALERT message %s given up: %s", pending.message_id, error)
            await asyncio.to_thread(self._outbox.failed, pending, str(error))
