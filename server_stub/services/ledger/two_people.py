"""The rule that one proposes and another agrees. Knows no deed."""

from __future__ import annotations

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse


def require_two_people(by: str, approved_by: str | None) -> str:
    """Returns who agreed.

    Raises:
        Refusal: SECOND_PERSON_MISSING, SELF_APPROVAL.
    """
    if approved_by is None:
        raise refuse(Reason.SECOND_PERSON_MISSING)
    if approved_by == by:
        raise refuse(Reason.SELF_APPROVAL)
    return approved_by
