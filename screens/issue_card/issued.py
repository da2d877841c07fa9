"""Done: take the card, know what you got, keep the receipt. The ring counts the page."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.issue_card.state import CardIssued, HomeChosen
from kiosk.flows.register.state import PrintChosen
from kiosk.ports.display import Chrome
from kiosk.ports.values import Issued
from kiosk.session.idle import DONE_PAGE, limits
from kiosk.texts import Phrase, Texts
from screens.frame.benefit_rows import BenefitRows, Slots, Told
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

NORMAL = Slots(top=1056, pitch=132, height=120, most=3, paged=2)
LARGE = Slots(top=752, pitch=192, height=180, most=1, paged=1)


class IssuedPage(Page):
    """The last page of joining.

    Attributes:
        title: Welcome, by the masked name where the centre says it.
        number: Membership number, masked.
        is_taken: The reader is empty.
        slip: State of the printed slip: printing, printed, failed.
        welcome: How the message goes out.
        heading: Over the benefits: that they are new, or that they are still there.
        code: The signed receipt as text.
        receipt: Its number.
        shows_code: The code lies large over the picture.
        whole: Seconds that the page stays.
        left: Seconds left.
        leaf: Page of benefits, from 0.
        leaves: How many there are.
    """

    touches = {"print": PrintChosen, "home": HomeChosen}

    title = StringProperty("")
    number = StringProperty("")
    is_taken = BooleanProperty(False)
    slip = StringProperty("printing")
    welcome = StringProperty("")
    heading = StringProperty("")
    code = StringProperty("")
    receipt = StringProperty("")
    shows_code = BooleanProperty(False)
    whole = NumericProperty(15)
    left = NumericProperty(15)
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._told: tuple[Told, ...] = ()
        self._rows = BenefitRows(self, NORMAL, LARGE)

    def render(self, state: CardIssued, chrome: Chrome) -> None:
        """Show card, benefits and slip."""
        self.step = 6
        issued = state.issued
        self.number, self.is_taken, self.slip = issued.membership_number_masked, state.is_taken, _shown(state)
        self.title = say_title(self.tr, issued)
        self.code, self.receipt = issued.receipt.code, issued.receipt.number
        way = "mail" if issued.welcome_channel == "mail" else "sms"
        self.welcome = self.tr(f"issued.replaced.{way}" if issued.is_replacement else f"issued.{way}")
        self.heading = self.tr("issued.replaced.benefits" if issued.is_replacement else "issued.benefits")
        whole = limits(state, is_large=chrome.is_large).wait_s or DONE_PAGE.wait_s
        if whole != self.whole:
            self.whole = self.left = whole
        self._told = tuple(Told(one.text_key, one.amount, one.valid_until, one.minimum_spend_fen) for one in issued.benefits)
        self._show_leaf()

    def enter(self) -> None:
        """The ring begins, and the benefits."""
        self.shows_code, self.leaf = False, 0
        self.left = self.whole
        Clock.schedule_interval(self._tick, 1.0)

    def leave(self) -> None:
        """The ring stops."""
        Clock.unschedule(self._tick)

    def on_touch_down(self, touch: Any) -> bool:
        """A touch anywhere gives the page its whole time again."""
        self.left = self.whole
        return bool(super().on_touch_down(touch))

    def turn(self) -> None:
        """Show the code, or the card again."""
        self.shows_code = not self.shows_code
        self._show_leaf()

    def turn_leaf(self, step: int) -> None:
        """Other benefits."""
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self._show_leaf()

    def wipe(self) -> None:
        """Forget number, benefits and code."""
        self.title = self.number = self.code = self.receipt = ""
        self.ids.qr.wipe()
        self._told = ()
        self._rows.hide()

    def _show_leaf(self) -> None:
        self.leaves = self._rows.leaves(len(self._told))
        self.leaf = min(self.leaf, self.leaves - 1)
        if self.shows_code and self.is_large:
            # The code takes their place: it must stay large enough for a telephone.
            self._rows.hide()
        else:
            self._rows.show(self.tr, self._told, int(self.leaf))

    def _tick(self, _seconds: float) -> None:
        self.left = max(0, self.left - 1)


load_beside(__file__)


def say_title(tr: Texts, issued: Issued) -> Phrase:
    """Return the headline: a welcome only for who is new."""
    if issued.is_replacement:
        return tr("issued.replaced")
    return tr("issued.title.name", name=issued.name_masked) if issued.name_masked else tr("issued.title")


def _shown(state: CardIssued) -> str:
    """Return what the slip's button says: one copy may be made, and what may have come out counts as failed for the eye."""
    if state.slip == "printed" and state.is_copy:
        return "copied"
    return "failed" if state.slip == "unknown" else state.slip
