"""Messages of the member's own pages."""

from __future__ import annotations

from kiosk.flows.member.state import LoadingMember, MemberUnavailable
from kiosk.flows.step import Continued, RetryChosen
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
HOME = Choice("message.home", "button.home", Continued())


def _loading(_state: LoadingMember, tr: Texts) -> Message:
    return Message(tr("member.loading"), tr("member.loading.body"), "identification-card", "blue")


def _unavailable(state: MemberUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    return Message(tr("member.unavailable"), reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "info", RETRY, HOME)


MESSAGES: Table = {LoadingMember: _loading, MemberUnavailable: _unavailable}
