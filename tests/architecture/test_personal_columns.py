"""Every column says whether it holds personal data, what for, how long and how it is erased."""

from __future__ import annotations

import re

from server_stub.storage.marks import NOT_PERSONAL, PiiMark
from tests.support.personal_data_page import marks

# Names that tell about a person wherever they stand; a column so called cannot be waved through as not personal.
TELLING = re.compile(
    r"\.(.*_)?(name|mobile|phone|email|birthday|id_number|address|detail|postcode|person_id|member_id|passphrase.*|totp.*)$"
)
# audit_event.detail holds states and reason codes; staff.totp_last_step counts half minutes.
NOT_OF_A_PERSON = {"store.name", "device.name", "audit_event.detail", "staff.totp_last_step"}


def test_every_column_is_marked() -> None:
    known = list(marks())
    assert known
    assert not [name for name, mark in known if mark != NOT_PERSONAL and not isinstance(mark, PiiMark)]


def test_a_mark_says_everything() -> None:
    empty = [name for name, mark in marks() if isinstance(mark, PiiMark) and not all((mark.purpose, mark.retention, mark.erased_by))]
    assert not empty


def test_a_telling_name_cannot_be_waved_through() -> None:
    assert not [name for name, mark in marks() if mark == NOT_PERSONAL and TELLING.search(name) and name not in NOT_OF_A_PERSON]
