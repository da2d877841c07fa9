"""What every text of every request passes: a control character is refused by the name of its field, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.message import Message

from proto.member.v1 import enrollment_pb2, feedback_pb2, sale_pb2, sync_pb2
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.rpc.fields import require_texts
from tests.unit.server_stub_shell.test_rpc_tables import METHODS


def spoiled(kind: Any, text: str) -> Iterator[tuple[str, Any]]:
    """Messages of a kind with the text in one field, each with the path of that field."""
    for field in kind.DESCRIPTOR.fields:
        if field.message_type is None:
            if field.type == field.TYPE_STRING:
                yield field.name, kind(**{field.name: [text] if field.is_repeated else text})
        elif field.message_type.full_name.startswith("member.v1."):
            for path, part in spoiled(field.message_type._concrete_class, text):
                yield f"{field.name}.{path}", kind(**{field.name: [part] if field.is_repeated else part})


# What the form's own check finds; tests/integration/server_stub_shell/test_joining_over_the_wire.py sends them.
OF_THE_FORM = tuple(f"application.{field}" for field in ("name", "mobile", "birthday", "id_number", "address", "email"))


def finding_of(message: Message) -> Finding:
    with pytest.raises(Refusal) as refused:
        require_texts(message)
    assert refused.value.reason is Reason.REQUEST_MALFORMED
    return refused.value.refused.findings[0]


def passes(message: Message) -> bool:
    try:
        require_texts(message)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("text", ["\0", "a\0b", "\x1b[31m", "\x7f", "\x9b"])
def test_a_control_character_is_named_in_every_text_of_every_request(text: str) -> None:
    tried = 0
    for method in METHODS.values():
        for path, message in spoiled(method.input_type._concrete_class, text):
            if not path.startswith(("operations.", *OF_THE_FORM)):
                assert finding_of(message) == Finding(path, Reason.REQUEST_MALFORMED)
                tried += 1
    assert tried > 150


def test_what_people_write_passes() -> None:
    require_texts(feedback_pb2.SubmitFeedbackRequest(text="很好！\r\n\tThank you 😀"))
    require_texts(sale_pb2.RecordSaleRequest())


def test_what_an_applicant_writes_is_left_to_the_check_of_the_form() -> None:
    left = [path for path, message in spoiled(enrollment_pb2.SubmitApplicationRequest, "\0") if passes(message)]
    address = ["province_code", "city_code", "district_code", "detail", "postcode"]
    names = ["name", "mobile", "birthday", "id_number", *(f"address.{field}" for field in address), "email"]
    assert left == [f"application.{name}" for name in names]


def test_one_operation_of_an_upload_does_not_refuse_the_others() -> None:
    wrong = sync_pb2.Operation(sale_return=sale_pb2.RecordReturnRequest(return_id="\0"))
    require_texts(sync_pb2.UploadRequest(operations=[wrong]))
    assert finding_of(wrong).field == "sale_return.return_id"
