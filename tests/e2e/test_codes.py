"""Codes before the camera end to end: a real picture, the emulated camera's wire, the decoder's process, the centre, touches."""

from __future__ import annotations

import re
import time
from pathlib import Path

import grpc
import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from proto.member.v1 import enrollment_pb2
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from tests.journey.codes import CodesJourney
from tests.journey.panel import PAYMENT_CODE
from tests.journey.world import World
from tests.support.wire_calls import MOBILE, adult_application, code_order, envelope

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(300)]
CODE_LIFE_S = 60


def joined(world: World) -> str:
    """Returns the number of a member who joined over the wire with this kiosk's identity."""
    identity = world.folder / "kiosk" / "identity"
    parts = [(identity / name).read_bytes() for name in ("ca.pem", "device.key", "device.pem")]
    with grpc.secure_channel(f"localhost:{world.service_port}", grpc.ssl_channel_credentials(*parts)) as channel:
        stub = EnrollmentServiceStub(channel)
        sent = stub.SendOwnershipCode(code_order(), timeout=10)
        answer = enrollment_pb2.VerifyOwnershipCodeRequest(challenge_id=sent.challenge_id, code=world.code_for(f"+86{MOBILE}"))
        application = adult_application(channel, stub.VerifyOwnershipCode(answer, timeout=10).phone_proof)
        request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(seq=2), application=application)
        return str(stub.SubmitApplication(request, timeout=10).membership_number)


def test_a_code_leads_to_the_coupons_and_what_is_none_leads_nowhere(tmp_path: Path) -> None:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with World(tmp_path / "world", with_printer=False) as world:
        world.start_outside()
        world.start_service()
        number = joined(world)
        old, drawn_at = world.member_code(number), time.monotonic()
        world.start_kiosk()
        journey = CodesJourney(world, out=tmp_path / "pictures", number=number, old=old)
        journey.patience_s = 60
        # The photograph is a minute old when it is shown.
        journey.before["expired code"] = lambda: time.sleep(max(0.0, CODE_LIFE_S + 1 - (time.monotonic() - drawn_at)))
        played = journey.play()
        assert played[-1].state == "Attract"
        log = (world.folder / "logs" / "kiosk.log").read_text(encoding="utf-8", errors="replace")
        of_codes = r"payment code shown, \d+ so far|code shown: \w+|CheckingCode -> Scanning on \w+"
        told = re.findall(rf"({of_codes}|journey member\b|camera (?:on|off))", log)
        assert [word for word in told if "camera" not in word] == [
            "payment code shown, 1 so far",
            "code shown: foreign",
            "code shown: member",
            "CheckingCode -> Scanning on DeskRefused",
            "code shown: member",
            "journey member",
            "code shown: member",
            "CheckingCode -> Scanning on DeskRefused",
        ]
        assert [word for word in told if "camera" in word][-1] == "camera off"
        logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (world.folder / "logs").glob("*.log"))
        for secret in (PAYMENT_CODE, "example.org", "HM1:", number):
            assert secret not in logs
        audit = world.run_service_command("audit", "verify")
        assert audit
