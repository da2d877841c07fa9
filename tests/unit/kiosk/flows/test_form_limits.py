"""What can be typed at the kiosk is what the centre takes: a limit that differs would let a member type what is then refused."""

from __future__ import annotations

from kiosk.flows.register import form
from server_stub.domain import address, email_address, person_name


def test_kiosk_and_centre_agree_on_lengths() -> None:
    assert (form.DETAIL_MIN, form.DETAIL_MAX) == (address.DETAIL_MIN, address.DETAIL_MAX) == (5, 100)
    assert form.NAME_MAX == person_name.MAX_LENGTH
    assert form.EMAIL_MAX == email_address.MAX_LENGTH
