"""`coupons list|issue|void`: coupons that the desk gives and takes back. Decides nothing."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from server_stub.cli.given import day, number
from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import sign_in_second
from server_stub.cli.signed_in import add_request, as_person, envelope_of
from server_stub.domain.desk_reasons import CouponGivenFor, CouponVoidedFor
from server_stub.services.coupon_desk import LARGEST_FEN, LONGEST_DAYS, GiveCoupon
from server_stub.services.two_people import TwoPeople

if TYPE_CHECKING:
    from server_stub.config import ServiceSettings

_COLUMNS = ("coupon_id", "state", "off_fen", "minimum_spend_fen", "valid_from", "valid_until", "stores", "awaits_card", "cause")
_ISSUE_EPILOG = """\
reasons:
  SERVICE_FAILED   we served the member badly 服务不周
  GOODS_FAULTY     goods were bad and are made good for 商品有问题，作为补偿
  BENEFIT_MISSED   a benefit that was due did not come 应得的权益没有发放
  COUPON_REPLACED  instead of a coupon that could not be used 代替无法使用的券
"""
_VOID_EPILOG = """\
reasons:
  ISSUED_BY_MISTAKE  nobody should have got it 误发
  ABUSED             it was got or passed on against the rules 违规获取或转让
  REPLACED           another one takes its place 已换发
  MEMBER_ASKED       the member does not want it 会员要求
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    coupons = commands.add_parser("coupons", help="coupons that the desk gives and takes back").add_subparsers(dest="action", required=True)
    listing = coupons.add_parser("list", parents=[shared], help="a member's coupons; that you looked is recorded")
    listing.add_argument("number", help="membership number")
    listing.set_defaults(run=_list)
    issue = coupons.add_parser(
        "issue",
        parents=[shared],
        help="give a member a coupon; two people sign in",
        epilog=_ISSUE_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    issue.add_argument("number", help="membership number")
    issue.add_argument("--off", type=number(1), required=True, metavar="FEN", help=f"what it takes off, in fen; 1 to {LARGEST_FEN}")
    issue.add_argument(
        "--min-spend", type=number(0), default=0, metavar="FEN", help="purchase from which it can be used, in fen; default 0"
    )
    issue.add_argument(
        "--until", type=day, required=True, metavar="DAY", help=f"last day, YYYY-MM-DD; at most {LONGEST_DAYS} days from now"
    )
    issue.add_argument("--store", action="append", metavar="STORE", help="only in this store; may be given more than once")
    issue.add_argument("--reason", required=True, choices=[one.value for one in CouponGivenFor], help="why; see below")
    add_request(issue)
    issue.set_defaults(run=_issue)
    void = coupons.add_parser(
        "void",
        parents=[shared],
        help="make a coupon worthless; two people sign in",
        epilog=_VOID_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    void.add_argument("coupon", help="id of the coupon, see coupons list")
    void.add_argument("--reason", required=True, choices=[one.value for one in CouponVoidedFor], help="why; see below")
    add_request(void)
    void.set_defaults(run=_void)


def _list(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.desks.coupons.list(actor, arguments.number), _COLUMNS)
    return Exit.GOOD


def _issue(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    stores = tuple(arguments.store) if arguments.store else None
    reason = CouponGivenFor(arguments.reason)
    wanted = GiveCoupon(arguments.number, arguments.off, arguments.until, reason, arguments.min_spend, stores)
    with as_person(settings, printer) as (parts, actor, marked):
        people, envelope = TwoPeople(actor, sign_in_second(parts.staff).actor), envelope_of(parts, arguments.request)
        marked.notice(f"request: {envelope.request_id}")
        marked.record(parts.core.desks.coupons.issue(people, envelope, wanted))
    return Exit.GOOD


def _void(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        people, envelope = TwoPeople(actor, sign_in_second(parts.staff).actor), envelope_of(parts, arguments.request)
        marked.notice(f"request: {envelope.request_id}")
        marked.record(parts.core.desks.coupons.void(people, envelope, arguments.coupon, CouponVoidedFor(arguments.reason)))
    return Exit.GOOD
