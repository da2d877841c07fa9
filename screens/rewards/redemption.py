"""One redemption: leave with a code that works. Code, place, last day, the receipt as a picture, paper, undoing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.rewards.state import CardStanding, RedemptionShown, RedemptionWhyChosen, SlipChosen, UndoChosen
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.rewards import RedemptionState
from kiosk.texts import Phrase
from kiosk.texts.days import say_near_day
from screens.frame.explanation import say_explanation
from screens.frame.page import Page, Send
from screens.rewards.words import say_state
from screens.widgets.kv import load_beside

_PERSONAL = ("what", "pickup", "store", "until", "spent", "left", "number", "code", "why")
_LOOKS = {
    RedemptionState.WAITING: ("check", "green"),
    RedemptionState.PICKED_UP: ("package", "blue"),
    RedemptionState.GIVEN_BACK: ("arrow-counter-clockwise", "ink2"),
    RedemptionState.OTHER: ("hourglass-medium", "warn"),
}


class RedemptionPage(Page):
    """The page.

    Attributes:
        title: What became of it.
        what: Reward and pieces.
        pickup: Code, "" where nothing waits.
        state_words: Where it stands, where nothing waits, or where the code is that this visit may not see.
        look: Icon of its state.
        look_fill: Colour of its disc.
        store: Where it is picked up.
        until: Until when.
        spent: Points that it cost.
        left: Points that are left, "" where it was chosen from the list.
        number: Number of the receipt.
        code: What the QR code says, "" where there is none.
        paper: What the button that prints says.
        may_print: It does something.
        said: The line above the last button: card, paper, or what the QR code is good for.
        said_icon: Its icon.
        said_ink: Its colour.
        may_undo: It can be given back.
        is_new: It was bought just now.
        may_resume: The code is of a receipt of this visit, so that whoever leaves by accident goes on with it at another kiosk.
        why: What became of it and which points paid, line by line; "" where that is not asked.
    """

    touches = {"print": SlipChosen, "undo": UndoChosen, "why": RedemptionWhyChosen, "on": Continued, "back": Back}

    title = StringProperty("")
    what = StringProperty("")
    pickup = StringProperty("")
    state_words = StringProperty("")
    look = StringProperty("check")
    look_fill = StringProperty("green")
    store = StringProperty("")
    until = StringProperty("")
    spent = StringProperty("")
    left = StringProperty("")
    number = StringProperty("")
    code = StringProperty("")
    paper = StringProperty("")
    may_print = BooleanProperty(False)
    said = StringProperty("")
    said_icon = StringProperty("device-mobile")
    said_ink = StringProperty("ink2")
    may_undo = BooleanProperty(False)
    is_new = BooleanProperty(True)
    may_resume = BooleanProperty(False)
    why = StringProperty("")

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the page once; `now` says what year it is."""
        super().__init__(send, **kwargs)
        self._now = now

    def render(self, state: RedemptionShown, chrome: Chrome) -> None:
        """Show the redemption."""
        tr, own, redemption = self.tr, state.own, state.own.redemption
        self.is_end_primary, self.is_new = True, state.back is None
        self.title = tr("redemption.done") if self.is_new else say_state(tr, redemption.state)
        self.look, self.look_fill = _LOOKS[redemption.state]
        self.what = tr("redemption.what", title=own.title, count=own.qty) if own.title else tr("rewards.pieces", count=own.qty)
        self.pickup = redemption.pickup_code.replace("-", " ")
        self.state_words = "" if self.pickup else tr("redemption.masked") if own.is_masked else say_state(tr, redemption.state)
        self.store = tr("redemption.place", store=own.store_name or chrome.device.store_name)
        self.until = tr("redemption.until", date=say_near_day(tr, redemption.last_day, self._now().date())) if redemption.last_day else ""
        self.spent = tr("reward.points", count=f"{redemption.points:,}")
        self.left = tr("reward.points", count=f"{redemption.available:,}")
        self.may_undo = own.can_be_undone
        self.why = self._say_why(state)
        self._say_receipt(state)
        self.said, self.said_icon, self.said_ink = self._said(state)

    def wipe(self) -> None:
        """Forget code, receipt and its picture."""
        for name in _PERSONAL:
            setattr(self, name, "")
        self.ids.ticket.wipe()

    def _say_why(self, state: RedemptionShown) -> str:
        if not state.is_why:
            return ""
        if state.why is None:
            return str(self.tr("redemption.why.loading"))
        return "\n".join(say_explanation(self.tr, state.why) or [self.tr("benefits.why.unknown")])

    def _say_receipt(self, state: RedemptionShown) -> None:
        tr, receipt = self.tr, state.receipt
        self.code, self.number = (receipt.code, receipt.number) if receipt else ("", "")
        self.may_resume = self.is_new and receipt is not None
        is_over = state.slip == "printing" or (state.slip == "printed" and state.is_copy)
        may_have = state.own.is_here and not state.own.is_masked
        self.may_print = not is_over and may_have and (receipt is not None or state.is_receipt_missing)
        if receipt is None:
            self.paper = (
                tr("redemption.elsewhere")
                if not state.own.is_here and not state.own.is_masked
                else tr("redemption.fetch")
                if self.may_print
                else tr("redemption.print")
            )
            return
        words = {
            # In the list of what was redeemed, paper was printed before, or may have been.
            "none": "print" if self.is_new else "copy",
            "printing": "printing",
            "printed": "copied" if state.is_copy else "copy",
            "failed": "again",
            "unknown": "copy",
        }
        self.paper = tr(f"redemption.{words[state.slip]}")

    def _said(self, state: RedemptionShown) -> tuple[Phrase | str, str, str]:
        tr = self.tr
        match state:
            case RedemptionShown(card=CardStanding.WRITING):
                return tr("redemption.card.writing"), "identification-card", "warn"
            case RedemptionShown(slip="failed"):
                return tr("redemption.slip.failed"), "printer", "warn"
            case RedemptionShown(slip="unknown"):
                return tr("redemption.slip.unknown"), "printer", "warn"
            case RedemptionShown(receipt=None, own=own, is_receipt_missing=is_missing) if not own.is_masked:
                where = "elsewhere" if not own.is_here else "missing" if is_missing else "fetching"
                return tr(f"redemption.receipt.{where}"), "receipt", "ink2"
            case RedemptionShown(card=CardStanding.DONE | CardStanding.LATER as card):
                return tr(f"redemption.card.{card}"), "identification-card", "green" if card is CardStanding.DONE else "ink2"
            case _:
                return tr("redemption.masked.note" if state.own.is_masked else "redemption.phone"), "device-mobile", "ink2"


load_beside(__file__)
