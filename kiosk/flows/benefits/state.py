"""States, events and effects of a member's benefits."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports.perks import BirthdayGift, OwnBenefits
from kiosk.ports.values import Reason, Visitor


@dataclass(frozen=True, slots=True)
class LoadingBenefits:
    """The centre is asked."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class BenefitsShown:
    """Birthday gift, code for friends, announced changes."""

    visitor: Visitor
    benefits: OwnBenefits


@dataclass(frozen=True, slots=True)
class AskingGift:
    """The birthday gift is asked for."""

    visitor: Visitor
    benefits: OwnBenefits


@dataclass(frozen=True, slots=True)
class GiftRefused:
    """It was not to be had."""

    visitor: Visitor
    benefits: OwnBenefits
    reason: Reason


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """One announced change; `place` from 0."""

    visitor: Visitor
    benefits: OwnBenefits
    place: int = 0


@dataclass(frozen=True, slots=True)
class ReadingWhy:
    """Why the tier and the birthday gift are as they are."""

    visitor: Visitor
    benefits: OwnBenefits


@dataclass(frozen=True, slots=True)
class BenefitsUnavailable:
    """Not to be had now."""

    visitor: Visitor
    reason: Reason


BenefitsState = LoadingBenefits | BenefitsShown | AskingGift | GiftRefused | ReadingChange | ReadingWhy | BenefitsUnavailable


# Events of touches.


@dataclass(frozen=True, slots=True)
class GiftChosen:
    """The birthday gift: to be had, or among the coupons."""


@dataclass(frozen=True, slots=True)
class ChangesChosen:
    """What changes?"""


@dataclass(frozen=True, slots=True)
class ChangeTurned:
    """Another change, `step` places on or back."""

    step: int


@dataclass(frozen=True, slots=True)
class WhyChosen:
    """Why are they as they are?"""


# Answers to effects.


@dataclass(frozen=True, slots=True)
class BenefitsLoaded:
    """What there is."""

    benefits: OwnBenefits


@dataclass(frozen=True, slots=True)
class GiftGiven:
    """The gift lies among the coupons."""

    gift: BirthdayGift


# Effects.


@dataclass(frozen=True, slots=True)
class LoadBenefits:
    """Ask for them, in the language of the session; answers BenefitsLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class AskGift:
    """Have the birthday gift given; answers GiftGiven."""

    visit_token: str
