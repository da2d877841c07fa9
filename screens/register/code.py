"""The code is typed: six boxes, tries, when another may be sent. The sixth digit submits."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.phone_proof.flow import CODE_WRONG
from kiosk.flows.phone_proof.state import CODE_DIGITS, AskingCode, CodeTyped, ResendChosen, VerifyingCode
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.values import CodePurpose
from kiosk.texts import Texts
from screens.frame.message import reason_help, reason_title
from screens.frame.typed_digits import TypedDigits
from screens.register.digits import DigitBoxes  # noqa: F401 - named by the kv file
from screens.register.mobile import PHONE_STEP
from screens.widgets.kv import load_beside

TRIES = 5


class CodePage(TypedDigits):
    """The six boxes; what is typed is secret while it is valid.

    Attributes:
        mobile: The number, masked.
        back_text: Where the way back leads: to another number, or only back where the code goes to the member's own.
        minutes: How long the code is valid.
        trouble: What was wrong, "" for nothing.
        advice: What helps.
        tries_left: Of TRIES, where the code was wrong; -1 elsewhere.
        is_checking: The centre compares.
        may_resend: Another code may be asked for.
        wait_s: Seconds until it may, as far as this screen knows.
    """

    touches = {"back": Back, "resend": ResendChosen}
    limit = CODE_DIGITS
    typed = CodeTyped

    mobile = StringProperty("")
    back_text = StringProperty("")
    minutes = NumericProperty(5)
    trouble = StringProperty("")
    advice = StringProperty("")
    tries_left = NumericProperty(-1)
    is_checking = BooleanProperty(False)
    may_resend = BooleanProperty(False)
    wait_s = NumericProperty(0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._challenge = ""

    def render(self, state: AskingCode | VerifyingCode, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show digits, trouble and tries."""
        self.is_checking = isinstance(state, VerifyingCode)
        asking = state.asking if isinstance(state, VerifyingCode) else state
        self.step = PHONE_STEP if asking.purpose is CodePurpose.JOIN else 0
        self.digits, self.mobile = asking.digits, asking.challenge.mobile_masked
        self.back_text = self.tr("code.change" if asking.mobile else "code.back")
        self.minutes = max(1, asking.challenge.expires_in_s // 60)
        self.may_resend = asking.may_resend
        self.tries_left = asking.tries_left if asking.reason == CODE_WRONG else -1
        self.trouble = self._trouble(asking)
        self.advice = reason_help(self.tr, asking.reason) if asking.reason else ""
        if asking.challenge.id != self._challenge:
            self._challenge, self.wait_s = asking.challenge.id, asking.challenge.resend_after_s

    def enter(self) -> None:
        """The seconds until another code may be sent begin to run."""
        Clock.schedule_interval(self._tick, 1.0)

    def leave(self) -> None:
        """They stop."""
        Clock.unschedule(self._tick)

    def may_type(self) -> bool:
        """Nothing is typed while the centre compares."""
        return super().may_type() and not self.is_checking

    def wipe(self) -> None:
        """Forget digits, number and which code was awaited."""
        super().wipe()
        self.mobile = self._challenge = ""

    def conceal(self) -> None:
        """Blank digits and number; the seconds run on."""
        self.digits = self.mobile = ""

    def _trouble(self, asking: AskingCode) -> str:
        tr: Texts = self.tr
        if not asking.reason:
            return ""
        return tr("code.wrong", count=asking.tries_left) if asking.reason == CODE_WRONG else reason_title(tr, asking.reason)

    def _tick(self, _seconds: float) -> None:
        self.wait_s = max(0, self.wait_s - 1)


load_beside(__file__)
