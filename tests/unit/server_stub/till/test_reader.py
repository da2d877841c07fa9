"""Reading scripts: what is no JSON object, what is no whole number, which lines count."""

from __future__ import annotations

import pytest

from server_stub.till.reader import NotWhole, UnreadableScript, read_lines


def lines_of(text: str | bytes) -> list[tuple[int, object]]:
    data = text.encode() if isinstance(text, str) else text
    return [(line.number, line.document) for line in read_lines(data.splitlines(keepends=True))]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        "null",
        '"op"',
        "op",
        '{"op":"sale"',
        '{"op":NaN}',
        '{"op":Infinity}',
        '{"op":-Infinity}',
        '{"op":"a","op":"b"}',
        '{"op":"a","x":{"y":1,"y":1}}',
        '{"op":01}',
        "{'op':1}",
        '{"op":1,}',
        '{"op":1} {"op":1}',
        "\u3000",
        '{"a":' * 100_000,
        "[" * 100_000,
        '{"op":"\x01"}',
    ],
    ids=lambda line: line[:20],
)
def test_what_is_no_json_object_has_no_document(line: str) -> None:
    assert lines_of(line) == [(1, None)]


def test_blank_lines_are_counted_and_left_out() -> None:
    assert lines_of('\n{"a":1}\r\n \t \n\n{"b":2}') == [(2, {"a": 1}), (5, {"b": 2})]


def test_only_a_line_feed_ends_a_line() -> None:
    text = '{"a":"x\u2028y\u0085z"}\n{"b":1}'
    assert [(line.number, line.document) for line in read_lines([part + b"\n" for part in text.encode().split(b"\n")])] == [
        (1, {"a": "x\u2028y\u0085z"}),
        (2, {"b": 1}),
    ]


@pytest.mark.parametrize(
    "literal", ["1.0", "1e3", "-0.0", "1E400", "9" * 21, "9007199254740992", "-9007199254740992", "-" + "9" * 30, "1" * 5000]
)
def test_a_number_that_is_not_written_as_a_whole_one_is_known_again(literal: str) -> None:
    [(_, document)] = lines_of(f'{{"a":{literal}}}')
    assert isinstance(document, dict)
    assert isinstance(document["a"], NotWhole)


def test_whole_numbers_are_exact() -> None:
    assert lines_of('{"a":[0,-0,-7,9007199254740991]}') == [(1, {"a": [0, 0, -7, 9007199254740991]})]


def test_a_mark_of_byte_order_at_the_beginning_is_no_error() -> None:
    assert lines_of(b'\xef\xbb\xbf{"a":1}') == [(1, {"a": 1})]


def test_what_is_not_utf_8_cannot_be_read() -> None:
    with pytest.raises(UnreadableScript, match="line 2"):
        lines_of(b'{"a":1}\n{"a":"\xff"}\n')
