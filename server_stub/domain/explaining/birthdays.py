"""Whether there is a birthday gift now, and what would change it. Knows no coupon."""

from __future__ import annotations

from server_stub.domain.birthday_gift import BirthdayGift
from server_stub.domain.explaining.lines import Line, iso, yuan
from server_stub.domain.reasons import Reason


def explain_birthday(judged: BirthdayGift | Reason) -> tuple[Line, ...]:
    """Returns the lines about the gift of the year."""
    if isinstance(judged, Reason):
        return (Line(f"explain.no.{judged.value}"),)
    return (Line("explain.birthday.due", {"amount": yuan(judged.terms.value_fen), "day": iso(judged.terms.valid_until)}),)
