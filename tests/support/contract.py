"""The contract as its sources state it: every field and every enum value of proto/ with its comment.

Knows descriptors and comments; knows nothing of what the generated code does with them.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

# Numbers of the repeated fields of FileDescriptorProto, DescriptorProto and EnumDescriptorProto in a source path.
_MESSAGE, _ENUM, _FIELD, _NESTED, _VALUE = 4, 5, 2, 3, 2


@dataclass(frozen=True, slots=True)
class Stated:
    """Something that the contract states: `name` in full ("Refusal.reason"), its number and its comment on one line."""

    name: str
    number: int
    comment: str


@cache
def descriptor() -> FileDescriptorSet:
    """Returns the descriptor of the working tree's proto/ with its comments."""
    command = [ROOT / ".venv/bin/buf", "build", "--as-file-descriptor-set", "-o", "-"]
    return FileDescriptorSet.FromString(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def fields() -> list[Stated]:
    """Returns every field of every message of ours."""
    return [stated for file in _own_files() for stated in _fields_of_file(file)]


def enum_values(enum_name: str) -> list[Stated]:
    """Returns the values of one enum in the order of the file.

    Raises:
        LookupError: where no file of ours holds the enum.
    """
    for file in _own_files():
        comments = _comments(file)
        for index, enum in enumerate(file.enum_type):
            if enum.name == enum_name:
                return [
                    Stated(value.name, value.number, comments.get((_ENUM, index, _VALUE, place), ""))
                    for place, value in enumerate(enum.value)
                ]
    raise LookupError(enum_name)


def _own_files() -> Iterator[FileDescriptorProto]:
    return (file for file in descriptor().file if file.package.startswith("member."))


def _fields_of_file(file: FileDescriptorProto) -> Iterator[Stated]:
    comments = _comments(file)
    for index, message in enumerate(file.message_type):
        yield from _fields_of_message(message, message.name, (_MESSAGE, index), comments)


def _fields_of_message(
    message: DescriptorProto, name: str, path: tuple[int, ...], comments: dict[tuple[int, ...], str]
) -> Iterator[Stated]:
    for index, field in enumerate(message.field):
        yield Stated(f"{name}.{field.name}", field.number, comments.get((*path, _FIELD, index), ""))
    for index, nested in enumerate(message.nested_type):
        yield from _fields_of_message(nested, f"{name}.{nested.name}", (*path, _NESTED, index), comments)


def _comments(file: FileDescriptorProto) -> dict[tuple[int, ...], str]:
    return {tuple(place.path): " ".join(place.leading_comments.split()) for place in file.source_code_info.location}
