"""Merging of duplicate members at the head office: two people who both proved who they are, and a reason. The merge is the ledger's."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import Booked, MergeMembers, UnmergeMembers
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.merging import Merging
from server_stub.services.two_people import TwoPeople
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_number

_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: the id by which it can be undone, and the points that the survivor has."""

    merge_id: str
    points: int


class MergeDesk:
    """The use cases."""

    def __init__(self, base: Foundation, merging: Merging) -> None:
        self._base = base
        self._merging = merging

    def merge(self, people: TwoPeople, envelope: Envelope, numbers: tuple[str, str], reason: str) -> Merged:
        """Makes the first member the second; for 90 days (rules: ``unmerge_days``) it can be undone.

        Args:
            people: Both may merge, and are not the same.
            envelope: Of the request; the merge gets its id from it.
            numbers: Membership numbers: of the one that ends, and of the one that stays.
            reason: Why, in a sentence without names; kept in the trail.

        Raises:
            Refusal: NOT_PERMITTED, SELF_APPROVAL, REQUEST_MALFORMED with ``reason``, and those of ``desks.MergingDesk.merge``.
        """
        self._check(people, Operation.MERGE_MEMBERS, reason)
        merge_id = f"mrg_{envelope.request_id}"
        from_id, into_id = self._base.database.read(lambda tx: tuple(_member_id(tx, number) for number in numbers))
        command = MergeMembers(merge_id, from_id, into_id, people.first.name, people.second.name, reason.strip())
        return _merged(merge_id, self._merging.merge(people.first, envelope, command))

    def unmerge(self, people: TwoPeople, envelope: Envelope, merge_id: str, reason: str) -> Merged:
        """Undoes a merge.

        Raises:
            Refusal: NOT_PERMITTED, SELF_APPROVAL, REQUEST_MALFORMED with ``reason``, and those of ``desks.MergingDesk.unmerge``.
        """
        self._check(people, Operation.UNMERGE_MEMBERS, reason)
        command = UnmergeMembers(merge_id, people.first.name, people.second.name, reason.strip())
        return _merged(merge_id, self._merging.unmerge(people.first, envelope, command))

    def _check(self, people: TwoPeople, operation: Operation, reason: str) -> None:
        people.require(operation)
        if not reason.strip():
            raise refuse(Reason.REQUEST_MALFORMED, Finding("reason", Reason.FIELD_REQUIRED))
        if len(reason) > _LONGEST_REASON:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("reason", Reason.FIELD_TOO_LONG))


def _merged(merge_id: str, booked: Booked) -> Merged:
    after = booked.after
    return Merged(merge_id, after.available + after.pending + after.held - after.debt if after else 0)


def _member_id(tx: Tx, number: str) -> str:
    member = member_by_number(tx, number)
    if member is None:
        raise refuse(Reason.MEMBER_UNKNOWN)
    return member.member_id
