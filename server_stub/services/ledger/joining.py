"""Takes in members who come without an application: from another programme, or from a till script. Gives no welcome benefits."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.birthday import GUARDIAN_BELOW_AGE, AgeBand, ProofLevel
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.ledger.calendar import age_on
from server_stub.domain.ledger_commands import Booked, JoinProgram
from server_stub.domain.numbering import new_application_number
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.ledger.booking import Booking, Written
from server_stub.services.ledger.books import Books
from server_stub.services.membership import Entrant, Memberships
from server_stub.services.requests import Call
from server_stub.storage.applications import ApplicationRow, add_application
from server_stub.storage.members import member_by_id
from server_stub.storage.merges import ProgramJoinRow, add_program_join
from server_stub.storage.people import PersonalData, PersonFacts

CHANNEL = "PROGRAM"


class Joining:
    """The desk for members without an application; they have one all the same, so that nothing need ask how a member came."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking
        self._base = booking.base
        self._memberships = Memberships(booking.base)

    def join(self, actor: Actor, envelope: Envelope, command: JoinProgram) -> Booked:
        """Makes the membership; see ``desks.JoiningDesk``."""
        call = Call(actor, envelope, Operation.JOIN_PROGRAM, command)
        return self._booking.once(call, lambda books: self._join(books, call, command)).booked

    def _join(self, books: Books, call: Call, command: JoinProgram) -> Written:
        tx = books.tx
        if member_by_id(tx, command.member_id) is not None:
            raise refuse(Reason.DUPLICATE_ID)
        joined_on = command.joined_on or books.today
        _check_days(books, command)
        application = self._application(books, self._person(books, command))
        self._memberships.enter(tx, Entrant(command.member_id, application, None, joined_on, activated_at=tx.now))
        account = books.of_member(command.member_id)
        for year, points in command.tier_points.items():
            account.book.count_year(account.row.account_id, year, points)
        # Joining is an activity, and of its own day, however long ago the membership began elsewhere.
        account.book.note_activity(books.today)
        step = account.next_step()
        books.save()
        add_program_join(tx, ProgramJoinRow(command.member_id, command.guardian_id, call.envelope.request_id, step, tx.now))
        self._booking.record(books, call, "member.taken_in", ("member", command.member_id))
        return Written(command.member_id, (), account.standing(), {})

    def _person(self, books: Books, command: JoinProgram) -> str:
        """Stores the person and returns the id."""
        person_id = self._base.ids.new("per")
        facts = PersonFacts(
            person_id=person_id,
            mobile_token=None,
            id_token=self._base.tokens.id_number(command.id_token) if command.id_token else None,
            birthday_proof=(ProofLevel.STATED if command.birthday else ProofLevel.UNSPECIFIED).value,
            age_band=AgeBand.FROM_14_TO_17.value if command.is_minor else "",
            language=Language.ZH_HANS.value,
        )
        birthday = command.birthday.isoformat() if command.birthday else ""
        self._base.people.add(books.tx, facts, PersonalData(birthday=birthday))
        return person_id

    def _application(self, books: Books, person_id: str) -> ApplicationRow:
        now = books.tx.now
        row = ApplicationRow(
            application_id=self._base.ids.new("app"),
            number=new_application_number(self._base.random_below),
            person_id=person_id,
            state=ApplicationState.ACTIVE,
            version=1,
            findings=(),
            open_mobile_token=None,
            channel=CHANNEL,
            schema_version=0,
            device_id="",
            store_id="",
            notice_version="",
            rules_version=books.rules.version,
            replaces_application_id=None,
            occurred_at=now,
            submitted_at=now,
            state_since=now,
        )
        add_application(books.tx, row)
        return row


def _check_days(books: Books, command: JoinProgram) -> None:
    if any(day is not None and day > books.today for day in (command.joined_on, command.birthday)):
        raise refuse(Reason.FUTURE_DATE)
    if command.birthday is None or command.guardian_id is not None:
        return
    if age_on(command.birthday, books.today, books.rules.parameters.feb29) < GUARDIAN_BELOW_AGE:
        raise refuse(Reason.GUARDIAN_NEEDED)
