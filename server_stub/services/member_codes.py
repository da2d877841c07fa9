"""Codes that members show instead of a card: made for a minute, taken once. Knows no text form and no picture.

What was refused is counted for its device, never kept: more than five in a minute, and the device reads none for half a minute, so
that nobody tries codes in bulk. A code that comes a second time was photographed or passed on, which head office hears of.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.member_code import LIFETIME, REFRESH_AFTER, SKEW, MemberCode, MemberCodeForm, fault_in_time
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.members import Identified, MemberService
from server_stub.services.visits import Visits, require_active
from server_stub.storage.card_reports import is_lost_since
from server_stub.storage.database import Tx
from server_stub.storage.member_codes import (
    AliasRow,
    RefusedCodeRow,
    UsedCodeRow,
    add_alias,
    add_refused,
    add_used,
    alias_of,
    find_used,
    member_by_alias,
    refused_since,
)
from server_stub.storage.members import IdentifiedBy, MemberRow, member_by_number

_ALIAS_BYTES, _NONCE_BYTES = 8, 4
_MOST_REFUSED = 5
_WINDOW, _LOCK = timedelta(seconds=60), timedelta(seconds=30)
# A visit by a code would go on for ever by its own codes, and paper would become a code that may spend.
_MAKES_NONE = frozenset({IdentifiedBy.CODE, IdentifiedBy.RECEIPT})
# What a device may refuse by itself; everything else only the centre can know.
_REFUSED_BY_DEVICES = frozenset({Reason.MEMBER_CODE_FORM, Reason.MEMBER_CODE_SIGNATURE})


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code for the member to show."""

    text: str = field(repr=False)
    expires_at: datetime
    refresh_after: timedelta


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """The public keys, or none where the device has them."""

    version: str
    keys: dict[int, bytes]


class MemberCodes:
    """Makes and takes codes."""

    def __init__(
        self, base: Foundation, visits: Visits, members: MemberService, form: MemberCodeForm, random: Callable[[int], bytes] | None = None
    ) -> None:
        """Keeps the collaborators; ``random`` gives so many unforeseeable bytes."""
        self._base = base
        self._visits = visits
        self._members = members
        self._form = form
        self._random = random or secrets.token_bytes

    def show(self, actor: Actor, visit_token: str) -> ShownCode:
        """Returns a new code of the member who is before the device.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE; HOLDER_PROOF, the visit began with a code or a receipt.
        """
        device = require_device(actor, Operation.SHOW_OWN_CODE)

        def transaction(tx: Tx) -> ShownCode:
            running = self._visits.running(tx, visit_token, device)
            if running.visit.identified_by in _MAKES_NONE:
                raise refuse(Reason.HOLDER_PROOF)
            return self._make(tx, running.member)

        return self._base.database.write(transaction)

    def make_for(self, actor: Actor, number: str) -> ShownCode:
        """Returns a new code of the member with a number, as the member's own app would ask for it.

        Raises:
            Refusal: NOT_PERMITTED, MEMBER_UNKNOWN, MEMBER_INACTIVE.
        """
        require(actor, Operation.MAKE_MEMBER_CODE)

        def transaction(tx: Tx) -> ShownCode:
            member = member_by_number(tx, number)
            if member is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            require_active(member)
            return self._make(tx, member)

        return self._base.database.write(transaction)

    def identify(self, actor: Actor, text: str) -> Identified:
        """Begins a visit with a code that was shown.

        Raises:
            Refusal: MEMBER_CODE_FORM, MEMBER_CODE_KEY, MEMBER_CODE_SIGNATURE, MEMBER_CODE_FUTURE, MEMBER_CODE_EXPIRED, MEMBER_CODE_USED,
                MEMBER_CODE_LOCKED (with the seconds to wait), MEMBER_UNKNOWN, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.IDENTIFY_MEMBER)
        code = self._form.read(text)
        # A refusal is counted although the visit does not begin, so the verdict leaves the transaction as a value.
        found = self._base.database.write(lambda tx: self._take(tx, device, code))
        if isinstance(found, Refusal):
            raise found
        return found

    def report_refused(self, actor: Actor, reason: Reason | None) -> timedelta:
        """Counts a code that the device refused by itself and returns how long it reads none now.

        Raises:
            Refusal: REQUEST_MALFORMED for a reason that only the centre can know.
        """
        device = require_device(actor, Operation.IDENTIFY_MEMBER)
        if reason not in _REFUSED_BY_DEVICES:
            raise refuse(Reason.REQUEST_MALFORMED)

        def transaction(tx: Tx) -> timedelta:
            locked = self._locked_until(tx, device)
            if locked is None:
                locked = self._count(tx, device, reason)
            return locked - tx.now if locked else timedelta(0)

        return self._base.database.write(transaction)

    def keys(self, actor: Actor, known_version: str) -> CodeKeys:
        """Returns the public keys with which a device looks at signatures by itself."""
        require_device(actor, Operation.IDENTIFY_MEMBER)
        keys = self._form.public_keys()
        version = hashlib.sha256(repr(sorted(keys.items())).encode()).hexdigest()[:16]
        return CodeKeys(version, {} if version == known_version else keys)

    def _make(self, tx: Tx, member: MemberRow) -> ShownCode:
        row = alias_of(tx, member.member_id)
        if row is None:
            row = AliasRow(self._random(_ALIAS_BYTES), member.member_id, tx.now)
            add_alias(tx, row)
        issued_at = tx.now.replace(microsecond=0)
        code = MemberCode(row.member_alias, issued_at, issued_at + LIFETIME, self._random(_NONCE_BYTES))
        return ShownCode(self._form.write(code), code.expires_at, REFRESH_AFTER)

    def _take(self, tx: Tx, device: DeviceActor, code: MemberCode | Reason) -> Identified | Refusal:
        locked = self._locked_until(tx, device)
        if locked is not None:
            return _locked(locked - tx.now)
        fault = code if isinstance(code, Reason) else fault_in_time(code, tx.now)
        if fault is not None or isinstance(code, Reason):
            return self._refused(tx, device, fault or Reason.MEMBER_CODE_FORM)
        member = member_by_alias(tx, code.alias)
        used = find_used(tx, code.alias, code.nonce, code.issued_at)
        if used is not None:
            key = member.member_id if member else ""
            detail: dict[str, str | int | bool] = {
                "first_at": used.device_id,
                "seconds_after": int((tx.now - used.used_at).total_seconds()),
            }
            self._base.audit.record(tx, Deed(device, "alert.member_code_replayed", "member" if member else "", key, detail=detail))
            return self._refused(tx, device, Reason.MEMBER_CODE_USED)
        # A lost card's visit may have made it: what was made before the report ends with that visit.
        if member is None or is_lost_since(tx, member.member_id, code.issued_at - SKEW):
            return self._refused(tx, device, Reason.MEMBER_CODE_EXPIRED if member else Reason.MEMBER_UNKNOWN)
        try:
            require_active(member)
        except Refusal as refusal:
            return refusal
        add_used(tx, UsedCodeRow(code.alias, code.nonce, code.issued_at, device.device_id, tx.now))
        return self._members.begin_visit(tx, member, device, IdentifiedBy.CODE)

    def _refused(self, tx: Tx, device: DeviceActor, reason: Reason) -> Refusal:
        locked = self._count(tx, device, reason)
        return _locked(locked - tx.now) if locked else refuse(reason)

    def _count(self, tx: Tx, device: DeviceActor, reason: Reason) -> datetime | None:
        """Counts a refusal and returns until when the device is locked by it, or None."""
        counted = 1
        for row in refused_since(tx, device.device_id, tx.now - _WINDOW):
            if row.locks_until is not None:
                # The lock paid for what came before it.
                break
            counted += 1
        locks_until = tx.now + _LOCK if counted > _MOST_REFUSED else None
        add_refused(tx, RefusedCodeRow(self._base.ids.new("ref"), device.device_id, reason, tx.now, locks_until))
        if locks_until is not None:
            self._base.audit.record(tx, Deed(device, "alert.member_code_lock", detail={"refused": counted, "last": reason}))
        return locks_until

    def _locked_until(self, tx: Tx, device: DeviceActor) -> datetime | None:
        rows = refused_since(tx, device.device_id, tx.now - _LOCK)
        return next((row.locks_until for row in rows if row.locks_until is not None and row.locks_until > tx.now), None)


def _locked(remaining: timedelta) -> Refusal:
    return refuse(Reason.MEMBER_CODE_LOCKED, retry_after_s=max(1, -int(-remaining.total_seconds() // 1)))
