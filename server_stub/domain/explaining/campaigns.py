"""How somebody who cannot take part in a campaign could: three lines at most. Knows no words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.campaigns.campaign import Campaign, PurchaseTerms
from server_stub.domain.campaigns.eligibility import Condition
from server_stub.domain.clock import business_day
from server_stub.domain.explaining.lines import Line, iso, three, yuan
from server_stub.domain.reasons import Reason

_PREFIX = "explain.campaign.how"


@dataclass(frozen=True, slots=True)
class Way:
    """What the lines need beside the campaign.

    Attributes:
        version: Of the campaign.
        today: The day on which it is asked.
        fen_to_tier: Purchases of this year that are missing to the tier that is asked for; 0 where none are, or no amount will do.
        stores: Names of the stores that take part; empty where all do.
        oldest_purchase: Day of the oldest purchase that counts now; None where none does.
    """

    version: int
    today: date
    fen_to_tier: int = 0
    stores: tuple[str, ...] = ()
    oldest_purchase: date | None = None


def explain_way(campaign: Campaign, refusal: Reason | None, conditions: Sequence[Condition], way: Way) -> tuple[Line, ...]:
    """Returns what would change it: the nearest step first, what helps with it, and the version that says so."""
    basis = Line(f"{_PREFIX}.basis", {"version": str(way.version)})
    if refusal is None:
        return ()
    if refusal is not Reason.CAMPAIGN_NOT_ELIGIBLE:
        return three((_of_refusal(campaign, refusal, way), basis))
    unmet = [condition for condition in conditions if condition.is_met is False]
    steps = [_STEPS[condition.name](condition, campaign, way) for condition in unmet]
    # With a step for everything that is missing, the version and what helps with one of them are what there may be no room for.
    return three((*steps, _helping(unmet) if len(steps) == 1 else None, basis))


def _of_refusal(campaign: Campaign, refusal: Reason, way: Way) -> Line:
    if refusal is Reason.CAMPAIGN_NOT_STARTED:
        return Line(f"{_PREFIX}.wait", {"day": iso(business_day(campaign.starts))})
    if refusal is Reason.CAMPAIGN_OTHER_STORE:
        return Line(f"{_PREFIX}.stores", {"stores": "、".join(way.stores)})
    return Line(f"{_PREFIX}.others")


def _tier(_condition: Condition, campaign: Campaign, way: Way) -> Line:
    tier = campaign.segment.min_tier or ""
    if not way.fen_to_tier:
        return Line(f"{_PREFIX}.others")
    # What is missing counts from this year's purchases, which count no longer in the next.
    day = min(campaign.last_day, date(way.today.year, 12, 31))
    return Line(f"{_PREFIX}.tier", {"tier": tier, "amount": yuan(way.fen_to_tier), "day": iso(day)})


def _purchases(condition: Condition, campaign: Campaign, way: Way) -> Line:
    terms = campaign.segment.purchases
    if terms is None or condition.standing is None:
        return Line(f"{_PREFIX}.others")
    here = "_here" if terms.here else ""
    day = _day_for_purchases(terms, campaign, way)
    if day is None:
        return Line(f"{_PREFIX}.within{here}", {"count": str(terms.count), "days": str(terms.days)})
    return Line(f"{_PREFIX}.purchases{here}", {"count": condition.standing.variables.get("missing", ""), "day": iso(day)})


def _day_for_purchases(terms: PurchaseTerms, campaign: Campaign, way: Way) -> date | None:
    """Returns until when what is missing can be bought so that all of it counts together; None where no later day than today will do.

    As something is missing, every purchase that counts is needed; the first one that falls out of the days takes the advice with it.
    Where none counts yet, the first one to come is as good as one of today.
    """
    falls_out_after = (way.oldest_purchase or way.today) + timedelta(days=terms.days - 1)
    if campaign.last_day <= falls_out_after:
        return campaign.last_day
    return falls_out_after if way.oldest_purchase is not None and falls_out_after > way.today else None


_STEPS: Mapping[str, Callable[[Condition, Campaign, Way], Line]] = {
    "tier": _tier,
    "purchases": _purchases,
    "joined": lambda _condition, _campaign, _way: Line(f"{_PREFIX}.others"),
    "adult": lambda _condition, _campaign, _way: Line(f"{_PREFIX}.adult"),
    "consent": lambda _condition, _campaign, _way: Line(f"{_PREFIX}.consent"),
}


def _helping(unmet: Sequence[Condition]) -> Line | None:
    is_bought = any(condition.name in {"tier", "purchases"} for condition in unmet)
    return Line(f"{_PREFIX}.till") if is_bought else None
