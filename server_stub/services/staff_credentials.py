"""What a member of staff proves with: a passphrase (Argon2id) and a time-based code (TOTP). Knows no account and no database."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import argon2
import pyotp

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse

if TYPE_CHECKING:
    from datetime import datetime

SHORTEST_PASSPHRASE = 12
LONGEST_PASSPHRASE = 128
STEP_S = 30
# A phone's clock may be one step off either way.
_DRIFT_STEPS = 1
ISSUER = "Neighbour Market"

# RFC 9106 4, second recommended option, as argon2-cffi has it by default: 64 MiB, 3 passes, 4 lanes.
_hasher = argon2.PasswordHasher()
# Compared against where the name is unknown, so that an unknown name takes as long as a wrong passphrase.
_NOBODY = _hasher.hash("nobody has this passphrase")


def hashed(passphrase: str, name: str) -> str:
    """Returns the encoded Argon2id hash.

    Raises:
        Refusal: the passphrase is too short, too long, or holds the account's name.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("passphrase", Reason.FIELD_TOO_SHORT))
    if len(passphrase) > LONGEST_PASSPHRASE:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("passphrase", Reason.FIELD_TOO_LONG))
    if name.casefold() in passphrase.casefold():
        raise refuse(Reason.REQUEST_MALFORMED, Finding("passphrase", Reason.FIELD_CHARACTERS))
    return _hasher.hash(passphrase)


def is_passphrase(encoded: str | None, passphrase: str) -> bool:
    """Returns whether the passphrase is the account's; takes as long where there is no account."""
    try:
        return _hasher.verify(encoded or _NOBODY, passphrase) and encoded is not None
    except argon2.exceptions.VerificationError:
        return False


def new_totp_secret() -> str:
    """Returns a fresh secret, 160 bits as 32 Base32 characters (RFC 6238, RFC 4226 4 R6)."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, name: str) -> str:
    """Returns the `otpauth://` text that an authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def used_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Returns the time step whose code this is, or None; a step that was used, or one before it, never counts again (RFC 6238 5.2)."""
    present = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(present - _DRIFT_STEPS, present + _DRIFT_STEPS + 1):
        if step > last_step and hmac.compare_digest(totp.at(step * STEP_S).encode(), code.encode()):
            return step
    return None
