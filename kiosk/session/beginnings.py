"""Which journey begins at a place, in which state and with which first effects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.flows.benefits.flow import BENEFITS
from kiosk.flows.benefits.flow import load as load_benefits
from kiosk.flows.campaigns.flow import CAMPAIGNS
from kiosk.flows.campaigns.flow import load as load_campaigns
from kiosk.flows.children.flow import CHILDREN
from kiosk.flows.children.flow import load as load_children
from kiosk.flows.coupons.flow import COUPONS
from kiosk.flows.coupons.flow import load as load_coupons
from kiosk.flows.feedback.flow import FEEDBACK, look_up
from kiosk.flows.feedback.state import Saying
from kiosk.flows.home.flow import HOME
from kiosk.flows.home.state import Attract, Faulted, Menu
from kiosk.flows.issue_card.flow import ISSUE_CARD
from kiosk.flows.issue_card.state import LookAtReader, Order, WaitingForBlank
from kiosk.flows.lost.flow import LOST, look_for_found
from kiosk.flows.lost.flow import begin as begin_lost
from kiosk.flows.member.flow import MEMBER
from kiosk.flows.member.state import LoadingMember, LoadMember
from kiosk.flows.places import (
    Place,
    ToAttract,
    ToBenefits,
    ToCampaigns,
    ToChildren,
    ToCoupons,
    ToFault,
    ToFeedback,
    ToFoundCard,
    ToIssueCard,
    ToLostCard,
    ToMember,
    ToMenu,
    ToPoints,
    ToPurchases,
    ToRegister,
    ToRewards,
    ToScan,
    ToSignIn,
    ToStatus,
)
from kiosk.flows.points.flow import POINTS, asking
from kiosk.flows.points.state import LoadingPoints, LoadingPurchases
from kiosk.flows.register.flow import REGISTER
from kiosk.flows.register.guardian import prove_guardian
from kiosk.flows.register.state import AskingAgeBand
from kiosk.flows.rewards.choosing import load as load_rewards
from kiosk.flows.rewards.flow import REWARDS
from kiosk.flows.scan.flow import SCAN
from kiosk.flows.scan.state import Scanning
from kiosk.flows.sign_in.flow import SIGN_IN, by_phone
from kiosk.flows.sign_in.state import WaitingForCard
from kiosk.flows.status.flow import STATUS, of_number
from kiosk.flows.status.state import EnteringNumber
from kiosk.flows.step import Flow, Step
from kiosk.ports.feedback import Said
from kiosk.ports.values import Draft


def _issue(place: ToIssueCard) -> Step:
    return Step(WaitingForBlank(Order(place.grant, place.receipt)), (LookAtReader(),))


def _member(place: ToMember) -> Step:
    return Step(LoadingMember(place.visitor, place.page), (LoadMember(place.visitor.visit_token),))


def _sign_in(place: ToSignIn) -> Step:
    return by_phone() if place.by_phone else Step(WaitingForCard(), (LookAtReader(),))


def _status(place: ToStatus) -> Step:
    return of_number(place.number) if place.number else Step(EnteringNumber())


def _register(place: ToRegister) -> Step:
    return prove_guardian(place.guardian.visit_token) if place.guardian else Step(AskingAgeBand(place.mending or Draft()))


def _feedback(place: ToFeedback) -> Step:
    if place.case_digits:
        return look_up(place.visitor, place.case_digits)
    return Step(Saying(place.visitor, place.said or Said(campaign_id=place.campaign_id)))


_BEGINNINGS: dict[type, tuple[Flow, Callable[[Any], Step]]] = {
    ToAttract: (HOME, lambda _place: Step(Attract())),
    ToFault: (HOME, lambda place: Step(Faulted(place.reason))),
    ToMenu: (HOME, lambda _place: Step(Menu())),
    ToRegister: (REGISTER, _register),
    ToChildren: (CHILDREN, lambda place: load_children(place.visitor)),
    ToSignIn: (SIGN_IN, _sign_in),
    ToScan: (SCAN, lambda _place: Step(Scanning())),
    ToStatus: (STATUS, _status),
    ToIssueCard: (ISSUE_CARD, _issue),
    ToMember: (MEMBER, _member),
    ToFeedback: (FEEDBACK, _feedback),
    ToCoupons: (COUPONS, lambda place: load_coupons(place.visitor)),
    ToCampaigns: (CAMPAIGNS, lambda place: load_campaigns(place.visitor, place.campaign_id)),
    ToBenefits: (BENEFITS, lambda place: load_benefits(place.visitor)),
    ToPoints: (POINTS, lambda place: asking(LoadingPoints(place.visitor, place.number))),
    ToRewards: (REWARDS, lambda place: load_rewards(place.visitor)),
    ToLostCard: (LOST, lambda place: begin_lost(place.visitor)),
    ToFoundCard: (LOST, lambda _place: look_for_found()),
    ToPurchases: (POINTS, lambda place: asking(LoadingPurchases(place.visitor, place.number))),
}


def begin(place: Place) -> tuple[Flow, Step]:
    """Return the journey at a place and its first step."""
    flow, first = _BEGINNINGS[type(place)]
    return flow, first(place)
