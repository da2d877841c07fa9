"""Fields of a file as declarations, and the one codec that walks them. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from hardware.card.layout.faults import MalformedFile

Value = int | bytes | str | date


class Encoding(Enum):
    """How a field's value becomes bytes.

    UINT is unsigned, high byte first. BYTES is as it is. DIGITS are two to a byte, filled up with F at the end. DATE is
    YYYYMMDD as digits. ZERO is reserved space.
    """

    UINT = "uint"
    BYTES = "bytes"
    DIGITS = "digits"
    DATE = "date"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: Attribute of the value type.
        offset: First byte in the file.
        length: Bytes.
        encoding: How.
        source: Where its meaning is written down.
    """

    name: str
    offset: int
    length: int
    encoding: Encoding
    source: str

    def encode(self, value: Value) -> bytes:
        """Return the field's bytes.

        Raises:
            ValueError: The value does not fit.
        """
        match self.encoding, value:
            case Encoding.UINT, int():
                return value.to_bytes(self.length, "big")
            case Encoding.BYTES, bytes() if len(value) == self.length:
                return value
            case Encoding.DIGITS, str() if value.isascii() and value.isdigit() and len(value) <= 2 * self.length:
                return bytes.fromhex(value.ljust(2 * self.length, "f"))
            case Encoding.DATE, date():
                return bytes.fromhex(value.strftime("%Y%m%d"))
            case _:
                raise ValueError(f"{self.name}: value does not fit")

    def decode(self, raw: bytes) -> Value:
        """Return the field's value.

        Raises:
            MalformedFile: The bytes are none that `encode` makes.
        """
        part = raw[self.offset : self.offset + self.length]
        match self.encoding:
            case Encoding.UINT:
                return int.from_bytes(part, "big")
            case Encoding.BYTES:
                return part
            case Encoding.DIGITS:
                return self._digits(part)
            case Encoding.DATE:
                return self._date(part)
            case Encoding.ZERO:
                if any(part):
                    raise MalformedFile(f"{self.name}: not zero")
                return part

    def _digits(self, part: bytes) -> str:
        digits = part.hex().rstrip("f")
        if not digits.isdigit():
            raise MalformedFile(f"{self.name}: not digits")
        return digits

    def _date(self, part: bytes) -> date:
        try:
            return date(int(part[:2].hex()), int(part[2:3].hex()), int(part[3:].hex()))
        except ValueError as error:
            raise MalformedFile(f"{self.name}: no date") from error


def encode(fields: tuple[Field, ...], values: Mapping[str, Value]) -> bytes:
    """Return the file's bytes; the fields follow each other without gaps."""
    return b"".join(bytes(f.length) if f.encoding is Encoding.ZERO else f.encode(values[f.name]) for f in fields)


def decode(fields: tuple[Field, ...], raw: bytes) -> dict[str, Value]:
    """Return the values by name, without reserved space.

    Raises:
        MalformedFile: Wrong length or a field that nobody could have written.
    """
    if len(raw) != sum(field.length for field in fields):
        raise MalformedFile(f"{len(raw)} bytes")
    values = {field.name: field.decode(raw) for field in fields}
    return {field.name: values[field.name] for field in fields if field.encoding is not Encoding.ZERO}
