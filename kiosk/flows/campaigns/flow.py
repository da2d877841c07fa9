"""Campaigns as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.campaigns.state import (
    AskingReminder,
    BoardKnown,
    CampaignChosen,
    CampaignFeedbackChosen,
    CampaignGone,
    CampaignJoined,
    CampaignList,
    CampaignOpened,
    CampaignRefused,
    CampaignShown,
    JoinCampaign,
    JoinChosen,
    JoiningCampaign,
    LoadBoard,
    LoadingBoard,
    OpenCampaign,
    OpeningCampaign,
    OwnCouponsChosen,
    PartTaken,
    ReminderChosen,
    ReminderNoted,
    WishingReminder,
    WishNoted,
    WishReminder,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToCoupons, ToFeedback, ToMember, ToMenu, ToSignIn
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.slips import PrintDeed, slip_rules
from kiosk.flows.step import (
    COMMON_EVENTS,
    Back,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    Go,
    LanguageSwitched,
    RetryChosen,
    Step,
)
from kiosk.ports.campaigns import CampaignLook, PublicCampaign
from kiosk.ports.values import Reason, Visitor

STOPPED, ENDED = Reason("CAMPAIGN_STOPPED"), Reason("CAMPAIGN_ENDED")


def load(visitor: Visitor | None, campaign_id: str = "") -> Step:
    """Return the first step: what the kiosk knows, and from there to one campaign where it is named."""
    return Step(LoadingBoard(visitor, campaign_id), (LoadBoard(),))


def _loaded(state: LoadingBoard, event: BoardKnown) -> Step:
    among = CampaignList(state.visitor, event.campaigns)
    wanted = _find(event.campaigns, state.campaign_id)
    if wanted is not None:
        return _open(among, wanted)
    return _gone(state.visitor, state.campaign_id, event) if state.campaign_id else Step(among)


def _chosen(state: CampaignList, event: CampaignChosen) -> Step:
    wanted = _find(state.campaigns, event.campaign_id)
    return Step(state) if wanted is None else _open(state, wanted)


def _open(among: CampaignList, campaign: PublicCampaign) -> Step:
    token = among.visitor.visit_token if among.visitor else ""
    return Step(OpeningCampaign(among.visitor, among, campaign), (OpenCampaign(token, campaign.campaign_id),))


def _opened(state: OpeningCampaign, event: CampaignOpened) -> Step:
    return Step(CampaignShown(state.visitor, state.among, event.look))


def _from_memory(state: OpeningCampaign, _event: DeskUnreachable) -> Step:
    return Step(CampaignShown(state.visitor, state.among, CampaignLook(state.campaign), is_from_memory=True))


def _reopen(state: CampaignShown, _event: Any) -> Step:
    return _open(state.among, state.look.campaign)


def _join(state: CampaignShown, _event: JoinChosen) -> Step:
    if state.is_from_memory or state.look.refusal is not None:
        return Step(state)
    campaign_id = state.look.campaign.campaign_id
    if state.visitor is None:
        return Step(state, (Go(ToSignIn(campaign_id=campaign_id)),))
    return Step(JoiningCampaign(state.visitor, state), (JoinCampaign(state.visitor.visit_token, campaign_id),))


def _joined(state: JoiningCampaign, event: PartTaken) -> Step:
    joined = CampaignJoined(state.visitor, state.shown, event.joined)
    return Step(joined, (_order(joined),))


def _order(state: CampaignJoined) -> PrintDeed:
    return PrintDeed(state.joined.receipt, state.visitor.name_masked, state.is_copy)


def _remind(state: CampaignShown, _event: ReminderChosen) -> Step:
    if state.visitor is None or not state.look.may_wish:
        return Step(state)
    return Step(AskingReminder(state.visitor, state))


def _agree(state: AskingReminder, _event: Continued) -> Step:
    return _wish(WishingReminder(state.visitor, state.shown))


def _wish(state: WishingReminder) -> Step:
    return Step(state, (WishReminder(state.visitor.visit_token, state.shown.look.campaign.campaign_id),))


def _refused(state: JoiningCampaign | WishingReminder, reason: Reason) -> Step:
    return Step(CampaignRefused(state.visitor, state, reason))


def _again(state: CampaignRefused, _event: RetryChosen) -> Step:
    asked = state.asked
    if isinstance(asked, WishingReminder):
        return _wish(asked)
    return Step(asked, (JoinCampaign(asked.visitor.visit_token, asked.shown.look.campaign.campaign_id),))


def _back_to_campaign(state: CampaignRefused, _event: Any) -> Step:
    # What was refused is not as the page says: asked anew, it says why.
    return _reopen(state.asked.shown, _event)


def _feedback(state: CampaignShown | CampaignJoined, _event: CampaignFeedbackChosen) -> Step:
    shown = state if isinstance(state, CampaignShown) else state.shown
    return Step(state, (Go(ToFeedback(state.visitor, shown.look.campaign.campaign_id)),))


def _coupons(state: CampaignShown, _event: OwnCouponsChosen) -> Step:
    if state.visitor is None or not state.look.gave_coupon:
        return Step(state)
    return Step(state, (Go(ToCoupons(state.visitor)),))


def _listed_anew(state: CampaignList, event: BoardKnown) -> Step:
    return Step(replace(state, campaigns=event.campaigns))


def _news(state: CampaignShown | OpeningCampaign | AskingReminder, event: BoardKnown) -> Step:
    """A campaign that was taken away is taken away from who reads it too; one that was changed is asked for anew."""
    shown = state.shown if isinstance(state, AskingReminder) else state
    now = shown.campaign if isinstance(shown, OpeningCampaign) else shown.look.campaign
    among = CampaignList(state.visitor, event.campaigns)
    held = _find(event.campaigns, now.campaign_id)
    if held is None:
        return _gone(state.visitor, now.campaign_id, event)
    return _open(among, held) if held.version != now.version else Step(_with(state, among))


def _gone(visitor: Visitor | None, campaign_id: str, event: BoardKnown) -> Step:
    return Step(CampaignGone(visitor, ENDED if campaign_id in event.ended else STOPPED))


def _with(state: Any, among: CampaignList) -> Any:
    if isinstance(state, AskingReminder):
        return replace(state, shown=replace(state.shown, among=among))
    return replace(state, among=among)


def _find(campaigns: tuple[PublicCampaign, ...], campaign_id: str) -> PublicCampaign | None:
    return next((one for one in campaigns if one.campaign_id == campaign_id), None)


def _leave(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMember(state.visitor) if state.visitor else ToMenu()),))


def _to_list(state: Any, _event: Any) -> Step:
    # Asked for anew: the list may have changed while one of them was open.
    return load(state.visitor)


CAMPAIGNS = Flow(
    name="campaigns",
    states=(
        LoadingBoard,
        CampaignList,
        OpeningCampaign,
        CampaignShown,
        JoiningCampaign,
        CampaignJoined,
        AskingReminder,
        WishingReminder,
        ReminderNoted,
        CampaignRefused,
        CampaignGone,
    ),
    events=(
        *COMMON_EVENTS,
        CampaignChosen,
        JoinChosen,
        ReminderChosen,
        CampaignFeedbackChosen,
        OwnCouponsChosen,
        BoardKnown,
        CampaignOpened,
        PartTaken,
        WishNoted,
        PrintChosen,
        SlipPrinted,
        SlipFailed,
    ),
    rules={
        **slip_rules(CampaignJoined, _order),
        (LoadingBoard, BoardKnown): _loaded,
        (CampaignList, CampaignChosen): _chosen,
        (CampaignList, BoardKnown): _listed_anew,
        (CampaignList, Back): _leave,
        (OpeningCampaign, CampaignOpened): _opened,
        (OpeningCampaign, DeskUnreachable): _from_memory,
        (OpeningCampaign, DeskRefused): lambda state, event: Step(CampaignGone(state.visitor, event.reason)),
        (OpeningCampaign, BoardKnown): _news,
        (CampaignShown, JoinChosen): _join,
        (CampaignShown, ReminderChosen): _remind,
        (CampaignShown, RetryChosen): _reopen,
        (CampaignShown, LanguageSwitched): _reopen,
        (CampaignShown, CampaignFeedbackChosen): _feedback,
        (CampaignShown, OwnCouponsChosen): _coupons,
        (CampaignShown, BoardKnown): _news,
        (CampaignShown, Back): _to_list,
        (JoiningCampaign, PartTaken): _joined,
        (JoiningCampaign, DeskRefused): lambda state, event: _refused(state, event.reason),
        (JoiningCampaign, DeskUnreachable): lambda state, _event: _refused(state, UNREACHABLE),
        (CampaignJoined, CampaignFeedbackChosen): _feedback,
        (CampaignJoined, Continued): _leave,
        (CampaignJoined, Back): _to_list,
        (AskingReminder, Continued): _agree,
        (AskingReminder, BoardKnown): _news,
        (AskingReminder, Back): lambda state, _event: Step(state.shown),
        (WishingReminder, WishNoted): lambda state, _event: Step(ReminderNoted(state.visitor, state.shown)),
        (WishingReminder, DeskRefused): lambda state, event: _refused(state, event.reason),
        (WishingReminder, DeskUnreachable): lambda state, _event: _refused(state, UNREACHABLE),
        (ReminderNoted, Continued): _to_list,
        (ReminderNoted, Back): _to_list,
        (CampaignRefused, RetryChosen): _again,
        (CampaignRefused, Continued): _back_to_campaign,
        (CampaignRefused, Back): _back_to_campaign,
        (CampaignGone, Continued): _to_list,
        (CampaignGone, Back): _to_list,
    },
)
