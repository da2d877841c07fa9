"""Merging at the head office: two people who both may, a reason, nobody with an open case; points conserved there and back."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.ledger_commands import MergeMembers
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.merge_desk import Merged
from server_stub.services.two_people import TwoPeople
from server_stub.storage.members import IdentifiedBy, MemberState, change_member, member_by_id
from tests.support.central_service import DEVICE, LI, Central
from tests.support.ledger_desk import Counter
from tests.unit.server_stub.services.test_feedback import submit

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))
QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
TWO = TwoPeople(ZHAO, QIAN)
WHY = "one person, two phones"


@pytest.fixture
def counter(central: Central) -> Counter:
    made = Counter(central).rules().join("m1", "m2")
    made.adjust(300, "m1")
    made.adjust(50, "m2")
    return made


def numbers(central: Central) -> tuple[str, str]:
    found = {row["member_id"]: row["number"] for row in central.rows("member")}
    return found["m1"], found["m2"]


def merge(central: Central, people: TwoPeople = TWO, reason: str = WHY, which: tuple[str, str] | None = None) -> Merged:
    return central.core.merge_desk.merge(people, central.envelope(), which or numbers(central), reason)


@pytest.mark.parametrize(
    ("people", "reason", "expected"),
    [
        (TwoPeople(LI, QIAN), WHY, Reason.NOT_PERMITTED),
        (TwoPeople(ZHAO, LI), WHY, Reason.NOT_PERMITTED),
        (TwoPeople(ZHAO, ZHAO), WHY, Reason.SELF_APPROVAL),
        (TwoPeople(ZHAO, QIAN), " ", Reason.REQUEST_MALFORMED),
        (TwoPeople(ZHAO, QIAN), "x" * 201, Reason.REQUEST_MALFORMED),
    ],
)
def test_who_may_not_merges_nothing(central: Central, counter: Counter, people: TwoPeople, reason: str, expected: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        merge(central, people, reason)
    assert refused.value.reason is expected
    assert (central.count("member_merge"), counter.free("m1"), counter.free("m2")) == (0, (300, 0, 0, 0), (50, 0, 0, 0))


def test_nobody_merges_in_anothers_name_or_with_who_is_not_there(central: Central, counter: Counter) -> None:
    with pytest.raises(Refusal) as refused:
        counter.ledger.merging.merge(ZHAO, central.envelope(), MergeMembers("g", "m1", "m2", "anna", "bo"))
    assert refused.value.reason is Reason.NOT_PERMITTED
    with pytest.raises(Refusal) as refused:
        merge(central, which=(numbers(central)[0], "0"))
    assert refused.value.reason is Reason.MEMBER_UNKNOWN


def test_points_are_the_same_there_and_back_and_the_trail_says_who_and_why(central: Central, counter: Counter) -> None:
    done = merge(central)
    assert (done.points, counter.free("m2")) == (350, (350, 0, 0, 0))
    said = [row for row in central.rows("audit_event") if row["action"] == "members.merged"]
    assert [(row["actor"], row["subject_key"]) for row in said] == [("staff:zhao", done.merge_id)]
    assert "qian" in str(said[0]["detail"])
    back = central.core.merge_desk.unmerge(TwoPeople(QIAN, ZHAO), central.envelope(), done.merge_id, "they are two")
    assert (back.points, counter.free("m1"), counter.free("m2")) == (50, (300, 0, 0, 0), (50, 0, 0, 0))
    counter.prove()


def test_after_ninety_days_it_stays(central: Central, counter: Counter) -> None:
    done = merge(central)
    central.clock.advance(days=91)
    with pytest.raises(Refusal) as refused:
        central.core.merge_desk.unmerge(TwoPeople(ZHAO, QIAN), central.envelope(), done.merge_id, WHY)
    assert refused.value.reason is Reason.UNMERGE_TOO_LATE


@pytest.mark.parametrize("disputed", ["m1", "m2"])
def test_an_open_case_of_either_stops_merging_and_parting(central: Central, counter: Counter, disputed: str) -> None:
    counter.join("m3")
    done = merge(central)
    complain(central, "m3" if disputed == "m1" else "m2")
    third = next(row["number"] for row in central.rows("member") if row["member_id"] == "m3")
    with pytest.raises(Refusal) as refused:
        merge(central, which=(third, numbers(central)[1]))
    assert refused.value.reason is Reason.OPEN_DISPUTE
    if disputed == "m2":
        with pytest.raises(Refusal) as refused:
            central.core.merge_desk.unmerge(TWO, central.envelope(), done.merge_id, WHY)
        assert refused.value.reason is Reason.OPEN_DISPUTE


@pytest.mark.tampers
@pytest.mark.parametrize("state", [state for state in MemberState if state not in {MemberState.ACTIVE, MemberState.MERGED}])
@pytest.mark.parametrize("ended", ["m1", "m2"])
def test_a_membership_that_is_suspended_or_ended_is_merged_with_nothing(
    central: Central, counter: Counter, ended: str, state: MemberState
) -> None:
    put(central, ended, state)
    with pytest.raises(Refusal) as refused:
        merge(central)
    assert refused.value.reason is Reason.MEMBER_INACTIVE
    assert (central.count("member_merge"), counter.free("m1"), counter.free("m2")) == (0, (300, 0, 0, 0), (50, 0, 0, 0))


@pytest.mark.tampers
def test_parting_makes_no_membership_alive_that_ended_meanwhile(central: Central, counter: Counter) -> None:
    done = merge(central)
    put(central, "m1", MemberState.CLOSED)
    with pytest.raises(Refusal) as refused:
        central.core.merge_desk.unmerge(TWO, central.envelope(), done.merge_id, WHY)
    assert refused.value.reason is Reason.MEMBER_INACTIVE
    assert {row["member_id"]: row["state"] for row in central.rows("member")}["m1"] == MemberState.CLOSED
    assert counter.free("m2") == (350, 0, 0, 0)


@pytest.mark.tampers
def test_a_membership_that_ended_earns_nothing_more(central: Central, counter: Counter) -> None:
    put(central, "m1", MemberState.CLOSED)
    with pytest.raises(Refusal) as refused:
        counter.sell(10_000, "m1")
    assert refused.value.reason is Reason.MEMBER_INACTIVE
    assert (central.count("sale"), counter.free("m1")) == (0, (300, 0, 0, 0))


def put(central: Central, member_id: str, state: MemberState) -> None:
    """Puts a membership into a state, as its desk would."""

    def change(tx: Any) -> None:
        member = member_by_id(tx, member_id)
        assert member is not None
        assert change_member(tx, member, {"state": state})

    central.database.write(change)


def complain(central: Central, member_id: str) -> None:
    """Leaves an open case of the member."""

    def begin(tx: Any) -> str:
        return central.core.visits.begin(tx, member_by_id(tx, member_id), DEVICE, IdentifiedBy.PHONE)

    submit(central, visit_token=central.database.write(begin))
