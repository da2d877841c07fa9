"""States of an application and the transitions that are allowed (vocabulary.md 5.2). Knows no storage."""

from __future__ import annotations

from enum import StrEnum

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse


class ApplicationState(StrEnum):
    """Where an application stands. SUBMITTED, AUTO_CHECKED and APPROVED pass within one transaction and are never stored."""

    CARD_PENDING = "CARD_PENDING"
    ACTIVE = "ACTIVE"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"
    HELD = "HELD"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


_S = ApplicationState

TRANSITIONS: dict[ApplicationState, frozenset[ApplicationState]] = {
    _S.IN_REVIEW: frozenset({_S.CARD_PENDING, _S.RETURNED, _S.HELD, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED}),
    _S.HELD: frozenset({_S.CARD_PENDING, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED}),
    _S.RETURNED: frozenset({_S.WITHDRAWN, _S.EXPIRED}),
    _S.CARD_PENDING: frozenset({_S.ACTIVE, _S.EXPIRED}),
    _S.ACTIVE: frozenset(),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.EXPIRED: frozenset(),
}

# While in one of these, no second application with the same phone is taken.
OPEN_STATES = frozenset({_S.IN_REVIEW, _S.HELD})

# In these no membership came of it; its personal data end after the retention of china.md 4.3.
FAILED_STATES = frozenset({_S.RETURNED, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED})


def require_transition(now: ApplicationState, then: ApplicationState) -> None:
    """Lets a transition through.

    Raises:
        Refusal: APPLICATION_STATE.
    """
    if then not in TRANSITIONS[now]:
        raise refuse(Reason.APPLICATION_STATE)
