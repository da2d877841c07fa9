"""A friend's code on its way from the kiosk's form to the referral at the centre, through gateway, messages and servicer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import grpc
import pytest

from kiosk.backend.enrollment import EnrollmentGateway
from kiosk.ports.values import AgeBand, Draft, Language, Notice, Purpose, RequestId
from proto.member.v1.common_pb2 import Envelope
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.rpc.enrollment import EnrollmentServicer
from tests.support.central_service import DEVICE, Central, adult_form
from tests.unit.server_stub.services.test_referrals import FRIENDS, NAMES, referral, referrer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kiosk.backend.caller import Caller
    from kiosk.ports.journal import Journal


class Blocking:
    """Runs a use case at once."""

    async def run(self, work: Any, *values: Any) -> Any:
        return work(*values)


class Line:
    """A wire without a network: each message goes through its bytes."""

    def __init__(self, central: Central) -> None:
        ground: Any = SimpleNamespace(caller=SimpleNamespace(device=DEVICE), blocking=Blocking())
        self._central = central
        self._servicer = EnrollmentServicer(ground, central.core.enrollment)

    async def mutate(self, _method: Any, request: Any, request_id: str, _kind: Any, _subject: str = "") -> Any:
        envelope = Envelope(request_id=request_id, device_seq=1)
        envelope.occurred_at.FromDatetime(self._central.clock.now())
        request.envelope.CopyFrom(envelope)
        return await self._servicer.SubmitApplication(type(request).FromString(request.SerializeToString()), None)


@pytest.fixture
async def gateway(central: Central) -> AsyncIterator[EnrollmentGateway]:
    channel = grpc.aio.insecure_channel("unix:/nonexistent")
    yield EnrollmentGateway(channel, cast("Caller", Line(central)), cast("Journal", None))
    await channel.close()


def draft(central: Central, code: str) -> Draft:
    form = adult_form("")
    notice = Notice(form.notice_version, Language.ZH_HANS, form.notice_sha256, (), "", (Purpose("membership", "", "", True, True),))
    proof = central.proof(FRIENDS[0])
    return Draft(AgeBand.ADULT, notice, frozenset({"membership"}), FRIENDS[0], phone_proof=proof, name=NAMES[0], referral_code=code)


async def test_a_code_that_nobody_has_is_a_finding_of_its_field_and_nothing_is_stored(central: Central, gateway: EnrollmentGateway) -> None:
    referrer(central)
    before = central.count("application")
    with pytest.raises(Refusal) as refused:
        await gateway.submit(RequestId(central.request_id()), draft(central, "R00000000"), Language.ZH_HANS)
    assert [(f.field, f.reason) for f in refused.value.refused.findings] == [("referral_code", Reason.REFERRAL_CODE_UNKNOWN)]
    assert (central.count("application"), central.count("referral")) == (before, 0)


@pytest.mark.parametrize(("is_given", "count"), [(True, 1), (False, 0)])
async def test_a_code_from_the_form_becomes_a_referral_and_none_becomes_none(
    central: Central, gateway: EnrollmentGateway, is_given: bool, count: int
) -> None:
    _, code = referrer(central)
    submitted = await gateway.submit(RequestId(central.request_id()), draft(central, code if is_given else ""), Language.ZH_HANS)
    assert submitted.issue_grant
    assert central.count("referral") == count
    if is_given:
        assert referral(central) == ("PENDING", "")
