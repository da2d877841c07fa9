"""IPP messages as bytes (RFC 8010): requests are written, answers are read. Knows no operation's meaning and no network.

Answers come from a device on a network, so nothing in them is believed: every length is checked, and what does not fit
ends as IppMalformed, never as another error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

VERSION: Final = b"\x02\x00"
MAX_NESTING: Final = 4
"""Collections in collections that are read (media-col-database has 2)."""


class IppMalformed(Exception):
    """The bytes are no IPP message."""


class Tag(IntEnum):
    """Delimiter and value tags that are written or understood (RFC 8010 section 3.5)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


_FIRST_VALUE_TAG: Final = 0x10
_CHARACTER_TAGS: Final = range(0x40, 0x60)

Value = int | bool | str | bytes | range | Mapping[str, "tuple[Value, ...]"]
"""A value: integer or enum, boolean, text of any kind, octets of what is not understood, range (end included), collection."""
Attributes = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute to write; a collection has attributes as its values' members."""

    name: str
    tag: Tag
    values: Sequence[int | bool | str | Sequence[Attribute]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status code (RFC 8011 section 4.1.6) and its groups in order, as (delimiter tag, attributes)."""

    status: int
    request_id: int
    groups: tuple[tuple[int, Attributes], ...]

    def group(self, tag: Tag) -> Attributes:
        """Return the attributes of the first group with `tag`, empty where there is none."""
        return next((attributes for found, attributes in self.groups if found == tag), {})


def write_request(operation: int, request_id: int, groups: Iterable[tuple[Tag, Sequence[Attribute]]]) -> bytes:
    """Return the bytes of a request, to which a document may be appended."""
    message = bytearray(VERSION + operation.to_bytes(2) + request_id.to_bytes(4))
    for tag, attributes in groups:
        message.append(tag)
        for attribute in attributes:
            _write_attribute(message, attribute)
    message.append(Tag.END)
    return bytes(message)


def _write_attribute(message: bytearray, attribute: Attribute) -> None:
    name = attribute.name
    for value in attribute.values:
        if isinstance(value, Sequence) and not isinstance(value, str):
            _write_field(message, Tag.BEGIN_COLLECTION, name, b"")
            _write_members(message, value)
            _write_field(message, Tag.END_COLLECTION, "", b"")
        else:
            _write_field(message, attribute.tag, name, _octets(attribute.tag, value))
        name = ""  # further values of a set repeat no name


def _write_members(message: bytearray, members: Sequence[Attribute]) -> None:
    for member in members:
        _write_field(message, Tag.MEMBER_NAME, "", member.name.encode("ascii"))
        _write_attribute(message, Attribute("", member.tag, member.values))


def _write_field(message: bytearray, tag: Tag, name: str, octets: bytes) -> None:
    encoded = name.encode("ascii")
    message += bytes([tag]) + len(encoded).to_bytes(2) + encoded + len(octets).to_bytes(2) + octets


def _octets(tag: Tag, value: int | bool | str) -> bytes:  # noqa: FBT001, a value among others
    if isinstance(value, str):
        return value.encode()
    if tag is Tag.BOOLEAN:
        return bytes([value])
    return value.to_bytes(4, signed=True)


def read_answer(message: bytes) -> Answer:
    """Return the answer in `message`.

    Raises:
        IppMalformed: Cut short, lengths that do not fit, collections that do not close, or nested deeper than MAX_NESTING.
    """
    reader = _Reader(message)
    reader.take(2)  # the version: answers of 1.1 and 2.x have one form
    status, request_id = reader.number(2), reader.number(4)
    groups: list[tuple[int, Attributes]] = []
    tag = reader.number(1)
    while tag != Tag.END:
        if tag >= _FIRST_VALUE_TAG:
            raise IppMalformed("a value outside any group")
        attributes, following = _read_group(reader)
        groups.append((tag, attributes))
        tag = following
    return Answer(status, request_id, tuple(groups))


class _Reader:
    """Takes bytes from the front of a message."""

    __slots__ = ("_at", "_message")

    def __init__(self, message: bytes) -> None:
        self._message = message
        self._at = 0

    def take(self, length: int) -> bytes:
        octets = self._message[self._at : self._at + length]
        if len(octets) != length:
            raise IppMalformed("cut short")
        self._at += length
        return octets

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length))

    def sized(self) -> bytes:
        return self.take(self.number(2))

    def text(self) -> str:
        return self.sized().decode(errors="replace")


def _read_group(reader: _Reader) -> tuple[Attributes, int]:
    """Return the attributes up to the next delimiter, and that delimiter; of one that comes twice the first holds."""
    attributes: dict[str, tuple[Value, ...]] = {}
    name, is_repeated = "", False
    while (tag := reader.number(1)) >= _FIRST_VALUE_TAG:
        if given := reader.text():
            name, is_repeated = given, given in attributes
        if not name:
            raise IppMalformed("a value without a name")
        value = _read_value(reader, tag, 0)
        if not is_repeated:
            attributes[name] = (*attributes.get(name, ()), value)
    return attributes, tag


def _read_value(reader: _Reader, tag: int, depth: int) -> Value:
    octets = reader.sized()
    if tag == Tag.BEGIN_COLLECTION:
        return _read_collection(reader, depth + 1)
    if tag in _CHARACTER_TAGS:
        return octets.decode(errors="replace")
    match tag, len(octets):
        case ((Tag.INTEGER | Tag.ENUM), 4):
            return int.from_bytes(octets, signed=True)
        case Tag.BOOLEAN, 1:
            return octets != b"\x00"
        case Tag.RANGE, 8:
            return range(int.from_bytes(octets[:4], signed=True), int.from_bytes(octets[4:], signed=True) + 1)
        case ((Tag.INTEGER | Tag.ENUM | Tag.BOOLEAN | Tag.RANGE), _):
            raise IppMalformed("a value of the wrong length")
    return octets


def _read_collection(reader: _Reader, depth: int) -> Attributes:
    """Return the members of a collection (RFC 8010 section 3.1.6)."""
    if depth > MAX_NESTING:
        raise IppMalformed("nested too deeply")
    members: dict[str, tuple[Value, ...]] = {}
    name = ""
    while (tag := reader.number(1)) != Tag.END_COLLECTION:
        if tag < _FIRST_VALUE_TAG:
            raise IppMalformed("a collection that does not close")
        reader.sized()  # names of members are values
        if tag == Tag.MEMBER_NAME:
            name = reader.text()
        elif not name:
            raise IppMalformed("a member without a name")
        else:
            members[name] = (*members.get(name, ()), _read_value(reader, tag, depth))
    reader.sized()
    reader.sized()
    return members
