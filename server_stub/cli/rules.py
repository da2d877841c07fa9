"""`rules lint|submit|approve|list|show|diff`: the programme's rules on the service's own machine. Decides nothing."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server_stub.cli.files import read_toml
from server_stub.cli.given import day, number
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.clock import business_day
from server_stub.domain.program.catalogue import shipped_base
from server_stub.domain.program.lint import examine, examine_together
from server_stub.domain.program.rule_file import plain_days

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from server_stub.config import ServiceSettings
    from server_stub.domain.program.flaws import RuleFinding
    from server_stub.services.rule_desk import ShownRules

_WORDS = Path(__file__).with_name("rule_flaws.toml")
_COLUMNS = ("version", "revision", "state", "effective_from", "based_on", "submitted_by", "approved_by")
_FINDING_COLUMNS = ("file", "field", "flaw", "about", "zh-Hans", "en")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    rules = commands.add_parser("rules", help="the rules of the programme (docs/rules.md)").add_subparsers(dest="action", required=True)
    lint = rules.add_parser("lint", parents=[shared], help="name everything that is wrong with rule files; nobody needs to sign in")
    lint.add_argument("files", type=Path, nargs="+", metavar="FILE", help="rule file (TOML); of several also what collides")
    lint.add_argument("--today", type=day, metavar="DAY", help="examine as of another day, YYYY-MM-DD")
    lint.set_defaults(run=_lint)
    submit = rules.add_parser("submit", parents=[shared], help="submit a rule file; the same version again is its next revision")
    submit.add_argument("file", type=Path, metavar="FILE", help="rule file (TOML)")
    submit.set_defaults(run=_submit)
    approve = rules.add_parser("approve", parents=[shared], help="publish what somebody else submitted; it cannot be changed any more")
    approve.add_argument("version", help="version of the rules")
    approve.add_argument("--revision", type=number(1), help="the one that you have looked at; refused where there is a later one")
    approve.set_defaults(run=_approve)
    rules.add_parser("list", parents=[shared], help="every version and draft, by first day").set_defaults(run=_list)
    show = rules.add_parser("show", parents=[shared], help="one version in full, or the one of a day")
    show.add_argument("version", nargs="?", help="version of the rules")
    show.add_argument("--on", type=day, metavar="DAY", help="day, YYYY-MM-DD: what was in force at its end")
    show.set_defaults(run=_show)
    diff = rules.add_parser("diff", parents=[shared], help="what differs between two versions, drafts or shipped rule sets")
    diff.add_argument("before", help="version of the rules")
    diff.add_argument("after", help="version of the rules")
    diff.set_defaults(run=_diff)


def _lint(_settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    today = arguments.today or business_day(datetime.now(UTC))
    examined = {str(path): examine(plain_days(read_toml(path)), today, shipped_base) for path in arguments.files}
    together = examine_together(examined)
    rows = [row for name, one in examined.items() for row in _rows(name, (*one.findings, *together[name]))]
    _print_findings(rows, printer)
    return Exit.FOUND_WRONG if rows else Exit.GOOD


def _submit(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    document = plain_days(read_toml(arguments.file))
    with as_person(settings, printer) as (parts, actor, marked):
        findings = parts.core.rules.examine(actor, document).findings
        if findings:
            _print_findings(list(_rows(str(arguments.file), findings)), marked)
            return Exit.FOUND_WRONG
        marked.record(parts.core.rules.submit(actor, parts.new_envelope(), document))
    return Exit.GOOD


def _approve(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.rules.approve(actor, parts.new_envelope(), arguments.version, arguments.revision))
    return Exit.GOOD


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.rules.list(actor), _COLUMNS)
    return Exit.GOOD


def _show(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    if (arguments.version is None) == (arguments.on is None):
        raise ValueError("say either a version or --on DAY")
    with as_person(settings, printer) as (parts, actor, marked):
        desk = parts.core.rules
        _print_rules(desk.on(actor, arguments.on) if arguments.on else desk.show(actor, arguments.version), marked)
    return Exit.GOOD


def _diff(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        found = parts.core.rules.diff(actor, arguments.before, arguments.after)
        marked.table([asdict(one) for one in found], ("field", "before", "after"))
    return Exit.FOUND_WRONG if found else Exit.GOOD


def _rows(name: str, findings: Iterable[RuleFinding]) -> Iterable[dict[str, str]]:
    words = tomllib.loads(_WORDS.read_text("utf-8"))
    for finding in findings:
        yield {"file": name, "field": finding.field, "flaw": finding.flaw.value, "about": finding.about, **words[finding.flaw.value]}


def _print_findings(rows: list[dict[str, str]], printer: Printer) -> None:
    if printer.prints_json or rows:
        printer.table(rows, _FINDING_COLUMNS)
    else:
        printer.line("没有发现问题 nothing is wrong")


def _print_rules(shown: ShownRules, printer: Printer) -> None:
    if printer.prints_json:
        printer.record(shown)
        return
    printer.record(shown.summary)
    printer.line("")
    printer.record({name: _one_line(value) for name, value in _flat(shown.document).items()})


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    known = ("version", "effective_from", "based_on")
    found = {name: value for name, value in document.items() if name not in ("names", "params", *known)}
    for kind, names in document.get("names", {}).items():
        found |= {f"names.{kind}.{key}": words for key, words in names.items()}
    return found | {f"params.{name}": value for name, value in document["params"].items()}


def _one_line(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
