"""E-mail addresses: what is taken. Knows no server; whether mail arrives shows when it is sent."""

from __future__ import annotations

import re
import unicodedata

from server_stub.domain.reasons import Reason

MAX_LENGTH = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def parse_email(typed: str) -> str | Reason:
    """Returns the address with its domain in lower case, or why it is none (dot-atom form of RFC 5322, 3.4.1)."""
    address = unicodedata.normalize("NFKC", typed).strip(" ")
    if len(address) > MAX_LENGTH:
        return Reason.FIELD_TOO_LONG
    local, at, domain = address.rpartition("@")
    labels = domain.split(".")
    right = at and len(local) <= 64 and _LOCAL.fullmatch(local) and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))
    if not right or labels[-1].isdigit():
        return Reason.EMAIL_FORM
    return f"{local}@{domain.lower()}"


def mask_email(address: str) -> str:
    """Returns the address as it may be shown: ``o***@example.com``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}" if local else ""
