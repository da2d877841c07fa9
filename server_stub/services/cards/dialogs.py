"""Running dialogues with cards: in memory only, because a session with a card dies with its connection anyway.

A dialogue belongs to one device and one card; a second device with the same card is refused. Thread: any.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from server_stub.domain.actors import DeviceActor
from server_stub.domain.clock import Clock
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.uuid7 import IdSource
from server_stub.services.cards.dialog import Batch, Dialog

Subject = TypeVar("Subject")
Result = TypeVar("Result")

LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Turn(Generic[Result]):
    """What comes next: a batch, or the result at the end."""

    batch: Batch | None
    result: Result | None = None


@dataclass(slots=True)
class Running(Generic[Subject]):
    """One dialogue.

    Attributes:
        subject: What it is about, e.g. an issue.
        done: Answers that were taken so far, for progress.
    """

    dialog_id: str
    device_id: str
    uid: bytes
    subject: Subject
    plan: Dialog[Any]
    until: datetime
    next_batch: int = 0
    last: Turn[Any] | None = None
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


class Dialogs:
    """All dialogues of this process."""

    def __init__(self, clock: Clock, ids: IdSource) -> None:
        self._clock = clock
        self._ids = ids
        self._running: dict[str, Running[Any]] = {}
        self._lock = threading.Lock()

    def begin(self, device: DeviceActor, uid: bytes, subject: Any, plan: Dialog[Any]) -> tuple[Running[Any], Batch]:
        """Return a new dialogue and its first batch; an earlier one of this device ends.

        Raises:
            Refusal: CARD_ELSEWHERE, the card lies on another device's reader.
        """
        now = self._clock.now()
        running = Running(self._ids.new("dlg"), device.device_id, uid, subject, plan, now + LIFETIME)
        with self._lock:
            self._require_here(device, uid)
            self._running = {key: other for key, other in self._running.items() if other.device_id != device.device_id}
            self._running[running.dialog_id] = running
        return running, next(plan)

    def require_here(self, device: DeviceActor, uid: bytes) -> None:
        """Lets a device go on whose card lies on no other device's reader.

        Raises:
            Refusal: CARD_ELSEWHERE.
        """
        with self._lock:
            self._require_here(device, uid)

    def _require_here(self, device: DeviceActor, uid: bytes) -> None:
        now = self._clock.now()
        self._running = {key: other for key, other in self._running.items() if other.until > now}
        if any(other.uid == uid and other.device_id != device.device_id for other in self._running.values()):
            raise refuse(Reason.CARD_ELSEWHERE)

    def find(self, device: DeviceActor, dialog_id: str) -> Running[Any]:
        """Return a dialogue of this device.

        Raises:
            Refusal: CARD_DIALOG, it is over or was never this device's.
        """
        with self._lock:
            running = self._running.get(dialog_id)
        if running is None or running.device_id != device.device_id or running.until <= self._clock.now():
            raise refuse(Reason.CARD_DIALOG)
        return running

    def advance(self, running: Running[Any], batch: int, responses: Sequence[bytes], before: Callable[[Turn[Any]], None]) -> Turn[Any]:
        """Take a batch's answers and return what comes next; the same batch again gets the same.

        Args:
            running: The dialogue.
            batch: Number of the batch that was answered, from 0.
            responses: Its answers.
            before: Called with what comes next before it is handed out, to write down what must be known by then.

        Raises:
            Refusal: CARD_DIALOG, a batch out of turn.
            CardStopped: The plan cannot go on; the dialogue is over.
        """
        with running.lock:
            if running.last is not None and batch == running.next_batch - 1:
                return running.last
            if batch != running.next_batch:
                raise refuse(Reason.CARD_DIALOG)
            running.done += len(responses)
            try:
                turn = self._next(running, responses)
                before(turn)
            except Exception:
                # The plan went on and its next batch was not handed out: this session with the card leads nowhere.
                self.end(running.dialog_id)
                raise
            running.last, running.next_batch = turn, batch + 1
            running.until = self._clock.now() + LIFETIME
            return turn

    @staticmethod
    def _next(running: Running[Any], responses: Sequence[bytes]) -> Turn[Any]:
        try:
            return Turn(running.plan.send(responses))
        except StopIteration as end:
            return Turn(None, end.value)

    def end(self, dialog_id: str) -> None:
        """Forget a dialogue and the session keys that its plan holds."""
        with self._lock:
            running = self._running.pop(dialog_id, None)
        if running is not None:
            running.plan.close()
