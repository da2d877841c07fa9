"""Runs a command as the person who proved to be who; marks every line where the account is of the development profile."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from server_stub.app import compose
from server_stub.cli.sign_in import DEVELOPMENT_MARK, sign_in

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from server_stub.app import Composition
    from server_stub.cli.output import Printer
    from server_stub.config import ServiceSettings
    from server_stub.domain.actors import StaffActor
    from server_stub.domain.envelope import Envelope


def envelope_of(parts: Composition, request_id: str) -> Envelope:
    """Returns the envelope of a request that is sent once more under its id, or of a new one where the id is empty."""
    fresh = parts.new_envelope()
    return replace(fresh, request_id=request_id) if request_id else fresh


def add_request(parser: argparse.ArgumentParser) -> None:
    """Adds the option by which a command is sent once more under its id."""
    parser.add_argument(
        "--request", default="", metavar="UUID", help="id of the request, UUIDv7, where it is sent once more; without it a new one"
    )


@contextmanager
def composed(settings: ServiceSettings) -> Iterator[Composition]:
    """Yields the parts and closes them."""
    parts = compose(settings)
    try:
        yield parts
    finally:
        parts.close()


@contextmanager
def as_person(settings: ServiceSettings, printer: Printer) -> Iterator[tuple[Composition, StaffActor, Printer]]:
    """Yields the parts, the person, and a printer that announces a development account on every line.

    Raises:
        Refusal: the proof did not convince.
    """
    with composed(settings) as parts:
        person = sign_in(parts.staff)
        if person.is_development:
            printer = printer.marked(DEVELOPMENT_MARK)
        printer.notice(f"signed in: {person.display_name} ({person.actor.name})")
        yield parts, person.actor, printer
