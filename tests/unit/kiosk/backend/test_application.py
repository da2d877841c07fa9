"""The form as it goes to the centre, seen by the gate that the centre sets before it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.backend.convert import application
from kiosk.ports.values import AgeBand, Draft, Language, Notice, Purpose
from proto.member.v1 import enrollment_pb2
from server_stub.domain import birthday
from server_stub.domain.language import Language as Spoken
from server_stub.domain.notices import load_notices
from server_stub.rpc.enrollment import EnrollmentServicer
from server_stub.services.enrollment.gate import Admissible, admit_form
from tests.support.wire_calls import envelope

NOTICES = load_notices()


def read_in(language: Language) -> Notice:
    """The notice in force, as the kiosk keeps it once it was read."""
    read = NOTICES.get(Spoken(language.value), birthday.AgeBand.ADULT)
    purposes = tuple(Purpose(each.purpose, each.title, each.note, each.mandatory, each.allowed) for each in read.purposes)
    return Notice(NOTICES.in_force, language, read.text_sha256, (), read.full_text, purposes)


async def admitted(message: enrollment_pb2.Application) -> Admissible:
    """What the centre's gate makes of a form that came over the wire."""
    forms: list[Any] = []

    class Blocking:
        async def run(self, _work: Any, _device: Any, _envelope: Any, command: Any) -> Any:
            forms.append(command.form)
            raise StopAsyncIteration

    ground: Any = SimpleNamespace(caller=SimpleNamespace(device=None), blocking=Blocking())
    service: Any = SimpleNamespace(submit=None)
    request = enrollment_pb2.SubmitApplicationRequest(application=message, envelope=envelope())
    with pytest.raises(StopAsyncIteration):
        await EnrollmentServicer(ground, service).SubmitApplication(request, None)
    return admit_form(forms[0], NOTICES)


@pytest.mark.parametrize("read", list(Language))
@pytest.mark.parametrize("now", list(Language))
async def test_who_switches_the_language_after_consent_is_recorded_under_the_notice_that_was_read(read: Language, now: Language) -> None:
    notice = read_in(read)
    draft = Draft(AgeBand.ADULT, notice, frozenset({"membership"}), name="欧阳小满")
    found = await admitted(application(draft, now))
    assert (found.language, found.notice.text_sha256) == (Spoken(read.value), notice.sha256)
