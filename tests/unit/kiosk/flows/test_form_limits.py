"""What can be typed at the kiosk is what the centre takes: a limit that differs would let a member type what is then refused."""

from __future__ import annotations

import pytest

from kiosk.flows.register import form
from kiosk.flows.register.state import Field
from kiosk.ports.values import Draft
from server_stub.domain import address, email_address, person_name


def test_kiosk_and_centre_agree_on_lengths() -> None:
    assert (form.DETAIL_MIN, form.DETAIL_MAX) == (address.DETAIL_MIN, address.DETAIL_MAX) == (5, 100)
    assert form.NAME_MAX == person_name.MAX_LENGTH
    assert form.EMAIL_MAX == email_address.MAX_LENGTH


LONGEST = {
    Field.NAME: form.NAME_MAX,
    Field.ID_NUMBER: form.ID_INPUT_MAX,
    Field.EMAIL: form.EMAIL_MAX,
    Field.REFERRAL_CODE: form.REFERRAL_LENGTH,
    Field.ADDRESS: form.DETAIL_MAX,
}


@pytest.mark.parametrize("field", LONGEST)
def test_more_than_the_centre_takes_cannot_be_typed(field: Field) -> None:
    most = LONGEST[field]
    draft = form.with_text(Draft(), field, "A" * (most + 1))
    typed = draft.address.detail if field is Field.ADDRESS else getattr(draft, field.value)
    assert typed == "A" * most
