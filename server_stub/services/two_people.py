"""Two people who both signed in themselves, for what moves money or points at the desk. Knows no deed."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.actors import StaffActor
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Who does it and who agrees; both signed in themselves."""

    first: StaffActor
    second: StaffActor

    def require(self, operation: Operation) -> None:
        """Lets two different people through who both may do it.

        Raises:
            Refusal: NOT_PERMITTED, SELF_APPROVAL.
        """
        for person in (self.first, self.second):
            require(person, operation)
        if self.first.name == self.second.name:
            raise refuse(Reason.SELF_APPROVAL)
