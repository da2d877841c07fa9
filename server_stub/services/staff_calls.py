"""Calls for staff: a device calls, a person answers, the device asks whether somebody comes. Knows no sound and no screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from server_stub.domain.actors import StaffActor
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.requests import Call
from server_stub.storage.devices import (
    CallState,
    StaffCallRow,
    add_call,
    call_by_id,
    change_call,
    device_by_id,
    open_calls,
    waiting_call,
)

if TYPE_CHECKING:
    from server_stub.domain.actors import Actor
    from server_stub.domain.envelope import Envelope
    from server_stub.domain.language import Language
    from server_stub.services.foundation import Foundation
    from server_stub.services.requests import Answer
    from server_stub.storage.database import Tx

# Names of screens only, so that nothing a member typed can travel here.
_SCREEN = re.compile(r"[A-Za-z0-9_.-]{0,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StaffCallOrder:
    """A call: the screen's name and the language that the caller reads."""

    screen: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as it stands."""

    call_id: str
    device_id: str
    screen: str
    language: str
    state: CallState
    called_at: str
    answered_by: str


class StaffCalls:
    """The calls.

    Thread:
        any; blocks.
    """

    def __init__(self, foundation: Foundation) -> None:
        self._foundation = foundation

    def call(self, actor: Actor, envelope: Envelope, order: StaffCallOrder) -> CallView:
        """Calls staff to the device; a call that nobody has answered yet is not made twice, but tells of the page and language of now.

        Raises:
            Refusal: REQUEST_MALFORMED: the screen is no name of a screen, or no language.
        """
        device = require_device(actor, Operation.CALL_STAFF)
        language = order.language
        if language is None or not _SCREEN.fullmatch(order.screen):
            raise refuse(Reason.REQUEST_MALFORMED)

        def work(tx: Tx) -> Answer:
            waiting = waiting_call(tx, device.device_id)
            if waiting and change_call(tx, waiting, {"screen": order.screen, "language": language.value}):
                self._foundation.audit.record(tx, Deed(device, "staff.called_again", "staff_call", waiting.call_id, envelope.request_id))
                return {"call_id": waiting.call_id}
            call_id = self._foundation.ids.new("cal")
            row = StaffCallRow(call_id, device.device_id, order.screen, language.value, CallState.WAITING, tx.now, None, None, None)
            add_call(tx, row)
            self._foundation.audit.record(tx, Deed(device, "staff.called", "staff_call", call_id, envelope.request_id))
            return {"call_id": call_id}

        body = {"screen": order.screen, "language": language.value}
        answer = self._foundation.requests.once(Call(device, envelope, Operation.CALL_STAFF, body), work)
        return self.find(device, str(answer["call_id"]))

    def find(self, actor: Actor, call_id: str) -> CallView:
        """Returns a call of this device.

        Raises:
            Refusal: REQUEST_MALFORMED: no such call of this device.
        """
        device = require_device(actor, Operation.CALL_STAFF)
        row = self._foundation.database.read(lambda tx: call_by_id(tx, call_id))
        if row is None or row.device_id != device.device_id:
            raise refuse(Reason.REQUEST_MALFORMED)
        return _view(row)

    def open_calls(self, actor: Actor) -> tuple[CallView, ...]:
        """Returns the calls that are not closed, oldest first: those of the person's store, or of all stores where they belong to none.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.ANSWER_STAFF_CALL)
        return tuple(_view(row) for row in self._foundation.database.read(lambda tx: open_calls(tx, _store_of(actor))))

    def answer(self, actor: Actor, call_id: str) -> CallView:
        """Says that the person is on the way.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED: no such call in the store; STALE_VERSION: answered by somebody else.
        """
        return self._move(actor, call_id, CallState.WAITING, CallState.ANSWERED)

    def close(self, actor: Actor, call_id: str) -> CallView:
        """Says that the matter is done.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED: no such call in the store; STALE_VERSION: not answered, or closed already.
        """
        return self._move(actor, call_id, CallState.ANSWERED, CallState.CLOSED)

    def _move(self, actor: Actor, call_id: str, before: CallState, after: CallState) -> CallView:
        require(actor, Operation.ANSWER_STAFF_CALL)

        def transaction(tx: Tx) -> CallView:
            row = call_by_id(tx, call_id)
            if row is None or not _is_in_scope(tx, actor, row):
                raise refuse(Reason.REQUEST_MALFORMED, Finding("call_id", Reason.REQUEST_MALFORMED))
            values: dict[str, Any] = {"state": after}
            values |= {"answered_by": actor.label, "answered_at": tx.now} if after is CallState.ANSWERED else {"closed_at": tx.now}
            if row.state is not before or not change_call(tx, row, values):
                raise refuse(Reason.STALE_VERSION)
            self._foundation.audit.record(tx, Deed(actor, f"staff_call.{after.value.lower()}", "staff_call", call_id))
            changed = call_by_id(tx, call_id)
            if changed is None:
                raise refuse(Reason.STALE_VERSION)
            return _view(changed)

        return self._foundation.database.write(transaction)


def _store_of(actor: Actor) -> str:
    return actor.store_id if isinstance(actor, StaffActor) else ""


def _is_in_scope(tx: Tx, actor: Actor, row: StaffCallRow) -> bool:
    device = device_by_id(tx, row.device_id)
    return not _store_of(actor) or (device is not None and device.store_id == _store_of(actor))


def _view(row: StaffCallRow) -> CallView:
    return CallView(
        row.call_id,
        row.device_id,
        row.screen,
        row.language,
        row.state,
        row.called_at.isoformat(timespec="seconds"),
        row.answered_by or "",
    )
