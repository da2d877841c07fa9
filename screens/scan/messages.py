"""Messages of showing a code: it was found, reading pauses, no camera."""

from __future__ import annotations

from kiosk.flows.scan.state import CheckingCode, ScanPaused, ScanUnavailable
from kiosk.texts import Texts
from screens.frame.message import Message, Table, reason_help, reason_title
from screens.sign_in.messages import BACK, BY_PHONE, RETRY


def _checking(_state: CheckingCode, tr: Texts) -> Message:
    return Message(tr("scan.found"), tr("scan.found.body"), "check-circle", "green")


def _paused(_state: ScanPaused, tr: Texts) -> Message:
    return Message(
        tr("reason.MEMBER_CODE_LOCKED"), tr("reason.MEMBER_CODE_LOCKED.help"), "hourglass-medium", "warn", primary=BY_PHONE, secondary=BACK
    )


def _unavailable(state: ScanUnavailable, tr: Texts) -> Message:
    return Message(reason_title(tr, state.reason), reason_help(tr, state.reason), "warning-circle", "warn", primary=RETRY, secondary=BACK)


MESSAGES: Table = {CheckingCode: _checking, ScanPaused: _paused, ScanUnavailable: _unavailable}
