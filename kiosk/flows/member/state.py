"""States, events and effects of the member's own pages."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.member.errands import Errand
from kiosk.ports.values import Membership, Reason, Visitor


@dataclass(frozen=True, slots=True)
class LoadingMember:
    """The centre is asked."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class MemberHome:
    """My membership: tier, points, coupons, card, application status."""

    visitor: Visitor
    membership: Membership


@dataclass(frozen=True, slots=True)
class MemberUnavailable:
    """Not to be had now."""

    visitor: Visitor
    reason: Reason


MemberState = LoadingMember | MemberHome | MemberUnavailable


@dataclass(frozen=True, slots=True)
class MemberLoaded:
    """The member's own view."""

    membership: Membership


@dataclass(frozen=True, slots=True)
class TakeCardChosen:
    """Have the pending card written now."""


@dataclass(frozen=True, slots=True)
class ErrandChosen:
    """A tile of the member's home was touched."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class LoadMember:
    """Effect: ask the centre; answers MemberLoaded."""

    visit_token: str
