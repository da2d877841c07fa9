"""A member's number and address: who may change them, what is refused, who is told, and what another visit sees at once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from proto.member.v1 import member_pb2 as pb
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Contact, Refusal
from server_stub.rpc.member import MemberServicer
from server_stub.rpc.refusals import encoded, status_of
from server_stub.services.contacts import ContactChange, _body
from server_stub.services.enrollment.codes import CodeOrder
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central

NEW = "13900139000"
THIRD = "13700137000"
OLD_MAIL, NEW_MAIL = "ouyang@example.com", "jianguo@example.com"


class Caller:
    """A member who joined with a number and an address, and whose card is active unless said."""

    def __init__(self, central: Central, mobile: str = MOBILE, email: str = OLD_MAIL, *, is_active: bool = True) -> None:
        self.central, self.contacts = central, central.core.contacts
        self.member_id = central.member_id(central.join(mobile=mobile, email=email).membership_number)
        if is_active:
            central.activate(self.member_id)

    def by_phone(self, mobile: str = MOBILE, device=DEVICE) -> str:
        return self.central.core.members.identify(device, self.central.proof(mobile, CodePurpose.SIGN_IN, device)).visit_token

    def by(self, way: IdentifiedBy) -> str:
        def work(tx):
            return self.central.core.visits.begin(tx, member_by_id(tx, self.member_id), DEVICE, way)

        return self.central.database.write(work)

    def new_proof(self, visit: str, mobile: str = NEW, device=DEVICE) -> str:
        self.central.clock.advance(seconds=61)
        order = CodeOrder(mobile, CodePurpose.CHANGE_CONTACT, Language.EN, visit)
        enrollment = self.central.core.enrollment
        challenge = enrollment.send_code(device, self.central.envelope(), order).challenge_id
        return enrollment.verify_code(device, challenge, self.central.sent_code(mobile))

    def version(self, visit: str) -> int:
        return self.contacts.contact(DEVICE, visit).version

    def change(self, visit: str, request_id: str = "", version: int | None = None, device=DEVICE, **values: Any) -> int:
        seen = self.version(visit) if version is None else version
        return self.contacts.change(device, self.central.envelope(request_id), ContactChange(visit, seen, **values))

    def stored(self) -> tuple[str, str]:
        def work(tx):
            data = self.central.base.people.open(tx, member_by_id(tx, self.member_id).person_id)
            return data.mobile, data.email

        return self.central.database.read(work)

    def told(self, wanted: str = "contact_changed") -> list[str]:
        return [payload.recipient for template, payload in self.central.messages() if template == wanted]

    def deeds(self) -> list[dict[str, Any]]:
        return [row for row in self.central.rows("audit_event") if row["action"] == "member.contact_changed"]


@pytest.fixture
def caller(central: Central) -> Caller:
    return Caller(central)


def refused(reason: Reason):
    return pytest.raises(Refusal, match=f"^{reason.value}$")


def assert_nothing_changed(caller: Caller) -> None:
    assert caller.stored() == (f"+86{MOBILE}", OLD_MAIL)
    assert caller.told() == []
    assert caller.deeds() == []


# Refused.


@pytest.mark.parametrize("way", [way for way in IdentifiedBy if way is not IdentifiedBy.PHONE])
def test_f15_a_card_a_code_or_a_receipt_alone_changes_nothing_and_rings_no_phone(caller: Caller, way: IdentifiedBy) -> None:
    visit = caller.by(way)
    version = caller.version(visit)
    proof = caller.new_proof(caller.by_phone())
    sent = caller.central.count("ownership_code")
    with refused(Reason.HOLDER_PROOF):
        caller.new_proof(visit, THIRD)
    for values in ({"mobile": NEW, "phone_proof": proof}, {"email": NEW_MAIL}, {"remove_email": True}):
        with refused(Reason.HOLDER_PROOF):
            caller.change(visit, version=version, **values)
    assert caller.central.count("ownership_code") == sent
    assert_nothing_changed(caller)


def test_a_new_number_needs_a_code_of_its_own(caller: Caller) -> None:
    """Neither none, nor one for another number, purpose or device."""
    visit = caller.by_phone()
    proofs = (
        "",
        "otp_1.forged",
        caller.new_proof(visit, THIRD),
        caller.central.proof(NEW, CodePurpose.JOIN),
        caller.new_proof(caller.by_phone(device=OTHER_DEVICE), NEW, OTHER_DEVICE),
    )
    for proof in proofs:
        with refused(Reason.PHONE_PROOF):
            caller.change(visit, mobile=NEW, phone_proof=proof)
    assert_nothing_changed(caller)


def test_a_number_of_another_member_is_refused_and_only_its_owner_learns_that(caller: Caller) -> None:
    Caller(caller.central, NEW, "")
    visit = caller.by_phone()
    with refused(Reason.PHONE_PROOF):
        caller.change(visit, mobile=NEW)
    proof = caller.new_proof(visit)
    with pytest.raises(Refusal) as raised:
        caller.change(visit, mobile=NEW, phone_proof=proof, email=NEW_MAIL)
    assert (raised.value.reason, raised.value.refused.findings[0].field) == (Reason.MEMBER_EXISTS, "mobile")
    assert_nothing_changed(caller)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, Reason.REQUEST_MALFORMED),
        ({"mobile": "1380013800"}, Reason.PHONE_INVALID),
        ({"mobile": "057188888888"}, Reason.PHONE_NOT_MOBILE),
        ({"mobile": "+85291234567"}, Reason.PHONE_REGION),
        ({"mobile": f"+86 {MOBILE}"}, Reason.CONTACT_SAME),
        ({"email": "not an address"}, Reason.EMAIL_FORM),
        ({"email": OLD_MAIL}, Reason.CONTACT_SAME),
        ({"email": NEW_MAIL, "remove_email": True}, Reason.REQUEST_MALFORMED),
    ],
)
def test_what_is_no_number_or_address_or_no_change_is_refused(caller: Caller, values: dict[str, Any], reason: Reason) -> None:
    with refused(reason):
        caller.change(caller.by_phone(), **values)
    assert_nothing_changed(caller)


def test_a_visit_of_nobody_or_of_another_device_changes_nothing(caller: Caller) -> None:
    visit = caller.by_phone()
    for token, device in (("", DEVICE), ("vis_1.x", DEVICE), (visit, OTHER_DEVICE)):
        with refused(Reason.VISIT_OVER):
            caller.change(token, version=1, device=device, email=NEW_MAIL)
    assert_nothing_changed(caller)


def test_a_stale_version_is_aborted_with_the_contact_as_it_stands(caller: Caller) -> None:
    first, second = caller.by_phone(), caller.by_phone(device=OTHER_DEVICE)
    seen = caller.version(first)
    caller.change(second, version=seen, device=OTHER_DEVICE, email=NEW_MAIL)
    with pytest.raises(Refusal) as raised:
        caller.change(first, version=seen, email="third@example.com")
    assert status_of(raised.value.reason) is grpc.StatusCode.ABORTED
    assert raised.value.refused.contact == Contact("138****8000", "j***@example.com", seen + 1)
    on_wire = encoded(raised.value.refused).current_contact
    assert (on_wire.mobile_masked, on_wire.email_masked, on_wire.version) == ("138****8000", "j***@example.com", seen + 1)
    assert caller.stored() == (f"+86{MOBILE}", NEW_MAIL)
    assert len(caller.deeds()) == 1


# Changed.


def test_a_new_number_holds_at_once_everywhere_and_both_numbers_are_told(caller: Caller) -> None:
    elsewhere, by_card, visit = caller.by_phone(device=OTHER_DEVICE), caller.by(IdentifiedBy.CARD), caller.by_phone()
    before = caller.version(visit)
    assert caller.change(visit, mobile=NEW, phone_proof=caller.new_proof(visit)) == before + 1
    assert caller.stored() == (f"+86{NEW}", OLD_MAIL)
    assert caller.told() == [f"+86{MOBILE}", f"+86{NEW}"]
    assert caller.contacts.contact(DEVICE, visit) == Contact("139****9000", "o***@example.com", before + 1)
    for token, device in ((elsewhere, OTHER_DEVICE), (by_card, DEVICE)):
        with refused(Reason.VISIT_OVER):
            caller.central.core.members.get_member(device, token)
    assert caller.by_phone(NEW)
    caller.central.clock.advance(seconds=61)
    caller.central.send_code(MOBILE, CodePurpose.SIGN_IN)
    newest = max(caller.central.rows("ownership_code"), key=lambda row: row["created_at"])
    assert not newest["sent"]


def test_a_new_address_tells_the_old_one_and_the_new_one(caller: Caller) -> None:
    caller.change(caller.by_phone(), email=NEW_MAIL)
    assert caller.told() == [OLD_MAIL, NEW_MAIL]


def test_a_first_address_is_told_to_the_phone_too(central: Central) -> None:
    caller = Caller(central, email="")
    caller.change(caller.by_phone(), email=NEW_MAIL)
    assert caller.told() == [f"+86{MOBILE}", NEW_MAIL]


def test_number_and_address_together_tell_all_four(caller: Caller) -> None:
    visit = caller.by_phone()
    caller.change(visit, mobile=NEW, phone_proof=caller.new_proof(visit), email=NEW_MAIL)
    assert caller.told() == [f"+86{MOBILE}", f"+86{NEW}", OLD_MAIL, NEW_MAIL]


def test_an_address_that_is_removed_is_kept_no_more_and_it_and_the_phone_are_told(caller: Caller) -> None:
    visit = caller.by_phone()
    seen, request_id = caller.version(visit), caller.central.request_id()
    assert {caller.change(visit, request_id, seen, remove_email=True) for _ in range(2)} == {seen + 1}
    assert caller.stored() == (f"+86{MOBILE}", "")
    assert caller.contacts.contact(DEVICE, visit) == Contact("138****8000", "", seen + 1)
    assert caller.told("email_removed") == [OLD_MAIL, f"+86{MOBILE}"]
    assert caller.told() == []
    (deed,) = caller.deeds()
    assert deed["detail"] == {"mobile": False, "email": True, "email_removed": True}
    with refused(Reason.REQUEST_ID_REUSED):
        caller.change(visit, request_id, seen, email=NEW_MAIL)


def test_an_address_that_is_not_there_cannot_be_removed(central: Central) -> None:
    caller = Caller(central, email="")
    with pytest.raises(Refusal) as raised:
        caller.change(caller.by_phone(), remove_email=True)
    assert (raised.value.reason, raised.value.refused.findings[0].field) == (Reason.CONTACT_SAME, "email")
    assert caller.deeds() == []


def test_a_removal_with_a_new_number_tells_the_address_and_both_numbers(caller: Caller) -> None:
    visit = caller.by_phone()
    caller.change(visit, mobile=NEW, phone_proof=caller.new_proof(visit), remove_email=True)
    assert caller.stored() == (f"+86{NEW}", "")
    assert caller.told() == [f"+86{MOBILE}", f"+86{NEW}"]
    assert caller.told("email_removed") == [OLD_MAIL, f"+86{NEW}"]


def test_a_request_of_before_there_were_removals_keeps_its_digest(caller: Caller) -> None:
    change = ContactChange("visit", 1, email=NEW_MAIL)
    before = {"visit_token": "visit", "expected_version": 1, "mobile": "", "phone_proof": "", "email": NEW_MAIL}
    requests = caller.central.base.requests
    assert requests.body_mac(_body(change)) == requests.body_mac(before) != requests.body_mac(_body(replace(change, remove_email=True)))


def test_the_same_request_changes_and_tells_once_and_another_body_is_refused(caller: Caller) -> None:
    visit, request_id = caller.by_phone(), caller.central.request_id()
    seen = caller.version(visit)
    answers = {caller.change(visit, request_id, seen, email=NEW_MAIL) for _ in range(2)}
    assert answers == {seen + 1}
    assert len(caller.told()) == 2
    with refused(Reason.REQUEST_ID_REUSED):
        caller.change(visit, request_id, seen, email="third@example.com")


def test_the_trail_says_what_kind_was_changed_and_no_value(caller: Caller) -> None:
    visit = caller.by_phone()
    caller.change(visit, mobile=NEW, phone_proof=caller.new_proof(visit))
    (deed,) = caller.deeds()
    assert deed["detail"] == {"mobile": True, "email": False}
    assert not [row for row in caller.central.rows("audit_event") + caller.central.rows("request_log") if NEW in repr(row)]


def test_the_old_number_is_free_for_whoever_has_it_next_even_before_the_first_card(central: Central) -> None:
    caller = Caller(central, is_active=False)
    visit = caller.by_phone()
    caller.change(visit, mobile=NEW, phone_proof=caller.new_proof(visit))
    assert central.join().membership_number


async def test_the_wire_carries_the_change_and_the_contact(caller: Caller) -> None:
    async def run(work: Any, *values: Any) -> Any:
        return work(*values)

    ground: Any = SimpleNamespace(caller=SimpleNamespace(device=DEVICE), blocking=SimpleNamespace(run=run))
    servicer = MemberServicer(ground, caller.central.core.members, caller.contacts, SimpleNamespace())  # type: ignore[arg-type]
    visit = caller.by_phone()
    seen = (await servicer.GetContact(pb.GetContactRequest(visit_token=visit), None)).contact
    assert (seen.mobile_masked, seen.email_masked) == ("138****8000", "o***@example.com")
    request = pb.SubmitChangeRequestRequest(visit_token=visit, expected_version=seen.version, mobile=NEW, email=NEW_MAIL)
    request.phone_proof = caller.new_proof(visit)
    request.envelope.request_id = caller.central.request_id()
    request.envelope.occurred_at.FromDatetime(caller.central.clock.now())
    answer = await servicer.SubmitChangeRequest(request, None)
    assert answer.version == seen.version + 1
    assert caller.stored() == (f"+86{NEW}", NEW_MAIL)
    request = pb.SubmitChangeRequestRequest(visit_token=visit, expected_version=answer.version, remove_email=True)
    request.envelope.request_id = caller.central.request_id()
    request.envelope.occurred_at.FromDatetime(caller.central.clock.now())
    await servicer.SubmitChangeRequest(request, None)
    assert caller.stored() == (f"+86{NEW}", "")
