"""Asks a member of staff for name, passphrase and code. Knows prompts; the proof itself is judged by the services.

Without a terminal the three come from `MEMBER_STAFF_NAME`, `MEMBER_STAFF_PASSPHRASE` and `MEMBER_STAFF_TOTP`, or from three lines of
standard input. None of them is ever an argument: arguments are seen by every process of the machine.
"""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

from server_stub.services.staff_accounts import Proof

if TYPE_CHECKING:
    from server_stub.services.staff_accounts import SignedIn, StaffAccounts

NAME_VARIABLE = "MEMBER_STAFF_NAME"
PASSPHRASE_VARIABLE = "MEMBER_STAFF_PASSPHRASE"  # noqa: S105 - the variable's name
TOTP_VARIABLE = "MEMBER_STAFF_TOTP"
SECOND_NAME_VARIABLE = "MEMBER_SECOND_NAME"
SECOND_PASSPHRASE_VARIABLE = "MEMBER_SECOND_PASSPHRASE"  # noqa: S105 - the variable's name
SECOND_TOTP_VARIABLE = "MEMBER_SECOND_TOTP"
NEW_PASSPHRASE_VARIABLE = "MEMBER_STAFF_NEW_PASSPHRASE"  # noqa: S105 - the variable's name
DEVELOPMENT_MARK = "[DEVELOPMENT ACCOUNT 开发账号] "


def sign_in(accounts: StaffAccounts) -> SignedIn:
    """Returns the person.

    Raises:
        Refusal: the proof did not convince.
    """
    name = asked(NAME_VARIABLE, "Account: ", secret=False)
    passphrase = asked(PASSPHRASE_VARIABLE, "Passphrase: ", secret=True)
    return accounts.sign_in(Proof(name, passphrase, asked(TOTP_VARIABLE, "Code: ", secret=True)))


def sign_in_second(accounts: StaffAccounts) -> SignedIn:
    """Returns a second person, who proves the same at the same terminal; without one, from `MEMBER_SECOND_...` or three more lines.

    Raises:
        Refusal: the proof did not convince.
    """
    name = asked(SECOND_NAME_VARIABLE, "Second person's account: ", secret=False)
    passphrase = asked(SECOND_PASSPHRASE_VARIABLE, "Second person's passphrase: ", secret=True)
    return accounts.sign_in(Proof(name, passphrase, asked(SECOND_TOTP_VARIABLE, "Second person's code: ", secret=True)))


def new_passphrase() -> str:
    """Returns a passphrase that was typed twice, or taken from `MEMBER_STAFF_NEW_PASSPHRASE` or standard input.

    Raises:
        ValueError: the two differ.
    """
    first = asked(NEW_PASSPHRASE_VARIABLE, "New passphrase: ", secret=True)
    if sys.stdin.isatty() and NEW_PASSPHRASE_VARIABLE not in os.environ and getpass.getpass("Again: ") != first:
        raise ValueError("the two passphrases differ")
    return first


def asked(variable: str, prompt: str, *, secret: bool) -> str:
    """Returns what the environment, the next line of standard input, or the person at the terminal says."""
    found = os.environ.get(variable)
    if found is not None:
        return found
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    if secret:
        return getpass.getpass(prompt)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()
