"""Cuts the power of the central service at every statement of a use case: a child process dies at the nth and is looked after.

Run as ``python -m tests.support.power_cut ADDRESS CASE``; prints one JSON object: how many cuts there were and what was found wrong.
Knows no single statement: it counts them as they come, so a new one is covered without anybody remembering it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import event

from server_stub.domain.decision_reasons import DecisionReason, Verdict
from server_stub.domain.id_number import check_character
from server_stub.services.review.decisions import DecisionOrder
from tests.support.central_service import LI, Central, adult_form, central_service, consenting

UNKNOWN_REGION = "12345619850307001" + check_character("12345619850307001")
TABLES = ("application", "person", "consent", "decision", "member", "points_account", "points_entry", "coupon", "receipt", "request_log")
DIED = 9

Work = Callable[[Central], Any]


def cut_everywhere(address: str, prepare: Callable[[Central], Work]) -> dict[str, Any]:
    """Dies at the first statement, the second, and so on, until the work comes through; the same request every time."""
    with central_service(address) as central:
        work = prepare(central)
        before = {table: central.count(table) for table in TABLES}
    cuts, wrong = 0, []
    while _dies_at(address, work, cuts + 1):
        cuts += 1
        with central_service(address) as central:
            found = {table: central.count(table) for table in TABLES}
        if found != before:
            wrong.append({"statement": cuts, "before": before, "found": found})
    with central_service(address) as central:
        work(central)
        after = {table: central.count(table) for table in TABLES}
    return {"cuts": cuts, "wrong": wrong, "added": {table: after[table] - before[table] for table in TABLES}}


def _dies_at(address: str, work: Work, statement: int) -> bool:
    child = os.fork()
    if child == 0:
        with central_service(address) as central:
            left = [statement]

            @event.listens_for(central.database.writer, "before_cursor_execute")
            def count(*_: object) -> None:
                left[0] -= 1
                if left[0] == 0:
                    os._exit(DIED)

            work(central)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DIED


def joining(central: Central) -> Work:
    """A clean adult's application."""
    form, envelope = adult_form(central.proof()), central.envelope()
    return lambda again: again.submit(form, envelope)


def approving(central: Central) -> Work:
    """A reviewer's approval."""
    form = adult_form(central.proof())
    number = central.submit(replace(form, id_number=UNKNOWN_REGION, consents=consenting("id_number"))).application_number
    version = central.core.reviews.claim(LI, number).version
    order, envelope = DecisionOrder(number, Verdict.APPROVE, DecisionReason.DOCUMENT_SEEN, version), central.envelope()
    return lambda again: again.core.reviews.decide(LI, envelope, order)


def activating(central: Central) -> Work:
    """The activation after the card is good."""
    member_id = central.member_id(central.join().membership_number)
    return lambda again: again.activate(member_id)


CASES = {"joining": joining, "approving": approving, "activating": activating}

if __name__ == "__main__":
    print(json.dumps(cut_everywhere(sys.argv[1], CASES[sys.argv[2]])))
