"""The review service as command line and console call it. Knows neither."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.envelope import Envelope
from server_stub.services.review.decisions import Decided, DecisionOrder, ReviewDecisions
from server_stub.services.review.detail import ReviewDesk, ReviewDetail
from server_stub.services.review.queue import ReviewQueue, TaskSummary


class ReviewService:
    """Review by people. Every method raises ``Refusal`` as its part says."""

    def __init__(self, queue: ReviewQueue, desk: ReviewDesk, decisions: ReviewDecisions) -> None:
        self._queue = queue
        self._desk = desk
        self._decisions = decisions

    def list(self, actor: Actor, limit: int = 50) -> tuple[TaskSummary, ...]:
        """Returns open tasks, oldest first; see ``ReviewQueue.list``."""
        return self._queue.list(actor, limit)

    def show(self, actor: Actor, application_number: str) -> ReviewDetail:
        """Returns one application for judging; see ``ReviewDesk.show``."""
        return self._desk.show(actor, application_number)

    def state(self, actor: Actor, application_number: str) -> TaskSummary:
        """Returns one open task as it is now; see ``ReviewQueue.state``."""
        return self._queue.state(actor, application_number)

    def claim(self, actor: Actor, application_number: str) -> TaskSummary:
        """Takes a task for half an hour; see ``ReviewQueue.claim``."""
        return self._queue.claim(actor, application_number)

    def release(self, actor: Actor, application_number: str) -> None:
        """Gives a task back; see ``ReviewQueue.release``."""
        self._queue.release(actor, application_number)

    def decide(self, actor: Actor, envelope: Envelope, order: DecisionOrder) -> Decided:
        """Records a decision; see ``ReviewDecisions.decide``."""
        return self._decisions.decide(actor, envelope, order)
