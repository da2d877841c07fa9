"""`staff add|list|reset|assign|mobile|close|calls`. An account's name is an argument; who runs the command is proved, never said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import DEVELOPMENT_MARK, new_passphrase
from server_stub.cli.signed_in import as_person, composed
from server_stub.services.staff_accounts import BOOTSTRAP, STAFF_ROLES, NewAccount, roles_from

if TYPE_CHECKING:
    import argparse

    from server_stub.config import ServiceSettings
    from server_stub.services.staff_accounts import Secret

_CALL_COLUMNS = ("call_id", "device_id", "screen", "language", "state", "called_at", "answered_by")
_KEEP_SECRET = "Scan this once with an authenticator app; it is not shown again."  # noqa: S105 - a sentence


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    staff = commands.add_parser("staff", help="accounts of staff and calls for staff").add_subparsers(dest="action", required=True)
    add = staff.add_parser("add", parents=[shared], help="open an account; the first one needs no sign-in and must be an ADMINISTRATOR")
    add.add_argument("name", help="name of the new account, lower case")
    add.add_argument("--display-name", required=True, help="the person's name as records show it")
    roles = ", ".join(sorted(role.value for role in STAFF_ROLES))
    add.add_argument("--role", action="append", required=True, help=f"one of {roles}; may be repeated")
    add.add_argument(
        "--mobile",
        default="",
        help="the person's own number, so that nobody decides on an own application; a REVIEWER must have one",
    )
    add.add_argument("--store", default="", help="store where the person works; rewards are handed over, and calls heard, only there")
    add.add_argument("--development", action="store_true", help="a development account; only in the development profile")
    add.set_defaults(run=_add)
    staff.add_parser("list", parents=[shared], help="list the accounts").set_defaults(run=_list)
    reset = staff.add_parser("reset", parents=[shared], help="new passphrase and second factor for somebody else's account")
    reset.add_argument("name", help="name of the account")
    reset.set_defaults(run=_reset)
    assign = staff.add_parser("assign", parents=[shared], help="say at which store a person works")
    assign.add_argument("name", help="name of the account")
    assign.add_argument("--store", required=True, help="id of the store; empty for none")
    assign.set_defaults(run=_assign)
    mobile = staff.add_parser("mobile", parents=[shared], help="keep somebody else's own number, without which a REVIEWER cannot decide")
    mobile.add_argument("name", help="name of the account")
    mobile.add_argument("mobile", metavar="NUMBER", help="the person's own number")
    mobile.set_defaults(run=_mobile)
    close = staff.add_parser("close", parents=[shared], help="close the account of somebody who left, for ever")
    close.add_argument("name", help="name of the account")
    close.set_defaults(run=_close)
    calls = staff.add_parser("calls", parents=[shared], help="list the calls from kiosks; --answer or --close one")
    calls.add_argument("--answer", metavar="CALL_ID", help="say that you are on the way")
    calls.add_argument("--close", metavar="CALL_ID", help="say that it is done")
    calls.set_defaults(run=_calls)


def _add(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    account = NewAccount(
        name=arguments.name,
        display_name=arguments.display_name,
        roles=roles_from(arguments.role),
        passphrase=new_passphrase(),
        mobile=arguments.mobile,
        is_development=arguments.development,
        store_id=arguments.store,
    )
    with composed(settings) as parts:
        if parts.staff.is_empty():
            secret = parts.staff.open(BOOTSTRAP, account)
            _show_secret(printer.marked(DEVELOPMENT_MARK) if account.is_development else printer, account.name, secret)
            return Exit.GOOD
    with as_person(settings, printer) as (parts, actor, marked):
        _show_secret(marked, account.name, parts.staff.open(actor, account))
    return Exit.GOOD


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        columns = ("name", "display_name", "roles", "state", "is_locked", "store_id", "is_development")
        marked.table(parts.staff.list(actor), columns)
    return Exit.GOOD


def _reset(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    passphrase = new_passphrase()
    with as_person(settings, printer) as (parts, actor, marked):
        _show_secret(marked, arguments.name, parts.staff.reset(actor, arguments.name, passphrase))
    return Exit.GOOD


def _assign(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        parts.staff.assign(actor, arguments.name, arguments.store)
        marked.record({"account": arguments.name, "store": arguments.store})
    return Exit.GOOD


def _mobile(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        parts.staff.note_mobile(actor, arguments.name, arguments.mobile)
        marked.record({"account": arguments.name, "mobile": "kept"})
    return Exit.GOOD


def _close(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        parts.staff.close(actor, arguments.name)
        marked.record({"account": arguments.name, "state": "CLOSED"})
    return Exit.GOOD


def _calls(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        if arguments.answer:
            marked.record(parts.calls.answer(actor, arguments.answer))
        elif arguments.close:
            marked.record(parts.calls.close(actor, arguments.close))
        else:
            marked.table(parts.calls.open_calls(actor), _CALL_COLUMNS)
    return Exit.GOOD


def _show_secret(printer: Printer, name: str, secret: Secret) -> None:
    printer.notice(_KEEP_SECRET)
    printer.record({"account": name, "totp_secret": secret.totp_secret, "provisioning_uri": secret.provisioning_uri})
