"""Messages of signing in: lay the card down, it is read, who is it, and what went wrong."""

from __future__ import annotations

from kiosk.flows.lost.state import FoundChosen
from kiosk.flows.sign_in.flow import CARD_LOST
from kiosk.flows.sign_in.state import Identifying, NotIdentified, PhoneChosen, ReadingCard, ScanChosen, WaitingForCard
from kiosk.flows.step import Back, RetryChosen
from kiosk.texts import Texts
from kiosk.texts.days import say_day
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

PHONE = Choice("sign_in.phone", "sign_in.phone", PhoneChosen(), "device-mobile")
SCAN = Choice("sign_in.scan", "sign_in.scan", ScanChosen(), "qr-code")
BY_PHONE = Choice("sign_in.by_phone", "sign_in.by_phone", PhoneChosen(), "device-mobile")
FOUND = Choice("sign_in.found", "sign_in.lost.found", FoundChosen(), "hand-heart")
RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
BACK = Choice("message.back", "button.return", Back())


def _waiting(_state: WaitingForCard, tr: Texts) -> Message:
    return Message(tr("sign_in.title"), tr("sign_in.body"), pose="lay", primary=PHONE, secondary=BACK, by_camera=SCAN)


def _reading(_state: ReadingCard, tr: Texts) -> Message:
    return Message(tr("sign_in.reading"), tr("sign_in.reading.body"), pose="on")


def _identifying(_state: Identifying, tr: Texts) -> Message:
    return Message(tr("sign_in.identifying"), tr("sign_in.identifying.body"), "magnifying-glass", "blue")


def _not_identified(state: NotIdentified, tr: Texts) -> Message:
    title, body = reason_title(tr, state.reason), reason_help(tr, state.reason)
    if state.reason == CARD_LOST and state.on_day:
        # The card stays where it is: who found it hands it in from here.
        body = tr("sign_in.lost.body", date=say_day(tr, state.on_day))
        return Message(title, body, pose="wrong", primary=FOUND, secondary=BY_PHONE)
    if state.by_card:
        note = tr("sign_in.take_card")
        return Message(title, body, pose="wrong", note=note, note_icon="info", primary=BY_PHONE, secondary=BACK)
    return Message(title, body, "warning-circle", "warn", primary=RETRY, secondary=BACK)


MESSAGES: Table = {WaitingForCard: _waiting, ReadingCard: _reading, Identifying: _identifying, NotIdentified: _not_identified}
