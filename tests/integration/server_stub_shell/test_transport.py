"""Who gets through the door of the real process, and what it does with those who dawdle, shout or come without a deadline."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import grpc
import pytest
import sqlcipher3.dbapi2 as sqlite
from grpc_health.v1 import health_pb2, health_pb2_grpc

from proto.member.v1 import common_pb2, device_pb2, enrollment_pb2, reason_pb2
from proto.member.v1.device_pb2_grpc import DeviceServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from server_stub.domain.actors import DeviceActor
from server_stub.domain.permissions import is_allowed
from server_stub.keys.certificates import Credential, new_authority, new_device
from server_stub.rpc.device import KNOWN_FOR_S
from server_stub.rpc.permissions import HEALTH_CHECK, OPERATIONS
from tests.support.service_process import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELLO = device_pb2.HelloRequest(software_version="test")
NO_MESSAGE = b"\xff" * 100


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One running service for the tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("served") / "installation"
    shutil.copytree(made, folder)
    found = Installation(folder)
    found.start()
    yield found
    found.stop()


def authority_of(installation: Installation) -> Credential:
    tls = installation.folder / "service" / "keys" / "tls"
    return Credential((tls / "authority.crt").read_bytes(), (tls / "authority.key").read_bytes())


def with_credential(installation: Installation, credential: Credential | None) -> grpc.Channel:
    trusted = (installation.kiosk / "ca.pem").read_bytes()
    if credential is None:
        return installation.channel(grpc.ssl_channel_credentials(trusted))
    return installation.channel(grpc.ssl_channel_credentials(trusted, credential.private_key, credential.certificate))


def hello(channel: grpc.Channel, timeout: float | None = 5) -> device_pb2.HelloResponse:
    return DeviceServiceStub(channel).Hello(HELLO, timeout=timeout)


def refused(error: grpc.RpcError) -> common_pb2.Refusal:
    return common_pb2.Refusal.FromString(dict(error.trailing_metadata() or ())["member-refusal-bin"])  # type: ignore[attr-defined]


def tls(installation: Installation, **versions: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(installation.kiosk / "ca.pem"))
    context.load_cert_chain(installation.kiosk / "device.pem", installation.kiosk / "device.key")
    context.set_alpn_protocols(["h2"])
    for name, version in versions.items():
        setattr(context, name, version)
    return context


# Identity.


def test_nobody_gets_in_without_a_certificate_of_ours(served: Installation) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=3)
    strangers = {
        "none": None,
        "expired": new_device(authority_of(served), "K03", now=yesterday, days=1),
        "other authority, same name": new_device(new_authority("Neighbour Market DEVELOPMENT authority"), "K03"),
    }
    for name, credential in strangers.items():
        with with_credential(served, credential) as channel, pytest.raises(grpc.RpcError) as caught:
            hello(channel)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE, name


def test_plaintext_gets_no_answer(served: Installation) -> None:
    with grpc.insecure_channel(f"localhost:{served.port}") as channel, pytest.raises(grpc.RpcError) as caught:
        hello(channel)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_the_name_in_a_certificate_is_no_identity(served: Installation) -> None:
    """Our own authority signs, the name is right, but the register does not know the digest."""
    with with_credential(served, new_device(authority_of(served), "K03")) as channel, pytest.raises(grpc.RpcError) as caught:
        hello(channel)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert refused(caught.value).reason == reason_pb2.REASON_DEVICE_UNKNOWN


def test_a_revocation_holds_on_an_open_channel(installation: Installation) -> None:
    installation.start()
    with installation.channel() as channel:
        assert hello(channel).device_id == "K03"
        done = installation.as_person("dev-admin", "device", "revoke", "K03")
        assert done.returncode == 0, done.stderr
        time.sleep(KNOWN_FOR_S)
        with pytest.raises(grpc.RpcError) as caught:
            hello(channel)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert refused(caught.value).reason == reason_pb2.REASON_DEVICE_REVOKED


def test_nothing_below_tls_1_3_is_agreed_upon(served: Installation) -> None:
    old = tls(served, maximum_version=ssl.TLSVersion.TLSv1_2)
    with socket.create_connection(("localhost", served.port), 5) as bare, pytest.raises((ssl.SSLError, ConnectionError)):
        old.wrap_socket(bare, server_hostname="localhost").close()
    with (
        socket.create_connection(("localhost", served.port), 5) as bare,
        tls(served).wrap_socket(bare, server_hostname="localhost") as wrapped,
    ):
        assert wrapped.version() == "TLSv1.3"


# Limits.


def test_a_call_without_a_deadline_is_refused(served: Installation) -> None:
    for timeout in (None, 61.0):
        with served.channel() as channel, pytest.raises(grpc.RpcError) as caught:
            hello(channel, timeout)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert refused(caught.value).reason == reason_pb2.REASON_DEADLINE_REQUIRED


def test_an_oversized_message_is_refused_and_the_next_call_is_served(served: Installation) -> None:
    with served.channel() as channel:
        for size in (70_000, 5_000_000):
            request = enrollment_pb2.VerifyOwnershipCodeRequest(challenge_id="x" * size, code="123456")
            with pytest.raises(grpc.RpcError) as caught:
                EnrollmentServiceStub(channel).VerifyOwnershipCode(request, timeout=5)
            assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert hello(channel).device_id == "K03"


def test_bytes_that_are_no_message_are_refused_like_any_malformed_request_and_leave_no_trace_in_the_log(served: Installation) -> None:
    seen = set()
    with served.channel() as channel:
        for method, operation in OPERATIONS.items():
            with pytest.raises(grpc.RpcError) as caught:
                channel.unary_unary(method)(NO_MESSAGE, timeout=5)
            # Who may not call it at all hears that, and nothing of what was sent.
            is_ours = is_allowed(DeviceActor("K03", "S001").roles, operation)
            expected = (
                (grpc.StatusCode.INVALID_ARGUMENT, reason_pb2.REASON_REQUEST_MALFORMED)
                if is_ours
                else (grpc.StatusCode.PERMISSION_DENIED, reason_pb2.REASON_NOT_PERMITTED)
            )
            assert (caught.value.code(), refused(caught.value).reason) == expected, method
            seen.add(is_ours)
        form = enrollment_pb2.SubmitApplicationRequest(application=enrollment_pb2.Application(name="欧阳晓明")).SerializeToString()
        with pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary("/member.v1.EnrollmentService/SubmitApplication")(form.replace("阳".encode(), b"\xff\xfe\xfd"), timeout=5)
        assert refused(caught.value).reason == reason_pb2.REASON_REQUEST_MALFORMED
        with pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary(HEALTH_CHECK)(NO_MESSAGE, timeout=5)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert hello(channel).device_id == "K03"
    assert seen == {True, False}
    log = served.running[0].log.read_text()
    assert "Traceback" not in log
    assert "DecodeError" not in log


def test_a_stranger_with_bytes_that_are_no_message_is_a_stranger(served: Installation) -> None:
    with with_credential(served, new_device(authority_of(served), "K03")) as channel, pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/member.v1.DeviceService/Hello")(NO_MESSAGE, timeout=5)
    assert refused(caught.value).reason == reason_pb2.REASON_DEVICE_UNKNOWN


def test_oversized_metadata_is_refused(served: Installation) -> None:
    with served.channel() as channel:
        for size in (9_000, 20_000):
            with pytest.raises(grpc.RpcError) as caught:
                DeviceServiceStub(channel).Hello(HELLO, timeout=5, metadata=(("x-padding", "x" * size),))
            assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert hello(channel).device_id == "K03"


def test_silent_sockets_are_closed_while_others_are_served(served: Installation) -> None:
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("localhost", served.port), 5)) for _ in range(50)]
        channel = stack.enter_context(served.channel())
        assert hello(channel).device_id == "K03"
        for connection in silent:
            connection.settimeout(8)
            assert connection.recv(1) == b""
    assert 2 < time.monotonic() - began < 7


def test_pings_every_ten_seconds_are_not_too_many(installation: Installation) -> None:
    installation.settings = {"MEMBER_SERVICE_LIMITS__PING_ALLOWANCE_S": "0.2"}
    installation.start()
    options = [("grpc.keepalive_time_ms", 300), ("grpc.keepalive_permit_without_calls", 1), ("grpc.use_local_subchannel_pool", 1)]
    with grpc.secure_channel(f"localhost:{installation.port}", installation.credentials(), options) as channel:
        states: list[grpc.ChannelConnectivity] = []
        hello(channel)
        channel.subscribe(states.append)
        time.sleep(2.5)
        assert hello(channel).device_id == "K03"
    assert grpc.ChannelConnectivity.TRANSIENT_FAILURE not in states


def test_an_unknown_method_and_a_stream_are_refused(served: Installation) -> None:
    with served.channel() as channel:
        unknown = channel.unary_unary("/member.v1.DeviceService/Reboot")
        with pytest.raises(grpc.RpcError) as caught:
            unknown(b"", timeout=5)
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
        with pytest.raises(grpc.RpcError) as caught:
            next(health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=5))
        assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
        with pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")(b"", timeout=5)
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_health_says_serving_and_no_more(served: Installation) -> None:
    with served.channel() as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert answer == health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)


# The end.


def test_sigterm_amid_many_callers_ends_well(installation: Installation) -> None:
    process = installation.start()
    failed: list[grpc.StatusCode] = []
    served = 0
    stop = threading.Event()

    def caller() -> None:
        nonlocal served
        with installation.channel() as channel:
            while not stop.is_set():
                try:
                    hello(channel)
                    served += 1
                except grpc.RpcError as error:
                    failed.append(error.code())
                    return

    threads = [threading.Thread(target=caller) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.8)
    assert process.stop(signal.SIGTERM) == 0
    stop.set()
    for thread in threads:
        thread.join(10)
    assert served > 10
    # Whoever came too late found the door closed, at times with grpc's CANCELLED: the kiosk asks again after both, by the same id.
    assert set(failed) <= {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
    assert "stopped" in process.log.read_text()


def test_a_call_that_runs_at_sigterm_is_answered(installation: Installation) -> None:
    """The call waits for the database's lock, which the test holds beyond the signal."""
    process = installation.start()
    database = sqlite.connect(installation.folder / "service" / "member.db", isolation_level=None)
    key = (installation.folder / "service" / "keys" / "database-1.key").read_bytes()
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    with installation.channel() as channel, ThreadPoolExecutor(2) as threads:
        hello(channel)
        database.execute("BEGIN IMMEDIATE")
        call = threads.submit(DeviceServiceStub(channel).Heartbeat, device_pb2.HeartbeatRequest(card_reader_ok=True), timeout=9)
        time.sleep(0.4)
        ended = threads.submit(process.stop, signal.SIGTERM)
        time.sleep(0.6)
        assert not call.done()
        database.execute("COMMIT")
        assert call.result(8).HasField("server_time")
        assert ended.result(12) == 0
    database.close()


def test_production_refuses_development_keys(installation: Installation) -> None:
    installation.settings = {"MEMBER_SERVICE_PROFILE": "production"}
    done = installation.command("serve")
    assert done.returncode == 4
    assert "development" in done.stderr


def test_serve_refuses_a_database_that_was_not_migrated(installation: Installation) -> None:
    installation.settings = {"MEMBER_SERVICE_DATABASE_FILE": str(installation.folder / "empty.db")}
    done = installation.command("serve")
    assert done.returncode == 4
    assert "migrate" in done.stderr


def test_an_unknown_setting_stops_every_command(installation: Installation) -> None:
    installation.settings = {"MEMBER_SERVICE_MAIL__PROT": "25"}
    done = installation.command("keys", "list", "--json")
    assert done.returncode == 4
    assert "mail.prot" in done.stderr
    assert json.loads(done.stdout)["reason"] == "SETTINGS_WRONG"
    installation.settings = {}
    listed = json.loads(installation.command("keys", "list", "--json").stdout)["items"]
    assert {row["kind"] for row in listed} >= {"receipt", "card-master", "token"}
