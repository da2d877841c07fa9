"""IPP messages: written as the standard shows them, and read without believing a length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.ipp_message import Attribute, IppMalformed, Tag, read_answer, write_request

# Source: RFC 8010 appendix A.1, Print-Job request, its first attributes (the document is left away).
RFC_REQUEST = bytes.fromhex(
    "0200 0002 00000001 01"
    "47 0012 617474726962757465732d63686172736574 0005 7574662d38"
    "48 001b 617474726962757465732d6e61747572616c2d6c616e6775616765 0005 656e2d7573"
    "45 000b 7072696e7465722d757269 002c 6970703a2f2f7072696e7465722e6578616d706c652e636f6d2f6970702f7072696e742f70696e6574726565"
    "42 0008 6a6f622d6e616d65 0006 666f6f626172"
    "22 0016 6970702d6174747269627574652d666964656c697479 0001 01"
    "02 21 0006 636f70696573 0004 00000014"
    "44 0005 7369646573 0013 74776f2d73696465642d6c6f6e672d65646765"
    "03"
)

# Source: RFC 8010 appendix A.3, Print-Job response (failure), status 0x040B.
RFC_REFUSAL = bytes.fromhex(
    "0200 040b 00000001 01"
    "47 0012 617474726962757465732d63686172736574 0005 7574662d38"
    "48 001b 617474726962757465732d6e61747572616c2d6c616e6775616765 0005 656e2d7573"
    "41 000e 7374617475732d6d657373616765 002f"
    "636c69656e742d6572726f722d617474726962757465732d6f722d76616c7565732d6e6f742d737570706f72746564"
    "05 21 0006 636f70696573 0004 00000014"
    "10 0005 7369646573 0000"
    "03"
)


def field(tag: int, name: str, value: bytes) -> bytes:
    return bytes([tag]) + len(name).to_bytes(2) + name.encode() + len(value).to_bytes(2) + value


def answer(*fields: bytes) -> bytes:
    return bytes.fromhex("0200 0000 00000001 04") + b"".join(fields) + b"\x03"


# --- refusals ----------------------------------------------------------------------------------------------------------


def test_every_cut_is_malformed() -> None:
    for length in range(len(RFC_REFUSAL)):
        with pytest.raises(IppMalformed):
            read_answer(RFC_REFUSAL[:length])


@pytest.mark.parametrize(
    "fields",
    [
        (field(0x21, "", b"\0\0\0\1"),),  # no attribute to belong to
        (field(0x21, "copies", b"\0\0\1"),),
        (field(0x22, "flag", b"\0\0"),),
        (field(0x33, "range", b"\0\0\0\1"),),
        (field(0x34, "media-col", b""),),  # never closed
        (field(0x34, "media-col", b""), field(0x21, "", b"\0\0\0\1"), field(0x37, "", b"")),  # a member without a name
        (field(0x34, "media-col", b""), b"\x02"),
        tuple(field(0x34, "a", b"") + field(0x4A, "", b"b") for _ in range(6)),
    ],
)
def test_what_does_not_fit_is_malformed(fields: tuple[bytes, ...]) -> None:
    with pytest.raises(IppMalformed):
        read_answer(answer(*fields))


def test_collections_are_not_followed_for_ever() -> None:
    deep = field(0x34, "a", b"") + (field(0x4A, "", b"m") + field(0x34, "", b"")) * 100_000
    with pytest.raises(IppMalformed):
        read_answer(answer(deep))


def test_a_value_outside_any_group_is_malformed() -> None:
    with pytest.raises(IppMalformed):
        read_answer(bytes.fromhex("0200 0000 00000001") + field(0x21, "copies", b"\0\0\0\1") + b"\x03")


def is_read_or_malformed(message: bytes) -> bool:
    """Read an answer; anything else that is raised fails the test."""
    try:
        return read_answer(message) is not None
    except IppMalformed:
        return True


@given(st.binary(max_size=300))
def test_no_bytes_end_as_anything_but_malformed(body: bytes) -> None:
    for message in (body, answer(body)):
        assert is_read_or_malformed(message)


@given(st.data())
def test_no_touched_answer_ends_as_anything_but_malformed(data: st.DataObject) -> None:
    message = bytearray(RFC_REFUSAL)
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    assert is_read_or_malformed(bytes(message))


# --- what holds --------------------------------------------------------------------------------------------------------


def test_a_request_is_written_as_the_standard_shows_it() -> None:
    operation = [
        Attribute("attributes-charset", Tag.CHARSET, ["utf-8"]),
        Attribute("attributes-natural-language", Tag.LANGUAGE, ["en-us"]),
        Attribute("printer-uri", Tag.URI, ["ipp://printer.example.com/ipp/print/pinetree"]),
        Attribute("job-name", Tag.NAME, ["foobar"]),
        Attribute("ipp-attribute-fidelity", Tag.BOOLEAN, [True]),
    ]
    job = [Attribute("copies", Tag.INTEGER, [20]), Attribute("sides", Tag.KEYWORD, ["two-sided-long-edge"])]
    assert write_request(0x0002, 1, [(Tag.OPERATION, operation), (Tag.JOB, job)]) == RFC_REQUEST


def test_an_answer_is_read_as_the_standard_shows_it() -> None:
    read = read_answer(RFC_REFUSAL)
    assert (read.status, read.request_id) == (0x040B, 1)
    assert read.group(Tag.OPERATION)["status-message"] == ("client-error-attributes-or-values-not-supported",)
    assert [(tag, dict(attributes)) for tag, attributes in read.groups[1:]] == [(0x05, {"copies": (20,), "sides": (b"",)})]
    assert read.group(Tag.JOB) == {}


def test_sets_ranges_and_collections_are_read() -> None:
    read = read_answer(
        answer(
            field(0x44, "printer-state-reasons", b"media-empty-report"),
            field(0x44, "", b"media-jam-warning"),
            field(0x34, "media-size-supported", b""),
            *(field(0x4A, "", b"x-dimension"), field(0x21, "", (8000).to_bytes(4))),
            *(field(0x4A, "", b"y-dimension"), field(0x33, "", (2500).to_bytes(4) + (100000).to_bytes(4))),
            field(0x37, "", b""),
            field(0x23, "printer-state", (3).to_bytes(4)),
        )
    ).group(Tag.PRINTER)
    assert read["printer-state-reasons"] == ("media-empty-report", "media-jam-warning")
    assert read["media-size-supported"] == ({"x-dimension": (8000,), "y-dimension": (range(2500, 100001),)},)
    assert read["printer-state"] == (3,)


def test_of_an_attribute_that_comes_twice_the_first_holds() -> None:
    name = "document-format-supported"
    first = field(0x49, name, b"application/pdf") + field(0x49, "", b"image/pwg-raster")
    second = field(0x49, name, b"application/octet-stream") + field(0x49, "", b"image/urf")
    read = read_answer(answer(first, second)).group(Tag.PRINTER)
    assert read["document-format-supported"] == ("application/pdf", "image/pwg-raster")


def test_a_collection_comes_back_as_it_was_written() -> None:
    size = [Attribute("x-dimension", Tag.INTEGER, [8000]), Attribute("y-dimension", Tag.INTEGER, [-1])]
    media = Attribute("media-col", Tag.BEGIN_COLLECTION, [[Attribute("media-size", Tag.BEGIN_COLLECTION, [size])]])
    read = read_answer(write_request(0, 9, [(Tag.JOB, [media])]))
    assert read.group(Tag.JOB) == {"media-col": ({"media-size": ({"x-dimension": (8000,), "y-dimension": (-1,)},)},)}
