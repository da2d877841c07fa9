"""`review list|show|claim|release|approve|return|reject|hold`: the way through review on the service's own machine.

The web console will call the same services. Knows the order of prompts and the wording of reasons, decides nothing.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypedDict

from server_stub.cli.given import number
from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.cli.wording import Wording
from server_stub.domain.decision_reasons import REASONS_OF, DecisionReason, Verdict
from server_stub.domain.mendable import MENDABLE
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.services.review.decisions import DecisionOrder

if TYPE_CHECKING:
    from server_stub.config import ServiceSettings

_COLUMNS = (
    "application_number", "state", "name_masked", "mobile_masked", "store_id", "reasons",
    "needed_approvals", "approved_by", "due_at", "is_overdue", "claimed_by", "version",
)  # fmt: skip


class _Epilog(TypedDict):
    epilog: str
    formatter_class: type[argparse.HelpFormatter]


_MEND_HELP = "what to correct, e.g. name=NAME_DIGITS; a wrong one lists what there is"
_VERDICTS = {"approve": Verdict.APPROVE, "return": Verdict.RETURN, "reject": Verdict.REJECT, "hold": Verdict.HOLD}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    review = commands.add_parser("review", help="applications that a person looks at").add_subparsers(dest="action", required=True)
    listing = review.add_parser("list", parents=[shared], help="open tasks, oldest first")
    listing.add_argument("--limit", type=number(1), default=50, help="how many at most; default 50")
    listing.set_defaults(run=_list)
    for name, run, text in (
        ("show", _show, "one application for judging; that you looked is recorded"),
        ("claim", _claim, "take a task for half an hour"),
        ("release", _release, "give a task back"),
    ):
        parser = review.add_parser(name, parents=[shared], help=text)
        parser.add_argument("application", help="application number")
        parser.set_defaults(run=run)
    wording = Wording()
    for name, verdict in _VERDICTS.items():
        reasons = {reason.value: wording.of(reason.value) for reason in sorted(REASONS_OF[verdict])}
        _add_verdict(review.add_parser(name, parents=[shared], help=f"{name} an application", **_listed(reasons)), verdict, reasons)


def _listed(reasons: dict[str, str]) -> _Epilog:
    lines = "\n".join(f"  {name}  {text}" for name, text in reasons.items())
    return {"epilog": f"reasons:\n{lines}", "formatter_class": argparse.RawDescriptionHelpFormatter}


def _add_verdict(parser: argparse.ArgumentParser, verdict: Verdict, reasons: dict[str, str]) -> None:
    parser.add_argument("application", help="application number")
    parser.add_argument("--reason", required=True, choices=list(reasons), metavar="REASON", help="one of those below")
    parser.add_argument("--version", type=number(1), required=True, help="version of the task as list, show or claim stated it")
    if verdict is Verdict.RETURN:
        parser.add_argument("--mend", action="append", type=_finding, default=[], metavar="FIELD=REASON", help=_MEND_HELP)
    parser.set_defaults(run=_decide, verdict=verdict, mend=[])


def _list(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.reviews.list(actor, arguments.limit), _COLUMNS)
    return Exit.GOOD


def _show(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        detail = parts.core.reviews.show(actor, arguments.application)
        marked.record(detail)
        wording = Wording()
        for reason in detail.summary.reasons:
            marked.line(f"{reason}  {wording.of(reason)}")
    return Exit.GOOD


def _claim(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.reviews.claim(actor, arguments.application))
    return Exit.GOOD


def _release(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        parts.core.reviews.release(actor, arguments.application)
        marked.record({"application_number": arguments.application, "claimed_by": ""})
    return Exit.GOOD


def _decide(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    order = DecisionOrder(
        application_number=arguments.application,
        verdict=arguments.verdict,
        reason=DecisionReason(arguments.reason),
        version=arguments.version,
        findings=tuple(arguments.mend),
    )
    with as_person(settings, printer) as (parts, actor, marked):
        try:
            decided = parts.core.reviews.decide(actor, parts.new_envelope(), order)
        except Refusal as refusal:
            if refusal.reason is Reason.STALE_VERSION:
                marked.present(parts.core.reviews.state(actor, order.application_number))
            raise
        marked.record(decided)
        if decided.missing_approvals:
            marked.line("Another person must approve too. 还需另一位工作人员批准。")
    return Exit.GOOD


def _finding(text: str) -> Finding:
    name, divider, reason = text.partition("=")
    fitting = MENDABLE.get(name)
    if name == "mobile":
        raise argparse.ArgumentTypeError(
            "a number is proved by a code, not corrected: for another one the application is withdrawn at a kiosk and made anew"
        )
    if fitting is None:
        raise argparse.ArgumentTypeError(f"the form has no field {name!r}; it has {', '.join(MENDABLE)}")
    if not divider:
        raise argparse.ArgumentTypeError(f"{text!r} names no reason; write {name}=REASON with one of: {', '.join(sorted(fitting))}")
    if reason not in fitting:
        raise argparse.ArgumentTypeError(f"{reason!r} cannot be about {name}; what can: {', '.join(sorted(fitting))}")
    return Finding(name, Reason(reason))
