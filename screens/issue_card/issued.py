"""Done: take the card, know what you got, keep the receipt. The ring counts the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty

from kiosk.flows.issue_card.state import CardIssued, HomeChosen, PrintChosen
from kiosk.ports.display import Chrome
from kiosk.ports.values import Benefit
from kiosk.session.idle import DONE_PAGE, limits
from kiosk.texts import TextError, Texts
from screens.frame.info_row import InfoRow
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

ROWS = 3
TOP, PITCH, HEIGHT = 1056, 132, 120
ROWS_LARGE, TOP_LARGE, PITCH_LARGE, HEIGHT_LARGE = 1, 884, 192, 180
LOOKS = {"points": ("coins", "gold"), "coupon": ("ticket", "red")}
FEN = 100


def say_until(tr: Texts, iso: str) -> str:
    """Return the last day of something in words, with its year; "" where there is none."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return tr("date.full", year=day.year, month=tr(f"month.{day.month}"), day=day.day)


def say_yuan(fen: int) -> str:
    """Return an amount of fen in yuan, without decimals where there are none."""
    return f"{fen // FEN}" if fen % FEN == 0 else f"{fen / FEN:.2f}"


def say_benefit(tr: Texts, key: str, amount: int) -> tuple[str, str]:
    """Return title and note of a benefit; a key that this program does not know yet has words too."""
    said = say_yuan(amount) if ".coupon" in key else str(amount)
    try:
        return tr(key, amount=said), tr(f"{key}.note")
    except TextError:
        return tr("benefit.other"), tr("benefit.other.note")


def look_of(key: str) -> tuple[str, str]:
    """Return icon and hue of a benefit."""
    return LOOKS.get(key.split(".")[1] if "." in key else "", ("gift", "violet"))


class IssuedPage(Page):
    """The last page of joining.

    Attributes:
        number: Membership number, masked.
        is_taken: The reader is empty.
        slip: State of the printed slip: printing, printed, failed.
        welcome: How the welcome message goes out.
        code: The signed receipt as text.
        receipt: Its number.
        shows_code: The code lies large over the picture.
        whole: Seconds that the page stays.
        left: Seconds left.
    """

    touches = {"print": PrintChosen, "home": HomeChosen}

    number = StringProperty("")
    is_taken = BooleanProperty(False)
    slip = StringProperty("printing")
    welcome = StringProperty("")
    code = StringProperty("")
    receipt = StringProperty("")
    shows_code = BooleanProperty(False)
    whole = NumericProperty(15)
    left = NumericProperty(15)
    print_words = ListProperty(["", ""])

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._rows = [self._row(place) for place in range(ROWS)]

    def render(self, state: CardIssued, chrome: Chrome) -> None:
        """Show card, benefits and slip."""
        self.step = 6
        issued = state.issued
        self.number, self.is_taken, self.slip = issued.membership_number_masked, state.is_taken, _shown(state)
        self.code, self.receipt = issued.receipt.code, issued.receipt.number
        self.welcome = self.tr("issued.mail" if issued.welcome_channel == "mail" else "issued.sms")
        whole = limits(state, is_large=chrome.is_large).wait_s or DONE_PAGE.wait_s
        if whole != self.whole:
            self.whole = self.left = whole
        self._show_benefits(issued.benefits)

    def enter(self) -> None:
        """The ring begins."""
        self.shows_code = False
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

    def wipe(self) -> None:
        """Forget number, benefits and code."""
        self.number = self.code = self.receipt = ""
        self.ids.qr.wipe()
        self._show_benefits(())

    def _row(self, place: int) -> InfoRow:
        row = InfoRow(box=[48, TOP + place * PITCH, 984, HEIGHT], box_large=[48, TOP_LARGE + place * PITCH_LARGE, 984, HEIGHT_LARGE])
        self.add_widget(row)
        return row

    def _show_benefits(self, benefits: tuple[Benefit, ...]) -> None:
        most = ROWS_LARGE if self.is_large else ROWS
        for place, row in enumerate(self._rows):
            row.is_shown = place < min(len(benefits), most)
            if row.is_shown:
                self._fill(row, benefits[place])
            else:
                row.title = row.note = row.aside = ""

    def _fill(self, row: InfoRow, benefit: Benefit) -> None:
        row.icon, row.hue = look_of(benefit.text_key)
        row.title, row.note = say_benefit(self.tr, benefit.text_key, benefit.amount)
        until = say_until(self.tr, benefit.valid_until)
        row.aside = self.tr("benefit.until", date=until) if until and not self.is_large else ""

    def _tick(self, _seconds: float) -> None:
        self.left = max(0, self.left - 1)


load_beside(__file__)


def _shown(state: CardIssued) -> str:
    """Return what the slip's button says: one copy may be made, and what may have come out counts as failed for the eye."""
    if state.slip == "printed" and state.is_copy:
        return "copied"
    return "failed" if state.slip == "unknown" else state.slip
