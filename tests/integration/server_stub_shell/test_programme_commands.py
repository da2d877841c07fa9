"""The programme's commands as staff use them: rules in files, from lint to a published version."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from proto.member.v1 import benefit_pb2, common_pb2, enrollment_pb2, reason_pb2
from proto.member.v1.benefit_pb2_grpc import BenefitServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from server_stub.app import compose
from server_stub.cli.main import main
from server_stub.config import load
from server_stub.domain.actors import DeviceActor
from server_stub.storage.members import IdentifiedBy, member_by_number
from tests.architecture.tree import ROOT
from tests.support.wire_calls import E164, MOBILE, adult_application, envelope, refusal

if TYPE_CHECKING:
    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

SHIPPED = ROOT / "server_stub/domain/program/rule_sets"
FILE = """\
format = 1
version = "lake-1"
effective_from = 2998-01-01
based_on = "hexing-mall"

[params]
pending_days = 7
"""
# By inline tables, by arrays, and by headers, which the parser itself reads in a loop.
DEEP = {
    "tables": b"params = " + b"{a=" * 2_000 + b"1" + b"}" * 2_000,
    "arrays": b"params = " + b"[" * 5_000 + b"]" * 5_000,
    "a header": b"[" + b".".join([b"a"] * 5_000) + b"]",
    "a little": b"params = " + b"[" * 40 + b"]" * 40,
}


def test_lint_names_every_fault_and_needs_nobody(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["rules", "lint", *map(str, sorted(SHIPPED.glob("*.toml"))), "--today", "2026-11-25"]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(FILE + 'sex = "F"\ntiers = [{ name = "a", min = 5 }]\n', encoding="utf-8")
    assert main(["rules", "lint", str(faulty), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["items"]
    assert [(row["field"], row["flaw"], row["about"]) for row in rows] == [
        ("params.sex", "FORBIDDEN_ATTRIBUTE", "sex"),
        ("params.tiers.1.min", "TIERS_GAP", "0 - 4"),
    ]
    assert all(row[language] for row in rows for language in ("zh-Hans", "zh-Hant", "en"))
    twin = tmp_path / "twin.toml"
    for path, version in ((faulty, "a"), (twin, "b")):
        path.write_text(FILE.replace("lake-1", version), encoding="utf-8")
    assert main(["rules", "lint", str(faulty), str(twin)]) == 1
    assert "EFFECTIVE_TAKEN" in capsys.readouterr().out


def test_what_is_no_rule_file_is_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text("= 1", encoding="utf-8")
    assert main(["rules", "lint", str(tmp_path / "none.toml")]) == 2
    assert main(["rules", "lint", str(tmp_path / "missing.toml")]) == 2
    assert main(["rules", "show"]) == 2
    assert capsys.readouterr().err.count("wrong:") == 3


@pytest.mark.parametrize("content", [b"\xff\xfe", *DEEP.values()], ids=["no text", *DEEP])
def test_a_file_that_cannot_be_read_is_named_by_every_command(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes) -> None:
    """Protection: `read_toml` takes what no reader below it can walk through."""
    path = tmp_path / "no-document.toml"
    path.write_bytes(content)
    for words in (("rules", "lint"), ("rules", "submit"), ("benefits", "change", "draft", "--effective", "2999-03-01")):
        assert main([*words, str(path)]) == 2
        assert capsys.readouterr().err.startswith(f"wrong: {path}: ")


@pytest.mark.timeout(180)
def test_rules_are_submitted_by_one_and_published_by_another(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(FILE, encoding="utf-8")
    submitted = installation.as_person("dev-qian", "rules", "submit", str(path), "--json")
    assert submitted.returncode == 0, submitted.stderr
    assert json.loads(submitted.stdout)["state"] == "DRAFT"
    alone = installation.as_person("dev-qian", "rules", "approve", "lake-1")
    assert (alone.returncode, "SELF_APPROVAL" in alone.stderr) == (3, True)
    published = installation.as_person("dev-sun", "rules", "approve", "lake-1", "--revision", "1", "--json")
    assert published.returncode == 0, published.stderr
    found = json.loads(published.stdout)
    assert (found["state"], found["submitted_by"], found["approved_by"]) == ("PUBLISHED", "dev-qian", "dev-sun")
    edited = installation.as_person("dev-zhou", "rules", "submit", str(path))
    assert (edited.returncode, "RULES_PUBLISHED" in edited.stderr) == (3, True)
    shown = installation.as_person("dev-sun", "rules", "show", "lake-1")
    assert "银卡" in shown.stdout


@pytest.mark.timeout(180)
def test_a_member_asks_why_over_the_wire_and_the_desk_looks_behind_it(installation: Installation) -> None:
    installation.start_sms()
    installation.start()
    with installation.channel() as channel:
        number = joined(installation, channel)
        stub, said = BenefitServiceStub(channel), {"visit_token": visiting(installation, number), "language": common_pb2.LANGUAGE_EN}
        found = stub.ListBenefits(benefit_pb2.ListBenefitsRequest(**said), timeout=5).benefits
        assert [one.kind for one in found[:2]] == [benefit_pb2.BENEFIT_KIND_TIER, benefit_pb2.BENEFIT_KIND_POINTS]
        assert (found[0].text_key, found[1].lines[0].variables["points"]) == ("basic", "200")
        progress = stub.GetTierProgress(benefit_pb2.GetTierProgressRequest(**said), timeout=5)
        assert "2000.00" in [line.variables["amount"] for line in progress.lines]
        tiers = stub.ListTiers(benefit_pb2.ListTiersRequest(language=common_pb2.LANGUAGE_EN), timeout=5).tiers
        assert [tier.name for tier in tiers] == ["Basic", "Silver", "Gold", "Platinum"]
        no = stub.ExplainDecision(benefit_pb2.ExplainDecisionRequest(**said, reward_id="no-such-reward"), timeout=5)
        assert [line.key for line in no.lines] == ["explain.no.REWARD_UNKNOWN"]
        for subject, reason in (
            ({"sale_id": "s1"}, reason_pb2.REASON_SALE_UNKNOWN),
            ({"redemption_id": "r1"}, reason_pb2.REASON_REDEMPTION_UNKNOWN),
            ({}, reason_pb2.REASON_REQUEST_MALFORMED),
        ):
            with pytest.raises(grpc.RpcError) as refused:
                stub.ExplainDecision(benefit_pb2.ExplainDecisionRequest(**said, **subject), timeout=5)
            assert refusal(refused.value).reason == reason
    asked = installation.as_person("dev-lin", "points", "adjust", number, "--points", "50", "--reason", "voided twice", "--json")
    assert (asked.returncode, "CASE_MISSING" in asked.stderr) == (3, True)
    words = ("points", "adjust", number, "--points", "50", "--reason", "voided twice", "--case", "C-7", "--json")
    asked = installation.as_person("dev-qian", *words)
    assert asked.returncode == 0, asked.stderr
    adjustment = json.loads(asked.stdout)["adjustment_id"]
    alone = installation.as_person("dev-qian", "points", "approve", adjustment)
    assert (alone.returncode, "SELF_APPROVAL" in alone.stderr) == (3, True)
    booked = installation.as_person("dev-sun", "points", "approve", adjustment, "--json")
    assert json.loads(booked.stdout)["points"] == 50, booked.stderr
    tier = installation.as_person("dev-sun", "members", "tier", number, "--json")
    assert (json.loads(tier.stdout)["tier"], tier.returncode) == ("basic", 0)
    proved = ("members", "birthday", number, "--proof", "DOCUMENT", "--reason", "saw the ID card", "--json")
    told = installation.command(*proved, environment={**installation.proof("dev-zhao"), "MEMBER_BIRTHDAY": "1985-03-07"})
    assert (told.returncode, json.loads(told.stdout)["changed"]) == (0, True), told.stderr
    child = installation.command(*proved, environment={**installation.proof("dev-zhao"), "MEMBER_BIRTHDAY": "2020-03-08"})
    assert (child.returncode, json.loads(child.stdout)["reason"]) == (3, "BIRTHDAY_AGE_BAND")
    none = installation.as_person("dev-lin", "explain", "sale", "s1")
    assert (none.returncode, "SALE_UNKNOWN" in none.stderr) == (3, True)


def proven(installation: Installation, channel: grpc.Channel) -> str:
    order = enrollment_pb2.SendOwnershipCodeRequest(
        envelope=envelope(), mobile=MOBILE, purpose=enrollment_pb2.CODE_PURPOSE_JOIN, language=common_pb2.LANGUAGE_ZH_HANS
    )
    stub = EnrollmentServiceStub(channel)
    challenge_id = stub.SendOwnershipCode(order, timeout=5).challenge_id
    for _ in range(100):
        try:
            code = str(installation.gateway(f"/codes?to=%2B{E164[1:]}")["code"])
            break
        except OSError:
            time.sleep(0.1)
    return stub.VerifyOwnershipCode(enrollment_pb2.VerifyOwnershipCodeRequest(challenge_id=challenge_id, code=code), timeout=5).phone_proof


def joined(installation: Installation, channel: grpc.Channel) -> str:
    application = adult_application(channel, proven(installation, channel))
    request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(), application=application)
    return EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5).membership_number


def visiting(installation: Installation, number: str) -> str:
    """A visit at the kiosk without waiting the minute that lies between two codes."""
    parts = compose(load(None, {**os.environ, **installation.environment}))
    try:

        def begin(tx: Tx) -> str:
            member = member_by_number(tx, number)
            assert member is not None
            return parts.core.visits.begin(tx, member, DeviceActor("K03", "S001"), IdentifiedBy.PHONE)

        return parts.database.write(begin)
    finally:
        parts.close()


def test_merging_asks_for_a_second_person_who_signs_in(installation: Installation) -> None:
    words = ("members", "merge", "1", "2", "--reason", "one person")

    def second(name: str) -> dict[str, str]:
        return {key.replace("MEMBER_STAFF", "MEMBER_SECOND"): value for key, value in installation.proof(name).items()}

    alone = installation.as_person("dev-qian", *words)
    assert alone.returncode == 3, alone.stderr
    for name, reason in (("dev-admin", "NOT_PERMITTED"), ("dev-sun", "MEMBER_UNKNOWN")):
        refused = installation.command(*words, environment={**installation.proof("dev-qian"), **second(name)})
        assert (refused.returncode, reason in refused.stderr) == (3, True), refused.stderr
