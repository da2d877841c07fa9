"""`points adjust|approve|waiting`, `members tier|birthday|merge|unmerge`, `explain sale`: the desk, for a member. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.cli.given import day, number
from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import asked, sign_in_second
from server_stub.cli.signed_in import as_person
from server_stub.domain.birthday import ProofLevel
from server_stub.domain.clock import business_day
from server_stub.services.birthdays import Correction
from server_stub.services.ledger.adjustment_requests import AskAdjustment
from server_stub.services.two_people import TwoPeople

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings

BIRTHDAY_VARIABLE = "MEMBER_BIRTHDAY"
_WAITING_COLUMNS = ("adjustment_id", "points", "reason", "case_id", "requested_by", "requested_at")
_LINE_COLUMNS = ("line", "sku", "category", "net_fen", "counts")
_MULTIPLIER_COLUMNS = ("code", "pct", "condition", "holds", "used")
_RETURN_COLUMNS = ("return_id", "at", "refund_fen", "taken_back")
_TIER_COLUMNS = ("sequence", "tier", "from_day", "rules_version", "assigned_at")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    points = commands.add_parser("points", help="corrections of points by hand").add_subparsers(dest="action", required=True)
    adjust = points.add_parser("adjust", parents=[shared], help="ask for a correction; another person must agree")
    adjust.add_argument("number", help="membership number")
    adjust.add_argument("--points", type=number(), required=True, help="points to give, or negative to take")
    adjust.add_argument("--reason", required=True, help="why, in a sentence without names")
    adjust.add_argument("--case", default="", help="number of the complaint or case")
    adjust.add_argument("--expires", type=day, metavar="DAY", help="first day on which given points are gone, YYYY-MM-DD")
    adjust.set_defaults(run=_adjust)
    approve = points.add_parser("approve", parents=[shared], help="agree to a correction that somebody else asked for; it is booked")
    approve.add_argument("adjustment", help="id of the correction")
    approve.set_defaults(run=_approve)
    points.add_parser("waiting", parents=[shared], help="corrections that wait for a second person, for 30 days at most").set_defaults(
        run=_waiting
    )
    members = commands.add_parser("members", help="what the desk may know of a member").add_subparsers(dest="action", required=True)
    tier = members.add_parser("tier", parents=[shared], help="a member's tier at the end of a day that has come, and the recorded changes")
    tier.add_argument("number", help="membership number")
    tier.add_argument("--on", type=day, metavar="DAY", help="day, YYYY-MM-DD; default today")
    tier.set_defaults(run=_tier)
    birthday = members.add_parser("birthday", parents=[shared], help="correct or prove a member's birthday, YYYY-MM-DD, which is asked for")
    birthday.add_argument("number", help="membership number")
    proof = "what you saw: DOCUMENT an identity document, DESK another proof"
    birthday.add_argument("--proof", required=True, choices=[ProofLevel.DOCUMENT.value, ProofLevel.DESK.value], help=proof)
    birthday.add_argument("--reason", required=True, help="why, in a sentence without names")
    birthday.set_defaults(run=_birthday)
    merge = members.add_parser("merge", parents=[shared], help="make two memberships of one person one; two people sign in")
    merge.add_argument("number", help="membership number that ends")
    merge.add_argument("into", help="membership number that stays")
    merge.add_argument("--reason", required=True, help="why, in a sentence without names")
    merge.set_defaults(run=_merge)
    unmerge = members.add_parser("unmerge", parents=[shared], help="undo a merge within 90 days; two people sign in")
    unmerge.add_argument("merge", help="id of the merge")
    unmerge.add_argument("--reason", required=True, help="why, in a sentence without names")
    unmerge.set_defaults(run=_unmerge)
    explain = commands.add_parser("explain", help="why a decision came out as it did").add_subparsers(dest="action", required=True)
    sale = explain.add_parser("sale", parents=[shared], help="everything that a sale was judged by")
    sale.add_argument("sale", help="id of the sale")
    sale.set_defaults(run=_sale)


def _adjust(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    wanted = AskAdjustment(arguments.number, arguments.points, arguments.reason, arguments.case, arguments.expires)
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.ledger.adjustment_requests.ask(actor, parts.new_envelope(), wanted))
        marked.line("Another person must approve it. 还需另一位工作人员批准。")
    return Exit.GOOD


def _approve(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        booked = parts.core.ledger.adjustment_requests.approve(actor, parts.new_envelope(), arguments.adjustment)
        marked.record({"adjustment_id": arguments.adjustment, "points": booked.points})
    return Exit.GOOD


def _waiting(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.ledger.adjustment_requests.waiting(actor), _WAITING_COLUMNS)
    return Exit.GOOD


def _tier(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        day = arguments.on or business_day(parts.foundation.clock.now())
        found = parts.core.ledger.tiers.of_number(actor, arguments.number, day)
        marked.record(found)
        if not marked.prints_json:
            marked.line("")
            marked.table(parts.core.ledger.tiers.history(actor, arguments.number), _TIER_COLUMNS)
    return Exit.GOOD


def _birthday(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        # Asked for, never an argument: arguments are seen by every process of the machine.
        birthday = asked(BIRTHDAY_VARIABLE, "Birthday, YYYY-MM-DD: ", secret=False)
        correction = Correction(arguments.number, birthday, ProofLevel(arguments.proof), arguments.reason)
        changed = parts.core.birthdays.correct(actor, parts.new_envelope(), correction)
        marked.record({"changed": changed, "proof": arguments.proof})
    return Exit.GOOD


def _merge(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        people = TwoPeople(actor, sign_in_second(parts.staff).actor)
        numbers = (arguments.number, arguments.into)
        marked.record(parts.core.merge_desk.merge(people, parts.new_envelope(), numbers, arguments.reason))
    return Exit.GOOD


def _unmerge(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        people = TwoPeople(actor, sign_in_second(parts.staff).actor)
        marked.record(parts.core.merge_desk.unmerge(people, parts.new_envelope(), arguments.merge, arguments.reason))
    return Exit.GOOD


def _sale(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        trace = dict(parts.core.decisions.trace(actor, arguments.sale))
        if marked.prints_json:
            marked.record(trace)
            return Exit.GOOD
        tables = {name: trace.pop(name) for name in ("lines", "multipliers", "returns", "lines_for_the_member")}
        marked.record(trace)
        for name, columns in (("lines", _LINE_COLUMNS), ("multipliers", _MULTIPLIER_COLUMNS), ("returns", _RETURN_COLUMNS)):
            marked.line("")
            marked.table(tables[name], columns)
        marked.line("")
        for line in tables["lines_for_the_member"]:
            marked.line("  ".join(f"{name}={value}" for name, value in line.items()))
    return Exit.GOOD
