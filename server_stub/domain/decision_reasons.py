"""Reasons of a reviewer's decision: a closed list, each for one verdict. Knows no text for people."""

from __future__ import annotations

from enum import StrEnum


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
    ALREADY_MEMBER = "ALREADY_MEMBER"
    ABUSE_CONFIRMED = "ABUSE_CONFIRMED"
    FALSE_STATEMENT = "FALSE_STATEMENT"
    DETAILS_WRONG = "DETAILS_WRONG"
    DETAILS_MISSING = "DETAILS_MISSING"
    WAITING_FOR_APPLICANT = "WAITING_FOR_APPLICANT"
    WAITING_FOR_STORE = "WAITING_FOR_STORE"


_R = DecisionReason

REASONS_OF: dict[Verdict, frozenset[DecisionReason]] = {
    Verdict.APPROVE: frozenset({_R.DOCUMENT_SEEN, _R.APPLICANT_ASKED, _R.ANOTHER_PERSON, _R.REGION_CONFIRMED, _R.ABUSE_CLEARED}),
    Verdict.REJECT: frozenset({_R.ALREADY_MEMBER, _R.ABUSE_CONFIRMED, _R.FALSE_STATEMENT}),
    Verdict.RETURN: frozenset({_R.DETAILS_WRONG, _R.DETAILS_MISSING}),
    Verdict.HOLD: frozenset({_R.WAITING_FOR_APPLICANT, _R.WAITING_FOR_STORE}),
    Verdict.REVIEW: frozenset(),
}
