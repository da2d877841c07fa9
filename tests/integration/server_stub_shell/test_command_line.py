"""The service's command line as staff use it, on the real database, beside the running service."""

from __future__ import annotations

import argparse
import io
import json
import time
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import grpc
import pyotp
import pytest
import sqlcipher3.dbapi2 as sqlite

from proto.member.v1 import common_pb2, device_pb2, enrollment_pb2
from proto.member.v1.device_pb2_grpc import DeviceServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from server_stub.cli.main import _parser, main
from tests.support.wire_calls import adult_application, code_order, envelope

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.service_process import Installation

MARK = "[DEVELOPMENT ACCOUNT 开发账号]"


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command that can be run."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return [found for name, below in action.choices.items() for found in commands(below, (*words, name))]
    return [words]


def items(done: Any) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout)["items"])


def submit(installation: Installation, channel: grpc.Channel, **fields: Any) -> enrollment_pb2.SubmitApplicationResponse:
    stub = EnrollmentServiceStub(channel)
    mobile = fields.get("mobile", "13800138000")
    sent = stub.SendOwnershipCode(code_order(mobile), timeout=5)
    e164 = f"%2B86{mobile}"
    for _ in range(200):
        try:
            code = installation.gateway(f"/codes?to={e164}")["code"]
            break
        except OSError:
            time.sleep(0.05)
    answer = enrollment_pb2.VerifyOwnershipCodeRequest(challenge_id=sent.challenge_id, code=code)
    proof = stub.VerifyOwnershipCode(answer, timeout=5).phone_proof
    request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(), application=adult_application(channel, proof, **fields))
    return stub.SubmitApplication(request, timeout=5)


def subjects(installation: Installation) -> list[str]:
    """Subjects of the mails that arrived."""
    return [message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] for path in installation.mails.glob("*.eml")]


def in_review(installation: Installation, channel: grpc.Channel) -> str:
    """Returns the number of an application that one person must look at: its district code is not known."""
    place = enrollment_pb2.PostalAddress(province_code="330000", city_code="330100", district_code="330199", detail="湖滨路一百号三单元")
    answer = submit(installation, channel, address=place)
    assert answer.state == enrollment_pb2.APPLICATION_STATE_IN_REVIEW
    return answer.application_number


def test_every_command_has_help_that_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    found = commands(_parser())
    assert len(found) > 20
    for words in found:
        with pytest.raises(SystemExit) as ended:
            _parser().parse_args([*words, "--help"])
        assert ended.value.code == 0
        text = capsys.readouterr().out
        assert "--json" in text
        assert "--config" in text


@pytest.mark.parametrize(
    "words",
    [
        ("staff", "list"),
        ("staff", "calls"),
        ("staff", "add", "mallory", "--display-name", "M", "--role", "ADMINISTRATOR"),
        ("staff", "reset", "dev-lin"),
        ("device", "list"),
        ("device", "enrol", "K09", "--store", "S001"),
        ("device", "revoke", "K03"),
        ("review", "list"),
        ("review", "claim", "A1"),
        ("blocklist", "list"),
        ("report", "liability"),
        ("report", "liability", "close", "--period", "2026-10"),
        ("report", "liability", "closed"),
        ("rules", "list"),
        ("points", "waiting"),
        ("members", "tier", "8800000000000000"),
        ("explain", "sale", "s1"),
        ("rules", "approve", "v1"),
    ],
)
def test_without_a_proof_nothing_is_done(
    installation: Installation, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**installation.environment, "MEMBER_STAFF_NEW_PASSPHRASE": "a passphrase long enough"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO("dev-admin\nguessed passphrase\n000000\n"))
    assert main(words) == 3
    told = capsys.readouterr()
    assert "NOT_PERMITTED" in told.err
    assert told.out == ""


def test_roles_hold_on_the_command_line(installation: Installation) -> None:
    """The administrator sees no application, a reviewer enrols no device and reads no report."""
    for name, words in {"dev-admin": ("review", "list"), "dev-lin": ("device", "list"), "dev-zhao": ("report", "liability")}.items():
        done = installation.as_person(name, *words)
        assert (done.returncode, done.stdout) == (3, ""), words
        assert "NOT_PERMITTED" in done.stderr


def test_a_stale_decision_is_told_the_present_state_and_a_senseless_one_what_there_is(installation: Installation) -> None:
    installation.start_sms()
    installation.start()
    with installation.channel() as channel:
        number = in_review(installation, channel)
    assert installation.as_person("dev-lin", "review", "claim", number).returncode == 0
    stale = ("review", "approve", number, "--reason", "REGION_CONFIRMED", "--version", "1", "--json")
    done = installation.as_person("dev-lin", *stale)
    assert "STALE_VERSION" in done.stderr
    assert json.loads(done.stdout)["present"]["version"] == 2
    back = ("review", "return", number, "--reason", "DETAILS_WRONG", "--version", "2", "--mend")
    for word, told in (("nosuchfield=NAME_DIGITS", "address.district_code"), ("name=CARD_BLOCKED", "NAME_DIGITS")):
        done = installation.command(*back, word)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr


def test_a_blocked_phone_leads_to_review(installation: Installation) -> None:
    installation.start_sms()
    installation.start()
    proof = installation.proof("dev-admin")
    words = ("blocklist", "add", "--reason", "resold points", "--until", "2027-06-30", "--json")
    done = installation.command(*words, environment={**proof, "MEMBER_BLOCKED_VALUE": "13800138000"})
    assert done.returncode == 0, done.stderr
    with installation.channel() as channel:
        assert submit(installation, channel).state == enrollment_pb2.APPLICATION_STATE_IN_REVIEW
    listed = installation.as_person("dev-admin", "blocklist", "list", "--json")
    assert [row["reason"] for row in items(listed)] == ["resold points"]
    assert "13800138000" not in listed.stdout + done.stdout


def test_a_development_account_is_announced_on_every_line(installation: Installation) -> None:
    done = installation.as_person("dev-admin", "staff", "list")
    assert done.returncode == 0
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    accounts = json.loads((installation.folder / "service" / "development-accounts.json").read_text())
    assert len(lines) == len(accounts) + 2, "each account, the head of the table, and who signed in"
    assert all(line.startswith(MARK) for line in lines)


def test_proof_comes_from_standard_input_and_a_second_account_signs_in(installation: Installation) -> None:
    proof = installation.proof("dev-admin")
    typed = "\n".join([*proof.values(), ""])
    environment = {"MEMBER_STAFF_NEW_PASSPHRASE": "lotus pond at dawn"}
    words = ("staff", "add", "sun", "--display-name", "孙", "--role", "STORE_STAFF", "--json")
    done = installation.command(*words, environment=environment, typed=typed)
    assert done.returncode == 0, done.stderr
    secret = json.loads(done.stdout)
    assert secret["provisioning_uri"].startswith("otpauth://totp/")
    code = pyotp.TOTP(secret["totp_secret"]).now()
    own = {"MEMBER_STAFF_NAME": "sun", "MEMBER_STAFF_PASSPHRASE": "lotus pond at dawn", "MEMBER_STAFF_TOTP": code}
    listed = installation.command("staff", "calls", "--json", environment=own)
    assert items(listed) == []
    assert MARK not in listed.stdout


def test_a_person_approves_an_application_and_the_applicant_hears_of_it(installation: Installation) -> None:
    installation.start_sms()
    installation.start_mail()
    installation.start()
    with installation.channel() as channel:
        number = in_review(installation, channel)
    unclaimed = ("review", "approve", number, "--reason", "REGION_CONFIRMED", "--version", "1")
    assert "TASK_NOT_CLAIMED" in installation.as_person("dev-lin", *unclaimed).stderr
    listed = items(installation.as_person("dev-zhao", "review", "list", "--json"))
    assert [(row["application_number"], row["name_masked"]) for row in listed] == [(number, "欧阳**")]
    claimed = installation.as_person("dev-lin", "review", "claim", number, "--json")
    assert claimed.returncode == 0, claimed.stderr
    task = json.loads(claimed.stdout)
    assert "TASK_CLAIMED" in installation.as_person("dev-zhao", "review", "claim", number).stderr
    words = ("review", "approve", number, "--reason", "REGION_CONFIRMED", "--version", str(task["version"]), "--json")
    decided = installation.as_person("dev-lin", *words)
    assert decided.returncode == 0, decided.stderr
    assert json.loads(decided.stdout)["state"] == "CARD_PENDING"
    end = time.monotonic() + 10
    while not any("已通过" in subject for subject in subjects(installation)):
        assert time.monotonic() < end, "the applicant was not told"
        time.sleep(0.05)
    verdict = installation.command("audit", "verify", "--json")
    assert verdict.returncode == 0, verdict.stdout


def test_a_call_from_the_kiosk_is_answered_at_the_command_line(installation: Installation) -> None:
    installation.start()
    with installation.channel() as channel:
        stub = DeviceServiceStub(channel)
        order = device_pb2.CallStaffRequest(envelope=envelope(), screen="menu", language=common_pb2.LANGUAGE_ZH_HANS)
        call = stub.CallStaff(order, timeout=5)
        assert call.state == device_pb2.STAFF_CALL_STATE_WAITING
        listed = items(installation.as_person("dev-lin", "staff", "calls", "--json"))
        assert [row["device_id"] for row in listed] == ["K03"]
        answered = installation.as_person("dev-lin", "staff", "calls", "--answer", call.call_id)
        assert answered.returncode == 0, answered.stderr
        state = stub.GetStaffCall(device_pb2.GetStaffCallRequest(call_id=call.call_id), timeout=5).state
    assert state == device_pb2.STAFF_CALL_STATE_ANSWERED


def test_a_second_kiosk_is_enrolled_and_called_by_its_own_name(installation: Installation) -> None:
    out = installation.folder / "second"
    words = ("device", "enrol", "K04", "--store", "S001", "--label", "自助服务机 04", "--out", str(out))
    done = installation.as_person("dev-admin", *words)
    assert done.returncode == 0, done.stderr
    installation.start()
    with installation.channel(installation.credentials(out, out / "ca.pem")) as channel:
        assert DeviceServiceStub(channel).Hello(device_pb2.HelloRequest(), timeout=5).device_name == "自助服务机 04"


def test_a_changed_decision_makes_verify_end_otherwise(installation: Installation) -> None:
    installation.start_sms()
    service = installation.start()
    with installation.channel() as channel:
        submit(installation, channel)
    service.stop()
    good = installation.command("audit", "verify", "--json")
    assert good.returncode == 0, good.stdout
    assert json.loads(good.stdout)["unsealed"] == 0

    database = sqlite.connect(installation.folder / "service" / "member.db", isolation_level=None)
    key = (installation.folder / "service" / "keys" / "database-1.key").read_bytes()
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    database.execute("DROP TRIGGER decision_no_update")
    (decision,) = database.execute("SELECT decision_id FROM decision").fetchone()
    database.execute("UPDATE decision SET verdict = 'REJECT'")
    wrong = installation.command("audit", "verify", "--json")
    assert wrong.returncode == 1
    assert f"ROW_CHANGED decision/{decision}" in json.loads(wrong.stdout)["first_wrong"]

    database.execute("DROP TRIGGER audit_event_no_update")
    (event,) = database.execute("SELECT event_id FROM audit_seal WHERE position = 1").fetchone()
    database.execute("UPDATE audit_event SET action = CAST(x'ff41' AS TEXT) WHERE event_id = ?", (event,))
    database.close()
    wrong = installation.command("audit", "verify")
    assert wrong.returncode == 1
    assert wrong.stderr == ""
    assert f"EVENT_CHANGED audit_event/{event} (position 1)" in wrong.stdout


def test_the_database_file_tells_nothing_without_its_key(installation: Installation) -> None:
    raw = (installation.folder / "service" / "member.db").read_bytes()
    assert not raw.startswith(b"SQLite format 3")
    for word in ("湖滨店".encode(), b"dev-admin", b"CREATE TABLE"):
        assert word not in raw


def test_develop_twice_changes_nothing(installation: Installation) -> None:
    before = (installation.kiosk / "device.pem").read_bytes()
    accounts = (installation.folder / "service" / "development-accounts.json").read_bytes()
    installation.develop()
    assert (installation.kiosk / "device.pem").read_bytes() == before
    assert (installation.folder / "service" / "development-accounts.json").read_bytes() == accounts


def test_develop_is_for_development(installation: Installation) -> None:
    installation.settings = {"MEMBER_SERVICE_PROFILE": "production"}
    done = installation.command("develop")
    assert done.returncode == 3
    assert "only in the development profile" in done.stderr


def test_a_rotated_key_signs_after_the_next_start_and_the_old_receipts_stay_good(installation: Installation) -> None:
    done = installation.command("keys", "rotate", "receipt", "--json")
    assert json.loads(done.stdout)["number"] == 2
    public = json.loads(installation.command("keys", "export-public").stdout)
    assert set(public["receipt"]) == {"1", "2"}
    refused = installation.command("keys", "rotate", "token")
    assert refused.returncode == 2


def test_a_change_of_benefits_needs_a_notice_and_a_second_person(installation: Installation, tmp_path: Path) -> None:
    texts = tmp_path / "texts.toml"
    texts.write_text('[zh-Hans]\ntitle = "题"\ntext = "文"\n[zh-Hant]\ntitle = "題"\ntext = "文"\n[en]\ntitle = "T"\n', encoding="utf-8")
    draft = ("benefits", "change", "draft", str(texts), "--effective", "2999-03-01", "--json")
    incomplete = installation.as_person("dev-qian", *draft)
    assert (incomplete.returncode, "en.text" in incomplete.stderr) == (3, True)
    texts.write_text(texts.read_text(encoding="utf-8") + 'text = "t"\n', encoding="utf-8")
    drafted = installation.as_person("dev-qian", *draft)
    assert drafted.returncode == 0, drafted.stderr
    change_id = json.loads(drafted.stdout)["change_id"]
    blocked = installation.as_person("dev-sun", "benefits", "change", "publish", change_id)
    assert blocked.returncode == 3
    assert "BENEFIT_NOTICE_MISSING" in blocked.stderr
    missing = installation.command("benefits", "change", "draft", str(tmp_path / "none.toml"), "--effective", "2999-03-01")
    assert missing.returncode == 2
