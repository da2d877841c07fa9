"""One coupon: its code to be shown at the till, or what is in the way; its conditions in four lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.coupons.state import ClaimChosen, CouponCode, CouponDetail, CouponWhyChosen, is_claimable
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.perks import OwnCoupon
from kiosk.texts.days import say_day
from kiosk.texts.names import say_benefit
from screens.coupons.words import grouped_code, say_condition, say_days, say_where, standing_of
from screens.frame.explanation import say_explanation
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

_PERSONAL = ("title", "code", "code_lines", "standing", "condition", "validity", "where", "days", "why")


class CouponPage(Page):
    """The page.

    Attributes:
        title: What the coupon is.
        code: What the QR says, "" where there is no code.
        code_lines: The same in lines.
        standing: State in words.
        standing_icon: Its icon.
        standing_ink: Its colour.
        condition: When it can be used.
        validity: From which day to which.
        where: In which stores.
        days: On which days.
        may_claim: The member can take it.
        why: What it was given for and what is still to be done, line by line; "" where that is not asked.
    """

    touches = {"back": Back, "claim": ClaimChosen, "why": CouponWhyChosen}

    title = StringProperty("")
    code = StringProperty("")
    code_lines = StringProperty("")
    standing = StringProperty("")
    standing_icon = StringProperty("ticket")
    standing_ink = StringProperty("ink2")
    condition = StringProperty("")
    validity = StringProperty("")
    where = StringProperty("")
    days = StringProperty("")
    may_claim = BooleanProperty(False)
    why = StringProperty("")

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Show coupons; `now` says what day it is."""
        super().__init__(send, **kwargs)
        self._now = now

    def render(self, state: CouponDetail | CouponCode, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the coupon, with its code where there is one."""
        coupon, tr = state.coupon, self.tr
        self.why = "\n".join(say_explanation(tr, coupon.why) or [tr("benefits.why.unknown")]) if state.is_why else ""
        self.code = state.shown.code if isinstance(state, CouponCode) and not state.is_why else ""
        self.code_lines = grouped_code(self.code)
        self.may_claim = isinstance(state, CouponDetail) and is_claimable(coupon)
        self.is_end_primary = not self.may_claim
        self._tell(coupon)

    def wipe(self) -> None:
        """Forget the coupon, its code and the picture of it."""
        for name in _PERSONAL:
            setattr(self, name, "")
        self.ids.qr.wipe()

    def _tell(self, coupon: OwnCoupon) -> None:
        tr = self.tr
        self.title, _ = say_benefit(tr, coupon.text_key, coupon.value_fen)
        standing = standing_of(tr, coupon, self._now().date().isoformat())
        self.standing_icon, self.standing_ink = standing.icon, standing.ink
        # In the list the words say what a touch does; here the button does.
        self.standing = tr("coupon.state.issued") if self.may_claim else standing.words
        self.condition = say_condition(tr, coupon)
        self.validity = tr("coupon.validity.value", first=say_day(tr, coupon.valid_from), last=say_day(tr, coupon.valid_until))
        self.where, self.days = say_where(tr, coupon), say_days(tr, coupon.weekdays)


load_beside(__file__)
