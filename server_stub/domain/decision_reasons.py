"""Reasons of a reviewer's decision: a closed list, each for one verdict. Knows no text for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from server_stub.domain.reasons import Reason


class Verdict(StrEnum):
    """What a decision says; REVIEW is the preliminary check's "a person must look"."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    RETURN = "RETURN"
    HOLD = "HOLD"
    REVIEW = "REVIEW"


class DecisionReason(StrEnum):
    """Why a reviewer decided so."""

    DOCUMENT_SEEN = "DOCUMENT_SEEN"
    APPLICANT_ASKED = "APPLICANT_ASKED"
    ANOTHER_PERSON = "ANOTHER_PERSON"
    REGION_CONFIRMED = "REGION_CONFIRMED"
    ABUSE_CLEARED = "ABUSE_CLEARED"
    HOUSEHOLD_REGISTER_SEEN = "HOUSEHOLD_REGISTER_SEEN"
    BIRTH_CERTIFICATE_SEEN = "BIRTH_CERTIFICATE_SEEN"
    GUARDIANSHIP_PAPER_SEEN = "GUARDIANSHIP_PAPER_SEEN"
    ALREADY_MEMBER = "ALREADY_MEMBER"
    ABUSE_CONFIRMED = "ABUSE_CONFIRMED"
    FALSE_STATEMENT = "FALSE_STATEMENT"
    RELATION_NOT_SHOWN = "RELATION_NOT_SHOWN"
    DETAILS_WRONG = "DETAILS_WRONG"
    DETAILS_MISSING = "DETAILS_MISSING"
    WAITING_FOR_APPLICANT = "WAITING_FOR_APPLICANT"
    WAITING_FOR_STORE = "WAITING_FOR_STORE"


_R = DecisionReason

# How a reviewer saw that somebody is a child's guardian; what stands in the paper, and its number, is not kept.
_RELATION = frozenset({_R.HOUSEHOLD_REGISTER_SEEN, _R.BIRTH_CERTIFICATE_SEEN, _R.GUARDIANSHIP_PAPER_SEEN})

REASONS_OF: dict[Verdict, frozenset[DecisionReason]] = {
    Verdict.APPROVE: _RELATION | {_R.DOCUMENT_SEEN, _R.APPLICANT_ASKED, _R.ANOTHER_PERSON, _R.REGION_CONFIRMED, _R.ABUSE_CLEARED},
    Verdict.REJECT: frozenset({_R.ALREADY_MEMBER, _R.ABUSE_CONFIRMED, _R.FALSE_STATEMENT, _R.RELATION_NOT_SHOWN}),
    Verdict.RETURN: frozenset({_R.DETAILS_WRONG, _R.DETAILS_MISSING}),
    Verdict.HOLD: frozenset({_R.WAITING_FOR_APPLICANT, _R.WAITING_FOR_STORE}),
    Verdict.REVIEW: frozenset(),
}

# An approval says what was looked at: clearing an abuse settles nothing about somebody who looks like another member.
_ASKED = frozenset({_R.DOCUMENT_SEEN, _R.APPLICANT_ASKED})
_SETTLES: dict[Reason, frozenset[DecisionReason]] = {
    Reason.SIMILAR_MEMBER: _ASKED | {_R.ANOTHER_PERSON},
    Reason.BLOCKLISTED: frozenset({_R.ABUSE_CLEARED}),
    Reason.ID_REGION_UNKNOWN: _ASKED | {_R.REGION_CONFIRMED},
    Reason.ADDRESS_CODE_UNKNOWN: _ASKED | {_R.REGION_CONFIRMED},
    Reason.GUARDIAN_NEEDED: _RELATION,
}


def unsettled(reasons: Collection[DecisionReason], why: Iterable[Reason]) -> tuple[Reason, ...]:
    """Returns the reasons why a person looks that none of the approvals has answered."""
    return tuple(question for question in why if question in _SETTLES and not _SETTLES[question] & set(reasons))


def settles(reason: DecisionReason, why: Collection[Reason]) -> bool:
    """Returns whether an approval for this reason answers at least one of the reasons why a person looks."""
    questions = unsettled((), why)
    return not questions or unsettled((reason,), why) != questions
