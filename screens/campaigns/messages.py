"""Messages of campaigns."""

from __future__ import annotations

from typing import Any

from kiosk.flows.campaigns.state import (
    AskingReminder,
    CampaignGone,
    CampaignRefused,
    JoiningCampaign,
    LoadingBoard,
    OpeningCampaign,
    ReminderNoted,
    WishingReminder,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.values import Language
from kiosk.texts import Texts
from screens.campaigns.words import words_of
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

ICON, HUE = "calendar-star", "violet"
RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
TO_PAGE = Choice("message.page", "campaign.see_page", Continued())
TO_LIST = Choice("message.list", "campaign.see_list", Continued())
AGREE = Choice("message.agree", "campaign.ask_reminder.yes", Continued(), "bell-ringing")
DECLINE = Choice("message.decline", "campaign.ask_reminder.no", Back())


def _loading(_state: LoadingBoard | OpeningCampaign, tr: Texts) -> Message:
    return Message(tr("campaign.loading"), tr("member.loading.body"), ICON, HUE)


def _joining(_state: JoiningCampaign, tr: Texts) -> Message:
    return Message(tr("campaign.joining"), tr("member.loading.body"), ICON, HUE)


def _wishing(_state: WishingReminder, tr: Texts) -> Message:
    return Message(tr("campaign.wishing"), tr("member.loading.body"), "bell-ringing", HUE)


def _ask(state: AskingReminder, tr: Texts) -> Message:
    body = tr("campaign.ask_reminder.body", title=_title(state, tr))
    return Message(tr("campaign.ask_reminder"), body, "bell-ringing", HUE, primary=AGREE, secondary=DECLINE)


def _noted(state: ReminderNoted, tr: Texts) -> Message:
    return Message(tr("campaign.reminded"), tr("campaign.reminded.body", title=_title(state, tr)), "check-circle", "green", primary=TO_LIST)


def _refused(state: CampaignRefused, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    # A refusal stays one; only a lost answer is worth another try.
    first, second = (RETRY, TO_PAGE) if state.reason == UNREACHABLE else (TO_PAGE, None)
    return Message(tr("campaign.refused"), reason_help(tr, state.reason), ICON, "warn", "", why, "info", first, second)


def _gone(state: CampaignGone, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    return Message(tr("campaign.gone"), reason_help(tr, state.reason), ICON, "warn", "", why, "info", TO_LIST)


def _title(state: Any, tr: Texts) -> str:
    return words_of(state.shown.look.campaign, Language(tr("campaign.tag").language)).title


MESSAGES: Table = {
    LoadingBoard: _loading,
    OpeningCampaign: _loading,
    JoiningCampaign: _joining,
    WishingReminder: _wishing,
    AskingReminder: _ask,
    ReminderNoted: _noted,
    CampaignRefused: _refused,
    CampaignGone: _gone,
}
