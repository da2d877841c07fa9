"""How somebody who cannot take part in a campaign could: three lines at most. Knows no words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from server_stub.domain.campaigns.campaign import Campaign
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
        fen_to_tier: Purchases of this year that are missing to the tier that is asked for; 0 where none are, or no amount will do.
        stores: Names of the stores that take part; empty where all do.
    """

    version: int
    fen_to_tier: int = 0
    stores: tuple[str, ...] = ()


def explain_way(campaign: Campaign, refusal: Reason | None, conditions: Sequence[Condition], way: Way) -> tuple[Line, ...]:
    """Returns what would change it: the nearest step first, what helps with it, and the version that says so."""
    basis = Line(f"{_PREFIX}.basis", {"version": str(way.version)})
    if refusal is None:
        return ()
    if refusal is not Reason.CAMPAIGN_NOT_ELIGIBLE:
        return three((_of_refusal(campaign, refusal, way), basis))
    unmet = [condition for condition in conditions if condition.is_met is False]
    steps = [_STEPS[condition.name](condition, campaign, way) for condition in unmet]
    if len(steps) > 1:
        return three((*steps[:2], basis))
    return three((*steps, _helping(unmet), basis))


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
    return Line(f"{_PREFIX}.tier", {"tier": tier, "amount": yuan(way.fen_to_tier), "day": _last_day(campaign)})


def _purchases(condition: Condition, campaign: Campaign, _way: Way) -> Line:
    terms = campaign.segment.purchases
    here = "_here" if terms is not None and terms.here else ""
    missing = condition.standing.variables.get("missing", "") if condition.standing else ""
    return Line(f"{_PREFIX}.purchases{here}", {"count": missing, "day": _last_day(campaign)})


def _last_day(campaign: Campaign) -> str:
    return iso(campaign.last_day)


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
