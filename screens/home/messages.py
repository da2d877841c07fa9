"""The message of a fault of our own: what happened, that nothing was kept, who helps."""

from __future__ import annotations

from kiosk.flows.home.state import Faulted
from kiosk.flows.step import Continued
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

HOME = Choice("message.home", "button.home", Continued())


def _faulted(state: Faulted, tr: Texts) -> Message:
    title, body = reason_title(tr, state.reason), reason_help(tr, state.reason)
    return Message(title, body, "warning-circle", "warn", note=tr("fault.note"), note_icon="info", primary=HOME)


MESSAGES: Table = {Faulted: _faulted}
