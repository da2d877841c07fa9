"""The closed lists of a case and the steps that it may take. Knows no table, no text and no member.

RECEIVED, CLASSIFIED, ASSIGNED, REPLIED, CLOSED, and REOPENED where the reply did not help (vocabulary, FeedbackCase).
"""

from __future__ import annotations

from enum import StrEnum

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse

WORST_FACE = 1
BEST_FACE = 5


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "RECEIVED"
    CLASSIFIED = "CLASSIFIED"
    ASSIGNED = "ASSIGNED"
    REPLIED = "REPLIED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class Category(StrEnum):
    """What a case is about."""

    STAFF = "STAFF"
    CHECKOUT = "CHECKOUT"
    GOODS = "GOODS"
    PRICE = "PRICE"
    MEMBERSHIP = "MEMBERSHIP"
    OTHER = "OTHER"


class Department(StrEnum):
    """Where in the store it was."""

    CHECKOUT = "CHECKOUT"
    FRESH = "FRESH"
    GROCERY = "GROCERY"
    HOUSEHOLD = "HOUSEHOLD"
    SERVICE_DESK = "SERVICE_DESK"
    ENTRANCE = "ENTRANCE"


class Resolution(StrEnum):
    """Why a case is closed; HELPED is the member's own word, DUPLICATE what a merge leaves."""

    SOLVED = "SOLVED"
    EXPLAINED = "EXPLAINED"
    COMPENSATED = "COMPENSATED"
    NOTED = "NOTED"
    NOT_OURS = "NOT_OURS"
    HELPED = "HELPED"
    DUPLICATE = "DUPLICATE"


# What staff may say themselves; the other two follow from something.
STAFF_RESOLUTIONS = frozenset(Resolution) - {Resolution.HELPED, Resolution.DUPLICATE}


class Verdict(StrEnum):
    """What the member says of the reply."""

    HELPED = "HELPED"
    NOT_HELPED = "NOT_HELPED"


class Move(StrEnum):
    """What staff or member do to a case."""

    CLASSIFY = "CLASSIFY"
    ASSIGN = "ASSIGN"
    REPLY = "REPLY"
    CLOSE = "CLOSE"
    MERGE = "MERGE"
    JUDGE = "JUDGE"


_OPEN = frozenset(CaseState) - {CaseState.CLOSED}
_FROM = {
    Move.CLASSIFY: _OPEN,
    Move.ASSIGN: _OPEN - {CaseState.RECEIVED},
    Move.REPLY: frozenset({CaseState.ASSIGNED, CaseState.REPLIED}),
    # Whether there is a reply is asked first: that is what whoever closes too early has to hear.
    Move.CLOSE: _OPEN,
    Move.MERGE: _OPEN,
    Move.JUDGE: frozenset({CaseState.REPLIED, CaseState.CLOSED}),
}
# Staff hear which step comes first; a case that was opened again is assigned anew.
_IN_ORDER = frozenset({Move.ASSIGN, Move.REPLY})
_FIRST = {
    CaseState.RECEIVED: Reason.CASE_NOT_CLASSIFIED,
    CaseState.CLASSIFIED: Reason.CASE_NOT_ASSIGNED,
    CaseState.REOPENED: Reason.CASE_NOT_ASSIGNED,
}


def require_move(state: CaseState, move: Move) -> None:
    """Lets a move through that the state allows.

    Raises:
        Refusal: CASE_NOT_CLASSIFIED, CASE_NOT_ASSIGNED: the step that comes first; WRONG_STATE.
    """
    if state not in _FROM[move]:
        raise refuse(_FIRST.get(state, Reason.WRONG_STATE) if move in _IN_ORDER else Reason.WRONG_STATE)


def after_classifying(state: CaseState) -> CaseState:
    """Returns where a case stands once it has a category: a further category changes nothing else."""
    return CaseState.CLASSIFIED if state is CaseState.RECEIVED else state


def after_verdict(verdict: Verdict) -> CaseState:
    """Returns where the member's verdict leads."""
    return CaseState.CLOSED if verdict is Verdict.HELPED else CaseState.REOPENED
