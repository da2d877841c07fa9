"""Taken part: what it gave, the coupon with its code where it gave one, and the receipt: on paper, or as a code where that failed."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.campaigns.state import CampaignFeedbackChosen, CampaignJoined
from kiosk.flows.register.state import PrintChosen
from kiosk.flows.step import Continued
from kiosk.ports.display import Chrome
from kiosk.texts import Texts
from screens.campaigns.words import picture_of, say_gives, say_window, words_of
from screens.coupons.words import say_condition, say_end
from screens.frame.slip import ProofPage
from screens.widgets.kv import load_beside


class CampaignJoinedPage(ProofPage):
    """The page.

    Attributes:
        gave: What it gave, large.
        note: What happens with it.
        code: What the QR of the coupon says, "" where there is none.
        has_coupon: It gave a coupon.
    """

    touches = {"done": Continued, "feedback": CampaignFeedbackChosen, "print": PrintChosen}

    title = StringProperty("")
    gave = StringProperty("")
    note = StringProperty("")
    code = StringProperty("")
    first_fact = StringProperty("")
    second_fact = StringProperty("")
    picture = StringProperty("")
    has_coupon = BooleanProperty(False)

    def render(self, state: CampaignJoined, chrome: Chrome) -> None:
        """Show what it gave."""
        tr, campaign, joined = self.tr, state.shown.look.campaign, state.joined
        self.title, self.picture = words_of(campaign, chrome.language).title, picture_of(campaign)
        self.is_end_primary = False
        self.has_coupon = bool(joined.coupon_id)
        self.code = joined.coupon.code if joined.coupon else ""
        self.gave = _gave(tr, state)
        self.tell_proof(state, joined.receipt, chrome)
        if joined.coupon:
            self.note = tr("campaign.joined.show")
            self.first_fact, self.second_fact = say_condition(tr, joined.coupon.coupon), say_end(tr, joined.coupon.coupon)
        elif joined.coupon_id:
            self.note, self.first_fact, self.second_fact = tr("campaign.joined.later"), "", ""
        else:
            self.note = tr("campaign.joined.points" if joined.points else "campaign.joined.part")
            self.first_fact, self.second_fact = "" if joined.points else say_window(tr, campaign).replace("\n", " "), ""

    def wipe(self) -> None:
        """Forget the coupon, both codes and the pictures of them."""
        for name in ("gave", "note", "code", "first_fact", "second_fact"):
            setattr(self, name, "")
        self.ids.qr.wipe()
        self.wipe_proof()


def _gave(tr: Texts, state: CampaignJoined) -> str:
    if state.joined.points:
        return tr("campaign.joined.points.value", count=state.joined.points)
    return say_gives(tr, state.shown.look.campaign) if state.joined.coupon_id else tr("campaign.joined.part.value")


load_beside(__file__)
