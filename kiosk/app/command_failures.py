"""What a command says when it could not do its work: a stable reason code, a text that says what to do, and how it ended.

For whoever types commands; what members read is in the catalogue of texts. Knows errors by class, no command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from hardware.errors import AccessDenied, KioskError, Mute, NoCard, NoReader, ReaderBusy, ReaderGone, ServiceDown, SeveralCards
from kiosk.config import ConfigError
from kiosk.paper.verify import KeyFileUnusable, ReceiptInvalid
from kiosk.ports.errors import IdentityUnusable, NotAdmitted, Unreachable


class Exit(IntEnum):
    """How a command ended."""

    GOOD = 0
    WRONG = 1
    USAGE = 2
    CANNOT = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command failed.

    Attributes:
        reason: Stable code in capitals.
        text: One line: what is wrong and what helps.
        exit: How the command ends.
        code: Number of the error, 0 where it has none.
    """

    reason: str
    text: str
    exit: Exit
    code: int = 0

    def line(self) -> str:
        """Return it as one line for a terminal."""
        return f"{self.reason}{f' ({self.code})' if self.code else ''}: {self.text}"


FAILURES = (KioskError, ConfigError, IdentityUnusable, KeyFileUnusable, ReceiptInvalid, OSError)
"""What a command may end with; anything else is a fault of the program."""

REASONS = {
    "USAGE": "The words make no command.",
    "SETTINGS": "A setting is missing, unknown or of the wrong form.",
    "SETTINGS_UNUSABLE": "The settings are well-formed, but name files or folders that are not there or do not fit.",
    "IDENTITY": "The files with which this device proves who it is cannot be used.",
    "RECEIPT_KEYS": "The file of public keys cannot be used.",
    "FILE": "A file is missing, may not be used or cannot be read.",
}
"""What the command lines of the kiosk give beside the errors of the kiosk and the invalid receipts, and what each means."""

_ENROL = (
    "enrol the device (python -m server_stub device enrol) or make a development one (python -m server_stub develop), "
    "and see service.authority, service.certificate and service.private_key"
)
_WHAT_HELPS: dict[type[KioskError], str] = {
    ServiceDown: "the card service does not answer; start it (systemctl start pcscd) and run the command again",
    NoReader: "no card reader is connected; plug one in, or see whether devices.reader names the one that is there",
    ReaderGone: "the card reader was unplugged; plug it in and run the command again",
    NoCard: "no card lies on the reader; lay one down and run the command again",
    SeveralCards: "more than one card lies on the reader; leave one and run the command again",
    Mute: "what lies on the reader does not answer; turn it over, or try another card",
    ReaderBusy: "another program uses the reader, perhaps the kiosk itself; end it and run the command again",
    AccessDenied: "this user may not use the card reader; run the command as the kiosk's user",
    Unreachable: "the central service does not answer; see whether it runs and whether service.target is right",
    NotAdmitted: "the central service does not admit this device; see service.certificate, or enrol the device anew",
}


def failure_of(error: Exception) -> Failure:
    """Return what is said of one of FAILURES."""
    match error:
        case KioskError():
            reason = error.text_key.removeprefix("error.").upper()
            return Failure(reason, _WHAT_HELPS.get(type(error), str(error)), Exit.CANNOT, error.code)
        case ConfigError():
            return Failure("SETTINGS", f"settings: {error}", Exit.CANNOT)
        case IdentityUnusable():
            return Failure("IDENTITY", f"this device cannot prove who it is: {error}; {_ENROL}", Exit.CANNOT)
        case KeyFileUnusable():
            return Failure("RECEIPT_KEYS", f"public keys: {error}; name the file by --keys or kiosk.receipt_keys", Exit.CANNOT)
        case ReceiptInvalid():
            # The classes are named for what is wrong: RECEIPT_MALFORMED, RECEIPT_SIGNATURE_WRONG ...
            return Failure(code_of(type(error)), f"not a valid receipt: {str(error) or 'its signature is wrong'}", Exit.WRONG)
        case OSError():
            return Failure("FILE", _file(error), Exit.CANNOT)
        case _:
            raise error


def _file(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return f"{error.filename} is missing; see whether its name is right"
        case PermissionError():
            return f"this user may not use {error.filename}; run the command as the kiosk's user"
        case _:
            return f"{error.filename or 'a file'} cannot be used: {error.strerror or error}"


def code_of(receipt_error: type[ReceiptInvalid]) -> str:
    """Return the reason of a kind of invalid receipt."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", receipt_error.__name__).upper()
