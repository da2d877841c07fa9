"""My benefits: the code for friends, the birthday gift, and the way to what changes."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.benefits.state import BenefitsShown, ChangesChosen, GiftChosen, WhyChosen
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.perks import AnnouncedChange, BirthdayGift, GiftState, ReferralOffer
from kiosk.texts.days import say_day
from kiosk.texts.money import Yuan
from screens.frame.friend_code import grouped_code
from screens.frame.message import reason_title
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class BenefitsPage(Page):
    """The page.

    Attributes:
        code: The code for friends, as the QR says it.
        code_grouped: The same as people read it.
        how: What the code brings.
        gift_note: How it stands with the gift.
        gift_off: The gift cannot be had now.
        changes_note: What changes next, and when.
        has_why: The centre said why they are as they are.
        has_changes: Anything changes.
    """

    touches = {"back": Back, "gift": GiftChosen, "changes": ChangesChosen, "why": WhyChosen}

    code = StringProperty("")
    code_grouped = StringProperty("")
    how = StringProperty("")
    gift_note = StringProperty("")
    gift_off = BooleanProperty(False)
    changes_note = StringProperty("")
    has_why = BooleanProperty(False)
    has_changes = BooleanProperty(False)

    def render(self, state: BenefitsShown, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the benefits."""
        self.is_end_primary = True
        self.has_why = state.benefits.why is not None
        self._tell_code(state.benefits.referral)
        self._tell_gift(state.benefits.gift)
        self._tell_changes(state.benefits.changes)

    def wipe(self) -> None:
        """Forget the code, its picture and the gift."""
        self.code = self.code_grouped = self.how = self.gift_note = ""
        self.ids.qr.wipe()

    def _tell_code(self, offer: ReferralOffer) -> None:
        self.code = offer.code
        self.code_grouped = grouped_code(offer.code)
        words = {"amount": Yuan(offer.minimum_spend_fen), "mine": offer.referrer_points}
        if self.is_large:
            self.how = self.tr("benefits.referral.how.short", **words)
        else:
            self.how = self.tr("benefits.referral.how", **words, theirs=offer.referee_points, days=offer.return_days)

    def _tell_gift(self, gift: BirthdayGift) -> None:
        self.gift_off = gift.state is GiftState.CLOSED
        if gift.reason is not None:
            self.gift_note = reason_title(self.tr, gift.reason)
        else:
            self.gift_note = self.tr(f"benefits.gift.{gift.state}", amount=Yuan(gift.value_fen))

    def _tell_changes(self, changes: tuple[AnnouncedChange, ...]) -> None:
        self.has_changes = bool(changes)
        self.changes_note = (
            self.tr("benefits.changes.first", date=say_day(self.tr, changes[0].effective_on), count=len(changes))
            if changes
            else self.tr("benefits.changes.none")
        )


load_beside(__file__)
