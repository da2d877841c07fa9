"""Queues messages to people and gives them to the delivery, each event once. Knows template names, not their wording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from server_stub.domain.language import Language
from server_stub.domain.uuid7 import IdSource
from server_stub.messages.delivery import Pending
from server_stub.messages.message import Way
from server_stub.storage.database import Database, Tx
from server_stub.storage.outbox import Channel, MessageRow, MessageState, Outbox, Payload

_GIVE_UP_AFTER = timedelta(days=2)
_TRIES_OF_A_BLIP = 2


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to a person.

    Attributes:
        event_key: Names the event; a second message with the same key is not made.
        template: Name of a template of ``messages/templates``.
        email: Where given, the message goes by mail, and by SMS to ``mobile`` where mail fails.
        useful_for: After this time the message is not sent any more.
    """

    event_key: str
    template: str
    language: Language
    mobile: str = field(repr=False)
    email: str = field(repr=False, default="")
    person_id: str | None = None
    variables: Mapping[str, str] = field(repr=False, default_factory=dict)
    useful_for: timedelta = _GIVE_UP_AFTER


class Notifications:
    """Queues messages in the transaction of the event that they tell about."""

    def __init__(self, outbox: Outbox, ids: IdSource) -> None:
        self._outbox = outbox
        self._ids = ids

    def send(self, tx: Tx, message: Notification) -> Channel:
        """Queues the message and returns the way that it goes first."""
        self.send_once(tx, message)
        return _channel(message)

    def send_once(self, tx: Tx, message: Notification) -> bool:
        """Queues the message and returns whether it did; it does not where one of the same event was queued before."""
        channel = _channel(message)
        row = MessageRow(
            message_id=self._ids.new("msg"),
            dedupe_key=message.event_key,
            person_id=message.person_id,
            template=message.template,
            language=message.language,
            channel=channel,
            state=MessageState.QUEUED,
            wrapped_key=None,
            payload=None,
            tries=0,
            next_try_at=tx.now,
            give_up_at=tx.now + message.useful_for,
            created_at=tx.now,
            finished_at=None,
            gateway_reference=None,
            failure=None,
        )
        fallback = message.mobile if channel is Channel.MAIL else ""
        return self._outbox.add(tx, row, Payload(message.email or message.mobile, fallback, message.variables))

    def is_stuck(self, tx: Tx, event_key: str) -> bool:
        """Returns whether the message of an event waits because its gateway could not be reached several times."""
        row = self._outbox.of_event(tx, event_key)
        return row is not None and row.state is MessageState.QUEUED and row.failure is not None and row.tries > _TRIES_OF_A_BLIP

    def is_given_up(self, tx: Tx, event_key: str) -> bool:
        """Returns whether the message of an event will never be sent."""
        row = self._outbox.of_event(tx, event_key)
        return row is not None and row.state is MessageState.FAILED


def _channel(message: Notification) -> Channel:
    return Channel.MAIL if message.email else Channel.SMS


class DeliveryQueue:
    """The outbox as the delivery sees it; implements ``messages.delivery.Outbox``.

    Thread:
        any; every call is a transaction of its own.
    """

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    def claim(self, limit: int, backoff: Callable[[int], timedelta]) -> tuple[Pending, ...]:
        """Returns due messages, each with its try counted and its next try set already."""
        if not self._database.read(lambda tx: self._outbox.due(tx, 1)):
            return ()
        return self._database.write(lambda tx: tuple(self._claimed(tx, row, backoff) for row in self._outbox.due(tx, limit, is_claim=True)))

    def handed_over(self, pending: Pending, reference: str) -> None:
        """Ends a message well; its content is wiped."""
        self._finish(pending, MessageState.HANDED_OVER, reference=reference)

    def failed(self, pending: Pending, failure: str) -> None:
        """Gives a message up; its content is wiped."""
        self._finish(pending, MessageState.FAILED, failure=failure)

    def suppressed(self, pending: Pending, failure: str) -> None:
        """Ends a message that must not be sent; its content is wiped."""
        self._finish(pending, MessageState.SUPPRESSED, failure=failure)

    def noted(self, pending: Pending, failure: str) -> None:
        """Records why the try failed; the next one stays as it was set."""
        self._database.write(lambda tx: self._outbox.note_failure(tx, pending.message_id, failure))

    def redirected_to_sms(self, pending: Pending, failure: str) -> None:
        """Sends the message to the fallback number from now on."""
        payload = Payload(pending.fallback_mobile, "", pending.variables)

        def transaction(tx: Tx) -> None:
            self._outbox.redirect(tx, pending.message_id, Channel.SMS, payload)
            self._outbox.note_failure(tx, pending.message_id, failure)

        self._database.write(transaction)

    def _finish(self, pending: Pending, state: MessageState, *, reference: str | None = None, failure: str | None = None) -> None:
        self._database.write(lambda tx: self._outbox.finish(tx, pending.message_id, state, reference=reference, failure=failure))

    def _claimed(self, tx: Tx, row: MessageRow, backoff: Callable[[int], timedelta]) -> Pending:
        tries = row.tries + 1
        self._outbox.count_try(tx, row, tx.now + backoff(tries))
        payload = self._outbox.payload(row)
        return Pending(
            handle=row.message_id,
            message_id=row.message_id,
            dedupe_key=row.dedupe_key,
            template=row.template,
            language=row.language,
            way=Way(row.channel.value),
            recipient=payload.recipient,
            fallback_mobile=payload.fallback_mobile,
            variables=payload.variables,
            tries=tries,
            is_late=tx.now >= row.give_up_at,
        )
