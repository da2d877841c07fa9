"""Says rewards and redemptions in the language of the screen: what stands in the way, how many there are, until when. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from kiosk.ports.rewards import NOT_COUNTED, Quote, RedemptionState, Reward
from kiosk.ports.values import Membership, Reason
from kiosk.texts import Phrase, Texts
from kiosk.texts.days import say_day
from kiosk.texts.names import say_tier

SOLD_OUT, TIER, ADULTS, LIMIT, SHORT = (
    Reason("OUT_OF_STOCK"),
    Reason("TIER_TOO_LOW"),
    Reason("ADULT_ONLY"),
    Reason("LIMIT_REACHED"),
    Reason("INSUFFICIENT_AVAILABLE"),
)
_WIDE = "WF"
_BESIDE_ICON, _BADGE = 12, 16
"""Half characters that the badge of a tile has room for, beside an icon and without one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a reward: in words, with an icon, never by colour alone; `badge` is "" for none."""

    words: str
    icon: str = ""
    ink: str = "warn"
    badge: str = ""
    badge_icon: str = ""
    badge_fill: str = "warn50"
    badge_ink: str = "warn"


def standing_of(tr: Texts, reward: Reward, membership: Membership, tier_name: str) -> Standing:
    """Return whether a member can have a reward, and what stands in the way; `tier_name` is what the reward's tier is called."""
    if reward.refusal is None:
        words = tr("rewards.state.enough") if reward.left == NOT_COUNTED else tr("rewards.state.left", count=reward.left)
        return Standing(words, "check-circle", "green")
    say = _OBSTACLES.get(reward.refusal)
    return Standing(tr("rewards.state.other")) if say is None else say(tr, reward, membership, tier_name)


def _short(tr: Texts, reward: Reward, membership: Membership, _tier_name: str) -> Standing:
    return Standing(tr("rewards.state.short", count=f"{missing(reward.points, membership.points_available):,}"))


def _sold_out(tr: Texts, _reward: Reward, _membership: Membership, _tier_name: str) -> Standing:
    return Standing(tr("rewards.state.gone"), "", "ink2", tr("rewards.badge.gone"), "prohibit", "ink2", "surface")


def _tier(tr: Texts, reward: Reward, membership: Membership, tier_name: str) -> Standing:
    badge, icon = tr("rewards.badge.tier", tier=say_tier(tr, tier_name)), "lock-key"
    if width_of(badge) > _BESIDE_ICON:
        icon = ""
    if width_of(badge) > _BADGE:
        badge = tr("rewards.badge.tier", tier=tier_name)
    return Standing(_climb(tr, reward, membership), "", "warn", badge, icon)


def _adults(tr: Texts, _reward: Reward, _membership: Membership, _tier_name: str) -> Standing:
    return Standing(tr("rewards.state.adult"), "", "warn", tr("rewards.badge.adult"), "identification-card")


def _limit(tr: Texts, _reward: Reward, _membership: Membership, _tier_name: str) -> Standing:
    return Standing(tr("rewards.state.limit"), "", "warn", tr("rewards.badge.limit"), "check-circle")


_OBSTACLES = {SHORT: _short, SOLD_OUT: _sold_out, TIER: _tier, ADULTS: _adults, LIMIT: _limit}


def missing(points: int, available: int) -> int:
    """Return the points that are short."""
    return max(0, points - available)


def _climb(tr: Texts, reward: Reward, membership: Membership) -> Phrase:
    climb = membership.climb
    if climb is None or climb.tier != reward.min_tier:
        return tr("rewards.state.tier")
    return tr("rewards.state.climb", count=f"{missing(climb.goal, climb.points):,}")


def say_payer(tr: Texts, quote: Quote) -> Phrase | str:
    """Return which points pay first, "" where nothing is paid."""
    if not quote.payers:
        return ""
    first = quote.payers[0]
    if not first.last_day:
        return tr("reward.payer.endless", count=f"{first.points:,}")
    return tr("reward.payer", date=say_day(tr, first.last_day), count=f"{first.points:,}")


def say_state(tr: Texts, state: RedemptionState) -> Phrase:
    """Return where a redemption stands."""
    return tr(f"redemption.state.{state}")


def fitted(title: str, units: int) -> str:
    """Return a title of at most `units` half characters; a longer one ends in an ellipsis, the page behind it says all of it."""
    taken = 0
    for place, character in enumerate(title):
        taken += width_of(character)
        if taken > units:
            return title[:place].rstrip() + "…"
    return title


def width_of(text: str) -> int:
    """Return how many half characters a text takes: two for each Chinese one."""
    return sum(2 if east_asian_width(character) in _WIDE else 1 for character in text)
