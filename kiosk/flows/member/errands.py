"""What a member can do from their own pages: one line for each journey, and each comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from kiosk.flows.places import Place, ToBenefits, ToCoupons, ToFeedback
from kiosk.ports.values import Visitor


class Errand(StrEnum):
    """A tile of the member's home."""

    COUPONS = "coupons"
    BENEFITS = "benefits"
    FEEDBACK = "feedback"


PLACES: Mapping[Errand, Callable[[Visitor], Place]] = {
    Errand.COUPONS: ToCoupons,
    Errand.BENEFITS: ToBenefits,
    Errand.FEEDBACK: ToFeedback,
}
"""Where an errand leads, for the member who is here."""
