"""Applications: what is refused, what is returned, what a person looks at, and what is stored of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server_stub.domain.address import PostalAddress
from server_stub.domain.application_form import ConsentChoice
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.birthday import AgeBand, ProofLevel
from server_stub.domain.id_number import check_character
from server_stub.domain.language import Language
from server_stub.domain.notices import load_notices
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.services.review.blocklist import BlockOrder
from server_stub.storage.applications import application_by_number, change_application
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.members import change_member, member_by_id
from server_stub.storage.reviews import BlockKind
from tests.support.central_service import ADMIN, DEVICE, LI, Central, adult_form, consenting

ADDRESS = PostalAddress("330000", "330100", "330102", "湖滨路 1 号 2 幢 301 室", "310000")
ID_NUMBER = "33010219850307001" + check_character("33010219850307001")
MINOR_NOTICE = load_notices().get(Language.ZH_HANS, AgeBand.FROM_14_TO_17)
NOTHING = ("application", "person", "consent", "decision", "member", "receipt", "review_task")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema_version": 2}, Reason.REQUEST_MALFORMED),
        ({"schema_version": 0}, Reason.REQUEST_MALFORMED),
        ({"channel": None}, Reason.REQUEST_MALFORMED),
        ({"language": None}, Reason.REQUEST_MALFORMED),
        ({"name": "王" * 401}, Reason.REQUEST_MALFORMED),
        ({"consents": (ConsentChoice("membership", given=True), ConsentChoice("profiling", given=True))}, Reason.REQUEST_MALFORMED),
        ({"consents": (ConsentChoice("membership", given=True), ConsentChoice("membership", given=False))}, Reason.REQUEST_MALFORMED),
        ({"age_band": None}, Reason.AGE_BAND),
        ({"age_band": AgeBand.UNDER_14, "phone_proof": ""}, Reason.GUARDIAN_NEEDED),
        ({"notice_version": "2026-06"}, Reason.NOTICE_RETIRED),
        ({"notice_version": ""}, Reason.NOTICE_RETIRED),
        ({"notice_sha256": "0" * 64}, Reason.NOTICE_TEXT),
        ({"language": Language.EN}, Reason.NOTICE_TEXT),
        ({"consents": ()}, Reason.CONSENT_MISSING),
        ({"consents": (ConsentChoice("membership", given=False),)}, Reason.CONSENT_MISSING),
        ({"age_band": AgeBand.FROM_14_TO_17, "consents": consenting("marketing")}, Reason.CONSENT_NOT_ALLOWED),
        ({"id_number": ID_NUMBER}, Reason.PURPOSE_NOT_CONSENTED),
        ({"address": ADDRESS}, Reason.PURPOSE_NOT_CONSENTED),
        ({"mobile": "02012345678"}, Reason.PHONE_NOT_MOBILE),
        ({"mobile": "abc"}, Reason.PHONE_INVALID),
        ({"phone_proof": ""}, Reason.PHONE_PROOF),
    ],
)
def test_what_may_not_be_looked_at_is_refused_and_not_stored(central: Central, change: dict[str, Any], reason: Reason) -> None:
    form = replace(adult_form(central.proof()), **change)
    with pytest.raises(Refusal) as refused:
        central.submit(form)
    assert refused.value.reason is reason
    assert {table: central.count(table) for table in NOTHING} == dict.fromkeys(NOTHING, 0)


def test_every_malformed_field_is_named(central: Central) -> None:
    long = {"name": "王" * 401, "email": "a" * 401, "address": replace(ADDRESS, detail="路" * 401)}
    consents = tuple(ConsentChoice(f"p{number}", given=True) for number in range(21))
    with pytest.raises(Refusal) as refused:
        central.submit(replace(adult_form(central.proof()), schema_version=9, channel=None, language=None, consents=consents, **long))
    found = [(finding.field, finding.reason) for finding in refused.value.refused.findings]
    assert found[:3] == [(field, Reason.REQUEST_MALFORMED) for field in ("schema_version", "channel", "language")]
    assert found[3:] == [(field, Reason.FIELD_TOO_LONG) for field in ("name", "email", "address.detail", "consents")]


def test_only_devices_submit(central: Central) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.submit(LI, central.envelope(), None)
    assert refused.value.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        ({"name": ""}, [("name", Reason.FIELD_REQUIRED)]),
        ({"name": "王3"}, [("name", Reason.NAME_DIGITS)]),
        ({"name": "王😀"}, [("name", Reason.FIELD_CHARACTERS)]),
        ({"birthday": "1985-02-30"}, [("birthday", Reason.BIRTHDAY_NOT_A_DATE)]),
        ({"birthday": "2030-01-01"}, [("birthday", Reason.BIRTHDAY_IMPOSSIBLE)]),
        ({"birthday": "2010-01-01"}, [("birthday", Reason.BIRTHDAY_AGE_BAND)]),
        ({"email": "not an address"}, [("email", Reason.EMAIL_FORM)]),
        ({"id_number": "110105491231002"}, [("id_number", Reason.ID_OLD_15)]),
        ({"id_number": ID_NUMBER, "birthday": "1985-03-08"}, [("id_number", Reason.ID_BIRTHDAY)]),
        ({"id_number": "33010220100307001" + check_character("33010220100307001")}, [("id_number", Reason.BIRTHDAY_AGE_BAND)]),
        ({"address": replace(ADDRESS, district_code="320102")}, [("address.district_code", Reason.ADDRESS_HIERARCHY)]),
        ({"address": replace(ADDRESS, detail="1")}, [("address.detail", Reason.ADDRESS_DETAIL_SHORT)]),
        ({"name": "王3", "email": "x"}, [("name", Reason.NAME_DIGITS), ("email", Reason.EMAIL_FORM)]),
    ],
)
def test_what_is_wrong_is_returned_by_field(central: Central, change: dict[str, Any], findings: list[tuple[str, Reason]]) -> None:
    answer = central.join(**{"consents": consenting("id_number", "mail"), **change})
    assert answer.state is ApplicationState.RETURNED
    assert [(f.field, f.reason) for f in answer.findings] == findings
    assert (answer.issue_grant, answer.membership_number) == ("", "")
    assert answer.receipt.number == "K03-0001"
    assert central.count("member") == 0


def test_of_a_returned_application_only_name_and_phone_are_kept(central: Central) -> None:
    central.join(email="x", birthday="1985-03-07", id_number=ID_NUMBER, address=ADDRESS, consents=consenting("id_number", "mail"))
    person = central.rows("person")[0]
    assert [person[column] for column in ("email", "birthday", "address", "id_last4", "id_token")] == [None] * 5
    assert person["name"] is not None
    assert central.count("person_match_key") == 0


def test_the_mended_application_replaces_the_returned_one(central: Central) -> None:
    returned = central.join(email="x")
    answer = central.submit(adult_form(central.proof()), replaces=returned.application_number)
    assert answer.state is ApplicationState.CARD_PENDING
    states = {row["number"]: row["state"] for row in central.rows("application")}
    assert states == {returned.application_number: "WITHDRAWN", answer.application_number: "CARD_PENDING"}


def states(central: Central) -> dict[str, str]:
    return {row["number"]: row["state"] for row in central.rows("application")}


@pytest.mark.parametrize("changes", [{}, {"email": "y"}])
def test_who_joins_again_from_the_beginning_leaves_nothing_open_behind(central: Central, changes: dict[str, Any]) -> None:
    returned = central.join(email="x")
    other = central.join(mobile="13900139000", name="王五", email="x")
    again = central.join(**changes)
    assert states(central) == {
        returned.application_number: "WITHDRAWN",
        other.application_number: "RETURNED",
        again.application_number: again.state,
    }
    first, _, last = central.rows("application")
    assert last["replaces_application_id"] == first["application_id"]
    assert [row["actor"] for row in central.rows("audit_event") if row["action"] == "application.replaced"] == [
        f"device:{DEVICE.device_id}"
    ]


def test_who_asked_after_a_returned_application_mends_it_with_the_same_proof(central: Central) -> None:
    returned = central.join(email="x")
    proof = central.proof(purpose=CodePurpose.STATUS)
    with pytest.raises(Refusal) as refused:
        central.submit(adult_form(proof))
    assert refused.value.reason is Reason.PHONE_PROOF
    answer = central.submit(adult_form(proof), replaces=returned.application_number)
    assert states(central) == {returned.application_number: "WITHDRAWN", answer.application_number: "CARD_PENDING"}


@pytest.mark.tampers
@pytest.mark.parametrize("state", [state for state in ApplicationState if state is not ApplicationState.RETURNED])
def test_only_a_returned_application_is_replaced(central: Central, state: ApplicationState) -> None:
    number = central.join(email="x").application_number

    def change(tx: Tx) -> None:
        change_application(tx, application_by_number(tx, number), {"state": state})

    central.database.write(change)
    with pytest.raises(Refusal) as refused:
        central.submit(adult_form(central.proof()), replaces=number)
    assert refused.value.reason is Reason.APPLICATION_STATE
    assert states(central) == {number: state}
    answer = central.join()
    assert states(central) == {number: state, answer.application_number: "CARD_PENDING"}


@pytest.mark.parametrize("number", ["A000000000000", "x"])
def test_an_unknown_application_cannot_be_replaced(central: Central, number: str) -> None:
    with pytest.raises(Refusal) as refused:
        central.submit(adult_form(central.proof()), replaces=number)
    assert refused.value.reason is Reason.APPLICATION_UNKNOWN


def test_another_phones_application_cannot_be_replaced(central: Central) -> None:
    returned = central.join(email="x")
    proof = central.proof("13900139000")
    with pytest.raises(Refusal) as refused:
        central.submit(adult_form(proof, mobile="13900139000"), replaces=returned.application_number)
    assert refused.value.reason is Reason.APPLICATION_UNKNOWN


def test_a_member_cannot_join_again(central: Central) -> None:
    central.join()
    with pytest.raises(Refusal) as refused:
        central.join(name="王五")
    assert refused.value.reason is Reason.MEMBER_EXISTS
    assert refused.value.refused.findings == (Finding("mobile", Reason.MEMBER_EXISTS),)


def test_an_open_application_blocks_a_second_one(central: Central) -> None:
    first = central.join(id_number="12345619850307001" + check_character("12345619850307001"), consents=consenting("id_number"))
    assert first.state is ApplicationState.IN_REVIEW
    with pytest.raises(Refusal) as refused:
        central.join()
    assert refused.value.reason is Reason.APPLICATION_OPEN


def test_an_unknown_region_is_for_a_person_and_may_be_said(central: Central) -> None:
    answer = central.join(id_number="12345619850307001" + check_character("12345619850307001"), consents=consenting("id_number"))
    assert (answer.state, answer.findings) == (ApplicationState.IN_REVIEW, (Finding("id_number", Reason.ID_REGION_UNKNOWN),))
    task = central.rows("review_task")[0]
    assert task["needed_approvals"] == 1
    assert task["due_at"] - task["opened_at"] == timedelta(hours=24)
    assert [template for template, _ in central.messages() if template != "one_time_code"] == ["application_in_review"]


@pytest.mark.parametrize(
    "fields",
    [
        {"birthday": "1985-03-07", "name": "欧阳建国"},
        {"birthday": "1985-03-07", "name": "欧阳建國"},
        {"address": replace(ADDRESS, detail="湖滨路1号2幢301"), "birthday": "1985-07-03", "consents": consenting("mail")},
        {"id_number": ID_NUMBER, "name": "王五", "consents": consenting("id_number")},
    ],
)
def test_somebody_similar_goes_to_two_people_and_is_not_told(central: Central, fields: dict[str, Any]) -> None:
    central.join(birthday="1985-03-07", id_number=ID_NUMBER, address=ADDRESS, consents=consenting("id_number", "mail"))
    answer = central.join(mobile="13900139000", **fields)
    assert (answer.state, answer.findings) == (ApplicationState.IN_REVIEW, ())
    assert central.rows("review_task")[0]["needed_approvals"] == 2


@pytest.mark.tampers
@pytest.mark.parametrize(("state", "seen"), [("ACTIVE", True), ("SUSPENDED", True), ("CLOSED", False)])
def test_a_suspended_member_cannot_join_anew_unseen(central: Central, state: str, seen: bool) -> None:
    member_id = central.member_id(central.join(birthday="1985-03-07").membership_number)
    central.database.write(lambda tx: change_member(tx, member_by_id(tx, member_id), {"state": state}))
    answer = central.join(mobile="13900139000", birthday="1985-03-07")
    assert (answer.state is ApplicationState.IN_REVIEW) is seen


def test_the_same_name_alone_is_nobody(central: Central) -> None:
    central.join(birthday="1985-03-07")
    assert central.join(mobile="13900139000").state is ApplicationState.CARD_PENDING
    assert central.join(mobile="13900139001", birthday="1990-12-30").state is ApplicationState.CARD_PENDING


def test_an_application_that_led_to_nothing_is_no_similar_member(central: Central) -> None:
    central.join(birthday="1985-03-07", email="x")
    assert central.join(mobile="13900139000", birthday="1985-03-07").state is ApplicationState.CARD_PENDING


@pytest.mark.parametrize(("kind", "value"), [(BlockKind.MOBILE, "138 0013 8000"), (BlockKind.ID, ID_NUMBER)])
def test_a_blocklist_hit_goes_to_two_people_until_it_ends(central: Central, kind: BlockKind, value: str) -> None:
    central.core.blocklist.add(ADMIN, BlockOrder(kind, value, "resold points", central.clock.now() + timedelta(days=2)))
    form = adult_form(central.proof(), id_number=ID_NUMBER, consents=consenting("id_number"))
    answer = central.submit(form)
    assert (answer.state, answer.findings) == (ApplicationState.IN_REVIEW, ())
    central.clock.advance(days=3)
    later = central.join(mobile="13900139000", id_number=ID_NUMBER, consents=consenting("id_number"))
    assert later.state is ApplicationState.CARD_PENDING


def test_every_purpose_is_recorded_silence_as_no(central: Central) -> None:
    central.join(consents=(*consenting(), ConsentChoice("marketing", given=False)))
    rows = {row["purpose"]: row for row in central.rows("consent")}
    assert {p: row["given"] for p, row in rows.items()} == {
        "membership": True,
        "id_number": False,
        "mail": False,
        "marketing": False,
    }
    row = rows["membership"]
    notice = load_notices().get(Language.ZH_HANS, AgeBand.ADULT)
    assert (row["notice_version"], row["text_sha256"]) == (notice.version, notice.text_sha256)
    assert (row["language"], row["device_id"]) == ("zh-Hans", DEVICE.device_id)


def test_refusing_every_optional_purpose_never_blocks(central: Central) -> None:
    assert central.join().state is ApplicationState.CARD_PENDING


def test_a_minor_of_14_joins_without_marketing(central: Central) -> None:
    answer = central.join(age_band=AgeBand.FROM_14_TO_17, birthday="2010-01-01", notice_sha256=MINOR_NOTICE.text_sha256)
    assert answer.state is ApplicationState.CARD_PENDING


@pytest.mark.parametrize(
    ("claimed", "fields", "kept"),
    [
        (ProofLevel.DOCUMENT, {}, "UNSPECIFIED"),
        (ProofLevel.UNSPECIFIED, {"birthday": "1985-03-07"}, "STATED"),
        (ProofLevel.STATED, {"birthday": "1985-03-07", "id_number": ID_NUMBER}, "STATED"),
        (ProofLevel.DOCUMENT, {"birthday": "1985-03-07"}, "STATED"),
        (ProofLevel.DOCUMENT, {"birthday": "1985-03-07", "id_number": ID_NUMBER}, "DOCUMENT"),
        (ProofLevel.DESK, {"birthday": "1985-03-07", "id_number": ID_NUMBER}, "STATED"),
    ],
)
def test_a_form_proves_no_birthday_by_saying_so(central: Central, claimed: ProofLevel, fields: dict[str, Any], kept: str) -> None:
    consents = consenting(*(["id_number"] if "id_number" in fields else []))
    central.join(birthday_proof=claimed, consents=consents, **fields)
    assert [row["birthday_proof"] for row in central.rows("person")] == [kept]
