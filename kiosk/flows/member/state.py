"""States, events and effects of the member's own pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flows.member.errands import Errand
from kiosk.ports.perks import OwnNews
from kiosk.ports.values import Membership, Reason, Visitor


@dataclass(frozen=True, slots=True)
class LoadingMember:
    """The centre is asked; `page` is opened afterwards, where it is the name of an errand."""

    visitor: Visitor
    page: str = ""


@dataclass(frozen=True, slots=True)
class MemberHome:
    """My membership: tier, points, coupons, card, application status; the code to show, once the centre has made one; and what is new."""

    visitor: Visitor
    membership: Membership
    code: str = field(default="", repr=False)
    news: OwnNews = field(default_factory=OwnNews)


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
class NewsLoaded:
    """What is new for the member; nothing where the centre could not say."""

    news: OwnNews


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


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A new code of the member, to be shown for `refresh_after_s`."""

    text: str = field(repr=False)
    refresh_after_s: int


@dataclass(frozen=True, slots=True)
class MakeCode:
    """Effect: have a code made; answers CodeMade."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class LoadNews:
    """Effect: ask what is new; answers NewsLoaded in any case, because the home is shown without it too."""

    visit_token: str
