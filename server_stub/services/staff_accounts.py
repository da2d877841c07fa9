"""Accounts of staff: opening, listing, resetting, and the proof of who sits at the command line.

Responsible for the rule that a name is not an identity: only a passphrase and a time-based code make an actor. Must not know prompts,
terminals or what the actor will do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from server_stub.domain.actors import Actor, Role, StaffActor, SystemActor
from server_stub.domain.mobile import parse_mobile
from server_stub.domain.permissions import Operation, is_allowed, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.staff_credentials import hashed, is_passphrase, new_totp_secret, provisioning_uri, used_step
from server_stub.storage.devices import store_by_id
from server_stub.storage.staff import StaffRow, StaffState, add_staff, all_staff, change_staff, staff_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server_stub.domain.key_protocols import WrappingKey
    from server_stub.services.foundation import Foundation
    from server_stub.storage.database import Tx

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
STAFF_ROLES = frozenset(Role) - {Role.KIOSK, Role.TILL, Role.SYSTEM}
BOOTSTRAP = SystemActor("first-account")
# Wherever somebody's own number may be from; which ones members may have is another question.
_MOBILE_REGIONS = frozenset({"CN", "HK", "MO", "TW"})
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,31}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person typed. Never logged."""

    name: str
    passphrase: str = field(repr=False)
    totp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened.

    Attributes:
        mobile: The person's own number as typed, or empty; nobody decides on an own application, so who decides must have one,
            except on a development account.
        store_id: Store where the person works, or empty.
        is_development: An account of the development profile, announced wherever it is used.
    """

    name: str
    display_name: str
    roles: frozenset[Role]
    passphrase: str = field(repr=False)
    mobile: str = field(repr=False, default="")
    is_development: bool = False
    store_id: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """The second factor of an account; shown once, when it is made."""

    totp_secret: str = field(repr=False)
    provisioning_uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a list shows it."""

    name: str
    display_name: str
    roles: tuple[str, ...]
    state: str
    is_locked: bool
    is_development: bool
    store_id: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who proved to be who.

    Attributes:
        is_development: To be announced on every line and screen.
    """

    actor: StaffActor
    display_name: str
    is_development: bool


class StaffAccounts:
    """The register of accounts."""

    def __init__(self, foundation: Foundation, wrapping_key: WrappingKey, *, is_development: bool) -> None:
        self._foundation = foundation
        self._wrapping_key = wrapping_key
        self._is_development = is_development

    def is_empty(self) -> bool:
        """Returns whether there is no account yet; the first one may then be opened by whoever owns the machine."""
        return not self._foundation.database.read(all_staff)

    def open(self, actor: Actor, account: NewAccount) -> Secret:
        """Opens an account and returns its second factor.

        Args:
            actor: An administrator; or BOOTSTRAP while there is no account, for the first administrator.
            account: The account.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED with a finding for name, roles, mobile or passphrase; STALE_VERSION where the name is
                taken.
        """
        _check_form(account)
        own_mobile = _own_mobile(account)
        if account.is_development and not self._is_development:
            raise refuse(Reason.NOT_PERMITTED)
        encoded, secret = hashed(account.passphrase, account.name), new_totp_secret()

        def transaction(tx: Tx) -> None:
            self._require_manager(tx, actor, account)
            if staff_by_name(tx, account.name):
                raise refuse(Reason.STALE_VERSION, Finding("name", Reason.STALE_VERSION))
            add_staff(tx, self._row(tx, replace(account, mobile=own_mobile), encoded, secret))
            self._record(tx, actor, "staff.opened", account.name, {"roles": ",".join(sorted(account.roles))})

        self._foundation.database.write(transaction)
        return Secret(secret, provisioning_uri(secret, account.name))

    def list(self, actor: Actor) -> tuple[Account, ...]:
        """Returns all accounts by name.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.MANAGE_STAFF)
        return self._foundation.database.read(lambda tx: tuple(_shown(row, tx) for row in all_staff(tx)))

    def reset(self, actor: Actor, name: str, passphrase: str) -> Secret:
        """Gives an account a new passphrase and second factor and unlocks it; nobody resets the own account.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED where the name is unknown or the passphrase too weak.
        """
        _require_another(actor, name)
        encoded, secret = hashed(passphrase, name), new_totp_secret()
        values = {
            "passphrase_argon2": encoded,
            "totp_secret": self._wrapping_key.wrap(secret.encode(), _owner(name)),
            "totp_last_step": 0,
            "failures": 0,
            "locked_until": None,
        }

        def transaction(tx: Tx) -> None:
            _require_open(tx, name)
            change_staff(tx, name, values)
            self._record(tx, actor, "staff.reset", name, {})

        self._foundation.database.write(transaction)
        return Secret(secret, provisioning_uri(secret, name))

    def assign(self, actor: Actor, name: str, store_id: str) -> None:
        """Says at which store a person works; empty: at none in particular.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED where the account or the store is unknown or the account closed.
        """
        require(actor, Operation.MANAGE_STAFF)

        def transaction(tx: Tx) -> None:
            if store_id and store_by_id(tx, store_id) is None:
                raise refuse(Reason.REQUEST_MALFORMED, Finding("store", Reason.FIELD_CHARACTERS))
            _require_open(tx, name)
            change_staff(tx, name, {"store_id": store_id or None})
            self._record(tx, actor, "staff.assigned", name, {"store": store_id})

        self._foundation.database.write(transaction)

    def note_mobile(self, actor: Actor, name: str, mobile: str) -> None:
        """Keeps another person's own number, as typed: whoever decides without one could decide on an own application.

        Raises:
            Refusal: NOT_PERMITTED, for the own account too; REQUEST_MALFORMED where the account is unknown or the number is none.
        """
        _require_another(actor, name)
        token = self._foundation.tokens.mobile(_e164(mobile))

        def transaction(tx: Tx) -> None:
            _require_open(tx, name)
            change_staff(tx, name, {"own_mobile_token": token})
            self._record(tx, actor, "staff.mobile_noted", name, {})

        self._foundation.database.write(transaction)

    def close(self, actor: Actor, name: str) -> None:
        """Closes the account of somebody who left: nobody signs in by it again, and its name stays taken for the records.

        Raises:
            Refusal: NOT_PERMITTED, for the own account too; REQUEST_MALFORMED where the account is unknown or closed.
        """
        _require_another(actor, name)
        gone = {"state": StaffState.CLOSED, "passphrase_argon2": None, "totp_secret": None, "own_mobile_token": None}

        def transaction(tx: Tx) -> None:
            _require_open(tx, name)
            change_staff(tx, name, gone)
            self._record(tx, actor, "staff.closed", name, {})

        self._foundation.database.write(transaction)

    def sign_in(self, proof: Proof) -> SignedIn:
        """Returns the person who proved passphrase and code; a code works once.

        Raises:
            Refusal: NOT_PERMITTED, never saying which part was wrong; with the seconds to wait where the account is locked.
        """
        row = self._foundation.database.read(lambda tx: staff_by_name(tx, proof.name))
        # Outside any transaction: the hash takes long on purpose, and no lock may be held meanwhile.
        passphrase_fits = is_passphrase(row.passphrase_argon2 if row else None, proof.passphrase)
        signed_in, wait_s = self._foundation.database.write(lambda tx: self._settle(tx, proof, passphrase_fits=passphrase_fits))
        if signed_in is None:
            raise refuse(Reason.NOT_PERMITTED, retry_after_s=wait_s)
        return signed_in

    def _settle(self, tx: Tx, proof: Proof, *, passphrase_fits: bool) -> tuple[SignedIn | None, int]:
        """Counts the try; returned, not raised, because a refusal would roll the count back."""
        row = staff_by_name(tx, proof.name)
        if row is None or row.state is not StaffState.ACTIVE or row.totp_secret is None:
            return None, 0
        if row.is_development and not self._is_development:
            return None, 0
        if row.locked_until is not None and row.locked_until > tx.now:
            return None, int((row.locked_until - tx.now).total_seconds()) + 1
        secret = self._wrapping_key.unwrap(row.totp_secret, _owner(row.name)).decode()
        step = used_step(secret, proof.totp, tx.now, row.totp_last_step) if passphrase_fits else None
        if step is None:
            return None, self._count_failure(tx, row)
        change_staff(tx, row.name, {"totp_last_step": step, "failures": 0, "locked_until": None})
        actor = StaffActor(row.name, frozenset(Role(role) for role in row.roles), row.own_mobile_token or b"", row.store_id or "")
        self._record(tx, actor, "staff.signed_in", row.name, {})
        return SignedIn(actor, row.display_name, row.is_development), 0

    def _count_failure(self, tx: Tx, row: StaffRow) -> int:
        failures = row.failures + 1
        is_locked = failures >= MOST_FAILURES
        locked_until = tx.now + LOCKED_FOR if is_locked else None
        change_staff(tx, row.name, {"failures": 0 if is_locked else failures, "locked_until": locked_until})
        self._record(tx, SystemActor("sign-in"), "staff.locked" if is_locked else "staff.refused", row.name, {})
        return int(LOCKED_FOR.total_seconds()) if is_locked else 0

    def _require_manager(self, tx: Tx, actor: Actor, account: NewAccount) -> None:
        if actor == BOOTSTRAP and not all_staff(tx) and Role.ADMINISTRATOR in account.roles:
            return
        require(actor, Operation.MANAGE_STAFF)

    def _row(self, tx: Tx, account: NewAccount, encoded: str, secret: str) -> StaffRow:
        return StaffRow(
            name=account.name,
            display_name=account.display_name,
            passphrase_argon2=encoded,
            totp_secret=self._wrapping_key.wrap(secret.encode(), _owner(account.name)),
            totp_last_step=0,
            failures=0,
            locked_until=None,
            roles=sorted(account.roles),
            own_mobile_token=self._foundation.tokens.mobile(account.mobile) if account.mobile else None,
            state=StaffState.ACTIVE,
            is_development=account.is_development,
            created_at=tx.now,
            store_id=account.store_id or None,
        )

    def _record(self, tx: Tx, actor: Actor, action: str, name: str, detail: dict[str, Any]) -> None:
        # No digest of the row: it changes with every try, and its secrets are no part of the trail.
        self._foundation.audit.record(tx, Deed(actor, action, detail={"account": name, **detail}))


def roles_from(names: Iterable[str]) -> frozenset[Role]:
    """Returns the roles of the given names.

    Raises:
        Refusal: REQUEST_MALFORMED where a name is no role of staff.
    """
    try:
        roles = frozenset(Role(name.upper()) for name in names)
    except ValueError as error:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("roles", Reason.FIELD_CHARACTERS)) from error
    if not roles or roles - STAFF_ROLES:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("roles", Reason.FIELD_REQUIRED))
    return roles


def _require_another(actor: Actor, name: str) -> None:
    require(actor, Operation.MANAGE_STAFF)
    if isinstance(actor, StaffActor) and actor.name == name:
        raise refuse(Reason.NOT_PERMITTED)


def _require_open(tx: Tx, name: str) -> None:
    found = staff_by_name(tx, name)
    if found is None or found.state is not StaffState.ACTIVE:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("name", Reason.FIELD_REQUIRED))


def _check_form(account: NewAccount) -> None:
    if not _NAME.fullmatch(account.name):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("name", Reason.FIELD_CHARACTERS))
    if not account.roles or account.roles - STAFF_ROLES:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("roles", Reason.FIELD_REQUIRED))


def _own_mobile(account: NewAccount) -> str:
    if not account.mobile:
        if is_allowed(account.roles, Operation.DECIDE_REVIEW) and not account.is_development:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("mobile", Reason.FIELD_REQUIRED))
        return ""
    return _e164(account.mobile)


def _e164(mobile: str) -> str:
    """Returns the number in the form in which applications keep theirs: what is written otherwise would never be the same."""
    found = parse_mobile(mobile, _MOBILE_REGIONS)
    if isinstance(found, Reason):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("mobile", found))
    return found.e164


def _shown(row: StaffRow, tx: Tx) -> Account:
    is_locked = row.locked_until is not None and row.locked_until > tx.now
    return Account(row.name, row.display_name, tuple(row.roles), row.state.value, is_locked, row.is_development, row.store_id or "")


def _owner(name: str) -> str:
    return f"staff:{name}"
