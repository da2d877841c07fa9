"""`benefits change draft|publish|list|delivery`: changes of benefits on the service's own machine. Decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from server_stub.cli.files import read_toml
from server_stub.cli.given import day
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.benefit_change import ChangeWords
from server_stub.domain.language import Language
from server_stub.services.benefit_changes import DraftChange

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from server_stub.config import ServiceSettings

_COLUMNS = ("change_id", "state", "notice_on", "effective_on", "title", "drafted_by", "published_by", "told")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    benefits = commands.add_parser("benefits", help="what members get").add_subparsers(dest="subject", required=True)
    change = benefits.add_parser("change", help="changes of benefits that members are told of").add_subparsers(dest="action", required=True)
    draft = change.add_parser("draft", parents=[shared], help="write a change, or another wording of a draft")
    draft.add_argument("texts", type=Path, help="TOML file with tables zh-Hans, zh-Hant and en, each with title and text")
    draft.add_argument("--effective", type=day, required=True, metavar="DAY", help="first day, YYYY-MM-DD")
    draft.add_argument("--notice", type=day, metavar="DAY", help="day on which members are told, YYYY-MM-DD")
    draft.add_argument("--change", default="", metavar="CHANGE_ID", help="the draft that this replaces")
    draft.set_defaults(run=_draft)
    for name, run, text in (
        ("publish", _publish, "publish a draft that somebody else wrote; it cannot be changed any more"),
        ("delivery", _delivery, "how many members the message has reached"),
    ):
        parser = change.add_parser(name, parents=[shared], help=text)
        parser.add_argument("change", help="id of the change")
        parser.set_defaults(run=run)
    change.add_parser("list", parents=[shared], help="all changes, the one that takes effect last first").set_defaults(run=_list)


def _draft(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    command = DraftChange(arguments.change, arguments.effective, arguments.notice, _words(arguments.texts))
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.benefit_changes.draft(actor, parts.new_envelope(), command))
    return Exit.GOOD


def _publish(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.benefit_changes.publish(actor, parts.new_envelope(), arguments.change))
    return Exit.GOOD


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.benefit_changes.list(actor), _COLUMNS)
    return Exit.GOOD


def _delivery(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.benefit_changes.delivery(actor, arguments.change))
    return Exit.GOOD


def _words(path: Path) -> Mapping[Language, ChangeWords]:
    """Returns what the file says; what is missing is empty and refused by the service, field by field.

    Raises:
        ValueError: the file cannot be read, is no TOML, or a text is no text.
    """
    tree = read_toml(path)
    return {language: _words_in(path, language, tree.get(language.value, {})) for language in Language}


def _words_in(path: Path, language: Language, table: Any) -> ChangeWords:
    words = (table.get("title", ""), table.get("text", "")) if isinstance(table, dict) else (None, None)
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"{path}: {language.value} needs a title and a text")
    return ChangeWords(*words)
