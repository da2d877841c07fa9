"""The phone number is typed; below it, what was wrong with the last one. Serves joining, signing in and asking after an application."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.phone_proof.state import MOBILE_DIGITS_MAX, AskingMobile, MobileEntered, MobileTyped, SendingCode
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.values import CodePurpose
from kiosk.texts import Texts
from screens.frame.message import reason_help, reason_title
from screens.frame.typed_digits import TypedDigits
from screens.register.grouping import grouped
from screens.widgets.kv import load_beside

PHONE_STEP = 2


class MobilePage(TypedDigits):
    """The number pad and its field.

    Attributes:
        title: Headline, by what the number is for.
        shown_mobile: The number as typed, in groups; personal.
        trouble: What was wrong, "" for nothing.
        advice: What helps.
        is_sending: The centre is asked.
    """

    touches = {"back": Back, "next": MobileEntered}
    limit = MOBILE_DIGITS_MAX
    typed = MobileTyped

    title = StringProperty("")
    shown_mobile = StringProperty("")
    trouble = StringProperty("")
    advice = StringProperty("")
    is_sending = BooleanProperty(False)

    def render(self, state: AskingMobile | SendingCode, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the number and what is wrong with it."""
        self.step = PHONE_STEP if state.purpose is CodePurpose.JOIN else 0
        self.title = self.tr(f"phone.title.{state.purpose}")
        self.digits, self.shown_mobile = state.mobile, grouped(state.mobile)
        self.is_sending = isinstance(state, SendingCode)
        reason = state.reason if isinstance(state, AskingMobile) else None
        self.trouble = reason_title(self.tr, reason) if reason else ""
        self.advice = self._advice(state)

    def wipe(self) -> None:
        """Forget the number."""
        super().wipe()
        self.shown_mobile = ""
        self.ids.number.wipe()

    def _advice(self, state: AskingMobile | SendingCode) -> str:
        tr: Texts = self.tr
        if not isinstance(state, AskingMobile) or not state.reason:
            return ""
        if state.wait_s:
            return tr("phone.wait", count=-(-state.wait_s // 60))
        return reason_help(tr, state.reason)


load_beside(__file__)
