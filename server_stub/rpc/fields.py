"""The form of fields: what every text of every request passes, and what a servicer asks of its own. Knows no service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message

from server_stub.domain.program.values import BadField
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# No name, number or sentence holds one, and a server stores no NUL, where a file would book it. Tabs and line ends are written by people.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# Fields that pass as they are, because whoever takes them finds what is wrong with each and keeps nothing of it: operations of an upload,
# of which one must not refuse the others, and what an applicant writes into the form, which is told of every wrong field at once.
_JUDGED_LATER = frozenset(
    {
        "member.v1.UploadRequest.operations",
        *(f"member.v1.Application.{field}" for field in ("name", "mobile", "birthday", "id_number", "address", "email")),
    }
)


def require_texts(message: Message, at: str = "") -> None:
    """Lets through what has no control character in any text but those that are judged later.

    Raises:
        Refusal: REQUEST_MALFORMED with the field, e.g. ``sale.lines.sku``.
    """
    for field, value in message.ListFields():
        if field.full_name in _JUDGED_LATER:
            continue
        if isinstance(value, str):
            _require_text(value, at + field.name)
        elif field.message_type is not None:
            for part in (value,) if isinstance(value, Message) else value:
                require_texts(part, f"{at}{field.name}.")
        elif field.type == field.TYPE_STRING:
            for text in value:
                _require_text(text, at + field.name)


def _require_text(text: str, field: str) -> None:
    require(not _CONTROL.search(text), field)


def require(is_well_formed: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Lets a well-formed field through.

    Raises:
        Refusal: REQUEST_MALFORMED with the field.
    """
    if not is_well_formed:
        raise malformed(field)


def read(reader: Callable[[Any], T], value: Any, field: str) -> T:
    """Returns what a reader makes of a field, one of those that read till scripts too.

    Raises:
        Refusal: REQUEST_MALFORMED with the field.
    """
    try:
        return reader(value)
    except BadField as error:
        raise malformed(field) from error


def malformed(field: str) -> Refusal:
    """Returns the exception; the caller raises it."""
    return refuse(Reason.REQUEST_MALFORMED, Finding(field, Reason.REQUEST_MALFORMED))
