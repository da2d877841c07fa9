"""`redemptions list|show|reverse`: what members bought with points, and giving it back. Decides nothing."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import sign_in_second
from server_stub.cli.signed_in import add_request, as_person, envelope_of
from server_stub.domain.desk_reasons import RedemptionReversedFor
from server_stub.services.two_people import TwoPeople

if TYPE_CHECKING:
    from server_stub.config import ServiceSettings

_COLUMNS = ("redemption_id", "state", "reward", "qty", "points", "given_back", "store_id", "made_at", "pickup_until", "fulfilled_at")
_EPILOG = """\
reasons:
  NOT_HANDED_OVER  the store could not give it, or noted it by mistake; the piece is there 未能交付或误记，商品在店
  BROUGHT_BACK     the member brought it back as it was; the piece is there 会员完好退回
  PIECE_FAULTY     it was broken; the piece is not for sale 商品有瑕疵，不再上架
  NOT_BY_MEMBER    somebody else spent the points 非会员本人兑换
A redemption that was not handed over always gives its piece back. One that paid for a sale is given back by returning the sale.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    redemptions = commands.add_parser("redemptions", help="what members bought with points").add_subparsers(dest="action", required=True)
    listing = redemptions.add_parser(
        "list", parents=[shared], help="a member's redemptions of twelve months; store staff see their store's; the look is recorded"
    )
    listing.add_argument("number", help="membership number")
    listing.set_defaults(run=_list)
    show = redemptions.add_parser("show", parents=[shared], help="one redemption; that you looked is recorded")
    show.add_argument("redemption", help="id of the redemption")
    show.set_defaults(run=_show)
    reverse = redemptions.add_parser(
        "reverse",
        parents=[shared],
        help="give the points back, and the piece where it is there; two people sign in",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reverse.add_argument("redemption", help="id of the redemption")
    reverse.add_argument("--reason", required=True, choices=[one.value for one in RedemptionReversedFor], help="why; see below")
    add_request(reverse)
    reverse.set_defaults(run=_reverse)


def _list(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.table(parts.core.rewards.desk.list(actor, arguments.number), _COLUMNS)
    return Exit.GOOD


def _show(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        marked.record(parts.core.rewards.desk.show(actor, arguments.redemption))
    return Exit.GOOD


def _reverse(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        people, envelope = TwoPeople(actor, sign_in_second(parts.staff).actor), envelope_of(parts, arguments.request)
        marked.notice(f"request: {envelope.request_id}")
        reason = RedemptionReversedFor(arguments.reason)
        marked.record(parts.core.rewards.desk.reverse(people, envelope, arguments.redemption, reason))
    return Exit.GOOD
