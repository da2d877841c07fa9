"""The family of errors: what went wrong at the machine, with a stable number, a text key and whether trying again helps.

Knows nothing of members, screens or wires. `kiosk.ports.errors` adds the errors of the central service and of data.
Numbers: 1xxx device, 2xxx central service, 3xxx data and documents, 4xxx program; each is used once.
"""

from __future__ import annotations

from typing import ClassVar


class KioskError(Exception):
    """Root of the family; what is not one of it is a fault of the program.

    Attributes:
        code: Stable number, shown to staff.
        text_key: Key of the text for the member in the kiosk's catalogue.
        retryable: True where the same call may succeed without anybody doing anything.
    """

    code: ClassVar[int] = 4000
    text_key: ClassVar[str] = "error.program"
    retryable: ClassVar[bool] = False


class DeviceError(KioskError):
    """A device did not do what was asked."""

    code: ClassVar[int] = 1000
    text_key: ClassVar[str] = "error.device"


class NotPresent(DeviceError):
    """The device, or what should lie in it, is not there."""

    code: ClassVar[int] = 1001
    text_key: ClassVar[str] = "error.not_present"


class Disconnected(DeviceError):
    """The connection broke while it was used."""

    code: ClassVar[int] = 1002
    text_key: ClassVar[str] = "error.disconnected"
    retryable: ClassVar[bool] = True


class Busy(DeviceError):
    """Somebody else uses the device, or an earlier call has not returned yet; nothing was done."""

    code: ClassVar[int] = 1003
    text_key: ClassVar[str] = "error.busy"
    retryable: ClassVar[bool] = True


class ProtocolViolation(DeviceError):
    """The device answered something that its protocol does not allow."""

    code: ClassVar[int] = 1004
    text_key: ClassVar[str] = "error.protocol_violation"


class TimedOut(DeviceError):
    """No answer in time; whether the call was carried out is not known."""

    code: ClassVar[int] = 1005
    text_key: ClassVar[str] = "error.timed_out"
    retryable: ClassVar[bool] = True


class Rejected(DeviceError):
    """The device refused the command.

    Attributes:
        sw: Status word of a card (two bytes, ISO 7816-4 clause 5.6), or the device's own code; empty where it has none.
    """

    code: ClassVar[int] = 1006
    text_key: ClassVar[str] = "error.rejected"

    def __init__(self, message: str = "", *, sw: bytes = b"") -> None:
        super().__init__(message or (f"status {sw.hex()}" if sw else ""))
        self.sw = sw


# --- cards and readers -----------------------------------------------------------------------------------------------


class ServiceDown(Disconnected):
    """The card service (pcscd) does not answer; it is restarted by the system, then everything goes on."""

    code: ClassVar[int] = 1101
    text_key: ClassVar[str] = "error.service_down"


class NoReader(NotPresent):
    """No card reader is attached."""

    code: ClassVar[int] = 1102
    text_key: ClassVar[str] = "error.no_reader"


class ReaderGone(Disconnected):
    """The reader was unplugged."""

    code: ClassVar[int] = 1103
    text_key: ClassVar[str] = "error.reader_gone"


class NoCard(NotPresent):
    """No card lies on the reader."""

    code: ClassVar[int] = 1104
    text_key: ClassVar[str] = "error.no_card"


class Removed(Disconnected):
    """The card was taken away while it was used.

    Attributes:
        outcome_known: False where the last command may have been carried out.
    """

    code: ClassVar[int] = 1105
    text_key: ClassVar[str] = "error.removed"

    def __init__(self, message: str = "", *, outcome_known: bool = False) -> None:
        super().__init__(message)
        self.outcome_known = outcome_known


class CardReset(Removed):
    """Somebody reset the card; its session is lost and never silently continued."""

    code: ClassVar[int] = 1106
    text_key: ClassVar[str] = "error.card_reset"


class Mute(TimedOut):
    """The card does not answer."""

    code: ClassVar[int] = 1107
    text_key: ClassVar[str] = "error.mute"


class ReaderBusy(Busy):
    """Another program holds the card."""

    code: ClassVar[int] = 1108
    text_key: ClassVar[str] = "error.reader_busy"


class AccessDenied(DeviceError):
    """The system does not let this program use the reader (polkit)."""

    code: ClassVar[int] = 1109
    text_key: ClassVar[str] = "error.access_denied"


class SeveralCards(DeviceError):
    """More than one card lies on the reader."""

    code: ClassVar[int] = 1110
    text_key: ClassVar[str] = "error.several_cards"


class CardChanged(DeviceError):
    """The card on the reader is not the one with which the work began; nothing was written to it."""

    code: ClassVar[int] = 1111
    text_key: ClassVar[str] = "error.card_changed"


class ForeignCard(DeviceError):
    """The card belongs to another system or is of a type that is not used here."""

    code: ClassVar[int] = 1112
    text_key: ClassVar[str] = "error.foreign_card"


class TruncatedAnswer(ProtocolViolation):
    """The card's answer broke off; whether the command was carried out is not known."""

    code: ClassVar[int] = 1113
    text_key: ClassVar[str] = "error.truncated_answer"


class IntegrityBroken(ProtocolViolation):
    """An answer's MAC does not verify; the session is over."""

    code: ClassVar[int] = 1114
    text_key: ClassVar[str] = "error.integrity_broken"


class AuthenticationRefused(Rejected):
    """The card does not accept the key, or does not know it."""

    code: ClassVar[int] = 1115
    text_key: ClassVar[str] = "error.authentication_refused"


class NotFound(Rejected):
    """The card has no such application or file."""

    code: ClassVar[int] = 1116
    text_key: ClassVar[str] = "error.not_found"


class WrongState(Rejected):
    """The card does not allow the command in this state."""

    code: ClassVar[int] = 1117
    text_key: ClassVar[str] = "error.card_wrong_state"


class CardFull(Rejected):
    """The card has no memory left."""

    code: ClassVar[int] = 1118
    text_key: ClassVar[str] = "error.card_full"


class CardDamaged(DeviceError):
    """What the card holds is not what was written."""

    code: ClassVar[int] = 1119
    text_key: ClassVar[str] = "error.card_damaged"
