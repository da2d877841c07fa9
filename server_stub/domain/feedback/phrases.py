"""Quick phrases: one tap says what is meant. Which fit which face, and what each is about. Knows no words: those are the kiosk's."""

from __future__ import annotations

from enum import StrEnum

from server_stub.domain.feedback.case import BEST_FACE, WORST_FACE, Category


class Phrase(StrEnum):
    """A phrase that can be chosen."""

    STAFF_KIND = "STAFF_KIND"
    CHECKOUT_QUICK = "CHECKOUT_QUICK"
    FRESH_GOOD = "FRESH_GOOD"
    LABELS_CLEAR = "LABELS_CLEAR"
    RETURNS_EASY = "RETURNS_EASY"
    POINTS_WORTH = "POINTS_WORTH"
    CHECKOUT_SLOW = "CHECKOUT_SLOW"
    GOODS_NOT_FOUND = "GOODS_NOT_FOUND"
    FRESH_BAD = "FRESH_BAD"
    LABEL_WRONG = "LABEL_WRONG"
    STAFF_RUDE = "STAFF_RUDE"
    RETURNS_HARD = "RETURNS_HARD"


ABOUT = {
    Phrase.STAFF_KIND: Category.STAFF,
    Phrase.CHECKOUT_QUICK: Category.CHECKOUT,
    Phrase.FRESH_GOOD: Category.GOODS,
    Phrase.LABELS_CLEAR: Category.PRICE,
    Phrase.RETURNS_EASY: Category.STAFF,
    Phrase.POINTS_WORTH: Category.MEMBERSHIP,
    Phrase.CHECKOUT_SLOW: Category.CHECKOUT,
    Phrase.GOODS_NOT_FOUND: Category.GOODS,
    Phrase.FRESH_BAD: Category.GOODS,
    Phrase.LABEL_WRONG: Category.PRICE,
    Phrase.STAFF_RUDE: Category.STAFF,
    Phrase.RETURNS_HARD: Category.STAFF,
}

_PRAISE = (
    Phrase.STAFF_KIND,
    Phrase.LABELS_CLEAR,
    Phrase.FRESH_GOOD,
    Phrase.CHECKOUT_QUICK,
    Phrase.POINTS_WORTH,
    Phrase.RETURNS_EASY,
)
_MIXED = (
    Phrase.STAFF_KIND,
    Phrase.LABELS_CLEAR,
    Phrase.FRESH_GOOD,
    Phrase.CHECKOUT_SLOW,
    Phrase.GOODS_NOT_FOUND,
    Phrase.RETURNS_EASY,
)
_TROUBLE = (
    Phrase.STAFF_RUDE,
    Phrase.LABEL_WRONG,
    Phrase.FRESH_BAD,
    Phrase.CHECKOUT_SLOW,
    Phrase.GOODS_NOT_FOUND,
    Phrase.RETURNS_HARD,
)
# By face, the worst first: six on a page, and none that contradicts the face.
OF_FACE = {1: _TROUBLE, 2: _TROUBLE, 3: _MIXED, 4: _MIXED, 5: _PRAISE}


def fitting(face: int) -> tuple[Phrase, ...]:
    """Returns the phrases of a face, 1 to 5; none for a number that is no face."""
    return OF_FACE[face] if WORST_FACE <= face <= BEST_FACE else ()


def suggested(phrases: tuple[Phrase, ...]) -> Category | None:
    """Returns what phrases are about where they agree; else None, and a person decides."""
    about = {ABOUT[phrase] for phrase in phrases}
    return about.pop() if len(about) == 1 else None
