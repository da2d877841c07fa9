"""What a report of a loss does, before it is made and after: a headline, four facts, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.flows.lost.state import CardLost, ExplainingLoss, NewCardChosen, WithdrawLossChosen
from kiosk.flows.register.state import PrintChosen
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.own_card import OwnCard
from kiosk.texts import Phrase, Texts
from kiosk.texts.days import say_day
from kiosk.texts.money import Yuan
from screens.frame.info_row import InfoRow
from screens.frame.page import Send
from screens.frame.slip import ProofPage
from screens.frame.touch import Choice
from screens.widgets.kv import load_beside

MOST = 4

CONFIRM = Choice("lost.confirm", "lost.confirm", Continued(), "prohibit")
CANCEL = Choice("lost.back", "button.return", Back())
NEW_NOW = Choice("lost.new_now", "lost.new_now", NewCardChosen(), "credit-card")
LATER = Choice("lost.later", "lost.later", Continued())
HOME = Choice("lost.home", "perks.to_member", Continued())
UNDO = Choice("lost.undo", "lost.undo", WithdrawLossChosen(), "arrow-counter-clockwise")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row."""

    icon: str
    hue: str
    title: Phrase
    note: Phrase


class LossPage(ProofPage):
    """The page.

    Attributes:
        title: Headline.
        body: One line under it.
        icon: In the picture.
        hue: Its colour.
        primary: The next step.
        secondary: The way out.
        undo: Take the report back; None where that is over.
        is_lost: The report was made.
    """

    touches = {"print": PrintChosen}

    title = StringProperty("")
    body = StringProperty("")
    icon = StringProperty("cardholder")
    hue = StringProperty("red")
    primary = ObjectProperty(None, allownone=True)
    secondary = ObjectProperty(None, allownone=True)
    undo = ObjectProperty(None, allownone=True)
    is_lost = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._rows = [InfoRow(box=[48, 756 + 148 * place, 984, 132], box_large=[48, 484 + 184 * place, 984, 168]) for place in range(MOST)]
        for row in self._rows:
            self.add_widget(row)

    def render(self, state: ExplainingLoss | CardLost, chrome: Chrome) -> None:
        """Show what will happen, or what has."""
        tr, card = self.tr, state.card
        self.is_lost = isinstance(state, CardLost)
        if isinstance(state, CardLost):
            may_write = chrome.card_ok and not card.fee_fen
            self.title, self.body = tr("lost.lost.title"), tr("lost.lost.body", date=say_day(tr, card.lost_on))
            self.icon, self.hue = "shield-check", "green"
            self.primary, self.secondary = (NEW_NOW, LATER) if may_write else (HOME, None)
            self.undo = UNDO if card.may_withdraw else None
            self._show(_done(tr, card, can_write=chrome.card_ok))
            self.tell_proof(state, state.receipt, chrome)
        else:
            self.title, self.body = tr("lost.explain.title"), tr("lost.explain.body")
            self.icon, self.hue = "cardholder", "red"
            self.primary, self.secondary, self.undo = CONFIRM, CANCEL, None
            self._show(_to_come(tr, card))
            self.has_slip, self.proof = False, ""

    def wipe(self) -> None:
        """Forget the day of the report and its receipt."""
        self.body = ""
        self.wipe_proof()

    def _show(self, facts: tuple[Fact, ...]) -> None:
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(facts)
            if row.is_shown:
                fact = facts[place]
                row.icon, row.hue, row.title, row.note = fact.icon, fact.hue, fact.title, fact.note


def _to_come(tr: Texts, card: OwnCard) -> tuple[Fact, ...]:
    return (
        Fact("prohibit", "red", tr("lost.fact.blocked"), tr("lost.fact.blocked.note")),
        _kept(tr),
        _new(tr, card),
        Fact("arrow-counter-clockwise", "green", tr("lost.fact.undo"), tr("lost.fact.undo.note")),
    )


def _done(tr: Texts, card: OwnCard, *, can_write: bool) -> tuple[Fact, ...]:
    no_reader = Fact("credit-card", "gold", tr("lost.lost.no_reader"), tr("lost.lost.no_reader.note"))
    told = Fact("envelope-simple", "violet", tr("lost.fact.told"), tr("lost.fact.told.note"))
    new = _new(tr, card) if can_write or card.fee_fen else no_reader
    # A report of an earlier visit was told then.
    return (_kept(tr), new, *((told,) if card.may_withdraw else ()))


def _kept(tr: Texts) -> Fact:
    return Fact("coins", "gold", tr("lost.fact.kept"), tr("lost.fact.kept.note"))


def _new(tr: Texts, card: OwnCard) -> Fact:
    note = tr("lost.fact.new.fee", amount=Yuan(card.fee_fen)) if card.fee_fen else tr("lost.fact.new.free")
    return Fact("credit-card", "blue", tr("lost.fact.new"), note)


load_beside(__file__)
