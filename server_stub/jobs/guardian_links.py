"""Ends the links of children who have turned 14: from that day the guardian's consent is not needed and the guardian may not act for them.

Only a stored birthday says so, and birthdays are sealed: every active link is opened once a run. Knows no scheduler: the composition root
calls ``run`` every hour.
"""

from __future__ import annotations

from datetime import date

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.guardianship import is_of_age
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require
from server_stub.jobs.housekeeping import HOUSEKEEPER
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.telling import Telling
from server_stub.storage.database import Tx
from server_stub.storage.guardians import LinkRow, LinkState, active_links_after, change_link
from server_stub.storage.members import member_by_id

_BATCH = 200


class GuardianLinks:
    """The job."""

    def __init__(self, base: Foundation, telling: Telling) -> None:
        self._base = base
        self._telling = telling

    def run(self, actor: Actor = HOUSEKEEPER) -> int:
        """Ends what is due and returns how many links that were; running it twice changes nothing.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        ended, after = 0, ""
        while True:
            links = self._base.database.read(lambda tx, after=after: active_links_after(tx, after, _BATCH))  # type: ignore[misc]
            if not links:
                return ended
            ended += self._base.database.write(lambda tx, links=links: sum(self._end(tx, actor, link) for link in links))  # type: ignore[misc]
            after = links[-1].link_id

    def _end(self, tx: Tx, actor: Actor, link: LinkRow) -> bool:
        child = member_by_id(tx, link.child_member_id) if link.child_member_id else None
        birthday = self._base.people.open(tx, child.person_id).birthday if child else ""
        if child is None or not birthday or not is_of_age(date.fromisoformat(birthday), business_day(tx.now)):
            return False
        if not change_link(tx, link, {"state": LinkState.CAME_OF_AGE, "ended_at": tx.now}):
            return False  # taken back, or ended by another process, in this moment
        self._base.audit.record(tx, Deed(actor, "guardian.link_ended", "guardian_link", link.link_id))
        variables = {"membership_number": mask_membership_number(child.number)}
        self._telling.tell(tx, link.guardian_member_id, ("guardian_ended", f"guardian_ended:{link.link_id}"), lambda _language: variables)
        return True
