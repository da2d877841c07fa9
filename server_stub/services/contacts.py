"""How members can be reached: shown masked, changed by the member at once, both contacts told. Knows no card and no screen.

Only a member who signed in with a code to the present number changes anything (F15): a found card must not be able to take a
membership over. A new number is proved by a code of its own before it is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.email_address import mask_email, parse_email
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.mobile import mask_mobile
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Contact, Finding, Refusal, Refused, refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Running, Visits
from server_stub.storage.applications import application_by_id, change_application
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.guardians import active_link_of_child, links_of_guardian
from server_stub.storage.members import IdentifiedBy, MemberRow, change_member, end_other_visits, end_visits, member_by_mobile
from server_stub.storage.people import PersonalData, PersonRow

_NEW_NUMBER = frozenset({CodePurpose.CHANGE_CONTACT})


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What a member wants changed; empty stays as it is.

    Attributes:
        expected_version: Of the contact that the member saw.
        mobile: As typed.
        phone_proof: Of the new number, purpose CHANGE_CONTACT.
        email: As typed.
        remove_email: Keep no address any more; not together with a new one.
    """

    visit_token: str = field(repr=False)
    expected_version: int
    mobile: str = field(repr=False, default="")
    phone_proof: str = field(repr=False, default="")
    email: str = field(repr=False, default="")
    remove_email: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """A member and what is known of the person."""

    running: Running
    person: PersonRow
    data: PersonalData = field(repr=False)

    @property
    def member(self) -> MemberRow:
        return self.running.member

    @property
    def contact(self) -> Contact:
        data = self.data
        return Contact(mask_mobile(data.mobile) if data.mobile else "", mask_email(data.email), self.member.version)


class Contacts:
    """The use cases. Thread: any."""

    def __init__(self, base: Foundation, visits: Visits, codes: OwnershipCodes, notifications: Notifications) -> None:
        self._base = base
        self._visits = visits
        self._codes = codes
        self._notifications = notifications

    def contact(self, actor: Actor, visit_token: str) -> Contact:
        """Returns how the member before the device can be reached, masked.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        return self._base.database.read(lambda tx: self._known(tx, self._visits.running(tx, visit_token, device)).contact)

    def change(self, actor: Actor, envelope: Envelope, change: ContactChange) -> int:
        """Changes number, address or both, or keeps no address any more; tells the old and the new contact and returns the new version.

        A new number ends the member's other visits: they may have begun with a code to the old one.

        Raises:
            Refusal: REQUEST_MALFORMED, nothing to change, or an address to keep and to remove at once; VISIT_OVER, MEMBER_INACTIVE;
                HOLDER_PROOF, the visit did not begin with a code; GUARDIAN_CONTACT, a child's is the guardian's; STALE_VERSION with the
                contact as it stands; PHONE_INVALID, PHONE_NOT_MOBILE, PHONE_REGION, EMAIL_FORM, FIELD_TOO_LONG, CONTACT_SAME and
                MEMBER_EXISTS (another member's number), each with a finding; PHONE_PROOF; those of RequestLog.once.
        """
        device = require_device(actor, Operation.CHANGE_OWN_CONTACT)
        if not change.mobile and not change.email and not change.remove_email:
            raise refuse(Reason.REQUEST_MALFORMED)
        if change.email and change.remove_email:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("remove_email", Reason.REQUEST_MALFORMED))

        def work(tx: Tx) -> Answer:
            known = self._known(tx, self._visits.holder(tx, change.visit_token, device))
            if active_link_of_child(tx, known.member.member_id) is not None:
                raise refuse(Reason.GUARDIAN_CONTACT)
            if change.expected_version != known.member.version:
                raise _stale(known)
            wanted = self._wanted(tx, known, device, change)
            self._apply(tx, known, wanted)
            detail: dict[str, str | int | bool] = {"mobile": "mobile" in wanted, "email": "email" in wanted}
            if change.remove_email:
                detail["email_removed"] = True
            deed = Deed(device, "member.contact_changed", "member", known.member.member_id, envelope.request_id, detail)
            self._base.audit.record(tx, deed)
            self._tell(tx, known, wanted)
            return {"version": known.member.version + 1}

        version: int = self._base.requests.once(Call(device, envelope, Operation.CHANGE_OWN_CONTACT, _body(change)), work)["version"]
        return version

    def _known(self, tx: Tx, running: Running) -> _Known:
        person = self._base.people.find(tx, running.member.person_id)
        if person is None:
            raise refuse(Reason.SERVICE_FAULT)
        return _Known(running, person, self._base.people.open_row(person))

    def _wanted(self, tx: Tx, known: _Known, device: DeviceActor, change: ContactChange) -> dict[str, str]:
        wanted = {}
        if change.mobile:
            wanted["mobile"] = self._codes.number(change.mobile).e164
        if change.email:
            email = parse_email(change.email)
            if isinstance(email, Reason):
                raise refuse(email, Finding("email", email))
            wanted["email"] = email
        if change.remove_email:
            wanted["email"] = ""
        for name, value in wanted.items():
            if value == getattr(known.data, name):
                raise refuse(Reason.CONTACT_SAME, Finding(name, Reason.CONTACT_SAME))
        if change.mobile:
            self._require_own_number(tx, device, wanted["mobile"], change.phone_proof)
        return wanted

    def _require_own_number(self, tx: Tx, device: DeviceActor, mobile: str, proof: str) -> None:
        # Proved first, so that nobody learns by typing whether a stranger's number is a member's.
        token = self._codes.require_proof(tx, proof, device, _NEW_NUMBER)
        if token != self._base.tokens.mobile(mobile):
            raise refuse(Reason.PHONE_PROOF)
        if member_by_mobile(tx, token) is not None:
            raise refuse(Reason.MEMBER_EXISTS, Finding("mobile", Reason.MEMBER_EXISTS))

    def _apply(self, tx: Tx, known: _Known, wanted: dict[str, str]) -> None:
        token = self._base.tokens.mobile(wanted["mobile"]) if "mobile" in wanted else None
        if not change_member(tx, known.member, {"mobile_token": token} if token else {}):
            raise _stale(known)
        self._base.people.set_contact(tx, known.person, wanted, token)
        if token is None:
            return
        self._apply_to_children(tx, known, wanted["mobile"])
        end_other_visits(tx, known.running.visit)
        # While the first card waits the application still keeps the old number from others; the member's row keeps the new one.
        application = application_by_id(tx, known.member.application_id)
        if application is not None and application.open_mobile_token is not None:
            change_application(tx, application, {"open_mobile_token": None})

    def _apply_to_children(self, tx: Tx, known: _Known, mobile: str) -> None:
        """Takes the guardian's new number as the contact of the children too: whoever has the old one may not act for them."""
        for link in links_of_guardian(tx, known.member.member_id):
            application = application_by_id(tx, link.application_id)
            child = self._base.people.find(tx, application.person_id) if application else None
            if child is not None:
                self._base.people.set_contact(tx, child, {"mobile": mobile}, None)
            if link.child_member_id:
                end_visits(tx, link.child_member_id, tuple(IdentifiedBy))

    def _tell(self, tx: Tx, known: _Known, wanted: dict[str, str]) -> None:
        old = known.data
        new_mobile = wanted.get("mobile", old.mobile)
        if "mobile" in wanted:
            masked = mask_mobile(wanted["mobile"])
            self._send(tx, known, "mobile:old", masked, (old.mobile, ""))
            self._send(tx, known, "mobile:new", masked, (wanted["mobile"], ""))
        if wanted.get("email") == "":
            # Both hear of it: the address that is kept no more, and the phone, to which everything goes from here on.
            self._send(tx, known, "email:old", "", (old.mobile, old.email), "email_removed")
            self._send(tx, known, "email:gone", "", (new_mobile, ""), "email_removed")
        elif "email" in wanted:
            masked = mask_email(wanted["email"])
            # Without an old address the phone hears of the first one; it is the old phone that must not be left out.
            self._send(tx, known, "email:old", masked, (old.mobile, old.email))
            self._send(tx, known, "email:new", masked, (new_mobile, wanted["email"]))

    def _send(self, tx: Tx, known: _Known, which: str, changed_to: str, to: tuple[str, str], template: str = "contact_changed") -> None:
        member, (mobile, email) = known.member, to
        variables = {"membership_number": mask_membership_number(member.number), "day": business_day(tx.now).isoformat()}
        message = Notification(
            event_key=f"contact_changed:{member.member_id}:{member.version}:{which}",
            template=template,
            language=Language(known.person.language),
            mobile=mobile,
            email=email,
            person_id=known.person.person_id,
            variables={**variables, "contact": changed_to} if changed_to else variables,
        )
        self._notifications.send(tx, message)


def _stale(known: _Known) -> Refusal:
    return Refusal(Refused(Reason.STALE_VERSION, contact=known.contact))


def _body(change: ContactChange) -> object:
    """Returns what is meant; without a removal as it was before there was one, so that requests of before keep their digest."""
    if change.remove_email:
        return change
    return {name: getattr(change, name) for name in ContactChange.__slots__ if name != "remove_email"}
