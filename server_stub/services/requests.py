"""Carries out each request once: same id and body give the first answer, another body is refused. Knows no use case.

Source: decisions.md, Requests. A refused request stores nothing, because the refusal rolls its transaction back.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.key_protocols import TokenKey
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.uuid7 import is_uuid7
from server_stub.storage.database import Database, Tx
from server_stub.storage.devices import note_device_seq
from server_stub.storage.requests import LoggedRequest, RequestState, add_request, find_request
from server_stub.storage.types import canonical_json

# References to what was made, from which an answer is given again; JSON, no personal data, no secrets.
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A mutation as it arrived.

    Attributes:
        body: The command: a frozen dataclass or a JSON value; only a keyed digest of it is kept.
    """

    actor: Actor
    envelope: Envelope
    operation: Operation
    body: Any


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """An answer, and whether it is the first answer to a request that came again."""

    answer: Answer
    is_replay: bool


class RequestLog:
    """Runs mutations exactly once."""

    def __init__(self, database: Database, key: TokenKey) -> None:
        self._database = database
        self._key = key

    def once(self, call: Call, work: Callable[[Tx], Answer]) -> Answer:
        """Returns the work's answer, or the first answer where the request was accepted before.

        Raises:
            Refusal: REQUEST_MALFORMED, REQUEST_ID_REUSED, REQUEST_CANCELLED, or the work's own.
        """
        return self.carry_out(call, work).answer

    def carry_out(self, call: Call, work: Callable[[Tx], Answer]) -> CarriedOut:
        """Does as ``once`` does and says whether the request came again.

        Work, answer, audit and outbox rows are one transaction.

        Raises:
            Refusal: REQUEST_MALFORMED, REQUEST_ID_REUSED, REQUEST_CANCELLED, or the work's own.
        """
        call.envelope.validate()
        body_mac = self.body_mac(call.body)

        def transaction(tx: Tx) -> CarriedOut:
            known = find_request(tx, call.envelope.request_id)
            if known is not None:
                return CarriedOut(_first_answer(known, call, body_mac), is_replay=True)
            answer = work(tx)
            add_request(tx, self._sealed(_accepted(call, body_mac, answer, tx)))
            if isinstance(call.actor, DeviceActor):
                note_device_seq(tx, call.actor.device_id, call.envelope.device_seq)
            return CarriedOut(answer, is_replay=False)

        return self._database.write(transaction)

    def cancel(self, actor: Actor, request_id: str) -> bool:
        """Returns whether the request had been applied; if not, it never will be.

        Raises:
            Refusal: REQUEST_MALFORMED; REQUEST_ID_REUSED where another caller's request has this id.
        """
        if not is_uuid7(request_id):
            raise refuse(Reason.REQUEST_MALFORMED)

        def transaction(tx: Tx) -> bool:
            known = find_request(tx, request_id)
            if known is None:
                tombstone = LoggedRequest(request_id, RequestState.CANCELLED, Operation.CANCEL_REQUEST, actor.label, None, None, tx.now)
                add_request(tx, self._sealed(tombstone))
                return False
            if known.actor != actor.label:
                raise refuse(Reason.REQUEST_ID_REUSED)
            return known.state is RequestState.APPLIED

        return self._database.write(transaction)

    def body_mac(self, body: Any) -> bytes:
        """Returns the keyed digest of a command, 32 bytes: all that is kept of it."""
        return self._key.mac("request.body", canonical_json({"body": _plain(body)}).encode())

    def row_mac(self, request: LoggedRequest) -> bytes:
        """Returns the keyed digest of a row of the log; see ``row_mac``."""
        return row_mac(self._key, request)

    def _sealed(self, request: LoggedRequest) -> LoggedRequest:
        return replace(request, row_mac=self.row_mac(request))


def row_mac(key: TokenKey, request: LoggedRequest) -> bytes:
    """Returns the keyed digest of a row of the log, 32 bytes: one HMAC more for each request, and no row of the trail."""
    row = {
        "request_id": request.request_id,
        "state": request.state.value,
        "operation": str(request.operation),
        "actor": request.actor,
        "body_mac": _plain(request.body_mac),
        "answer": request.answer,
        "at": request.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return key.mac("request.row", canonical_json(row).encode())


def _first_answer(known: LoggedRequest, call: Call, body_mac: bytes) -> Answer:
    if known.state is RequestState.CANCELLED:
        raise refuse(Reason.REQUEST_CANCELLED)
    same = known.operation == call.operation and known.actor == call.actor.label
    if not same or known.body_mac is None or not hmac.compare_digest(known.body_mac, body_mac):
        raise refuse(Reason.REQUEST_ID_REUSED)
    return known.answer or {}


def _accepted(call: Call, body_mac: bytes, answer: Answer, tx: Tx) -> LoggedRequest:
    return LoggedRequest(
        request_id=call.envelope.request_id,
        state=RequestState.APPLIED,
        operation=call.operation,
        actor=call.actor.label,
        body_mac=body_mac,
        answer=answer,
        at=tx.now,
    )


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclass_fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value
