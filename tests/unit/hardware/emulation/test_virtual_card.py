"""The virtual card behaves like the chip where the product depends on it: refusals, transactions, memory, framing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card.layout import commands, handshake
from hardware.card.layout.apdu import plain
from hardware.card.layout.commands import AccessRights
from hardware.card.layout.messaging import Protection, SecureSession
from hardware.card.layout.profile import AID, CREATE_APPLICATION, CREATE_FILES, DF_NAME, SELECT
from hardware.emulation.card.kinds import Kind, card_from, new_memory
from hardware.emulation.card.memory import load, save
from hardware.emulation.card.timing import AirTime
from hardware.emulation.card.wire import FrameReader, reader_answer

ZERO = bytes(16)
FREE = AccessRights(14, 14, 14, 0)


class Host:
    """A host with the zero keys of a fresh application."""

    def __init__(self, kind: Kind = Kind.BLANK) -> None:
        self.memory = new_memory(kind)
        self.saves = 0
        self.card = card_from(self.memory, self._saved)

    def _saved(self, _memory) -> None:
        self.saves += 1

    def sw(self, apdu: bytes) -> str:
        answer = self.card.transmit(apdu)
        assert answer is not None
        return answer[-2:].hex()

    def session(self, key_number: int = 0) -> SecureSession:
        challenge = self.card.transmit(handshake.begin_first(key_number))
        answered = handshake.answer_challenge(ZERO, challenge[:-2], bytes(range(16)))
        return SecureSession(answered.finish_first(self.card.transmit(answered.apdu)[:-2]))

    def send(self, session, command, protection=Protection.MAC) -> bytes:
        exchange = session.seal(command, protection)
        return exchange.open(self.card.transmit(exchange.apdu))

    def with_files(self) -> SecureSession:
        assert self.sw(plain(CREATE_APPLICATION)) == "9100"
        assert self.sw(commands.select_application(AID)) == "9100"
        session = self.session()
        for command in CREATE_FILES:
            self.send(session, command)
        return session


@pytest.mark.parametrize(
    ("apdu", "sw"),
    [
        ("9060", "6700"),
        ("8060000000", "6e00"),
        ("00b0000000", "6d00"),
        ("00a404000100", "6a82"),
        ("9060010000", "917e"),
        ("9060000005aa", "917e"),
        ("9012000000", "911c"),
        ("90af000000", "91ca"),
        ("9071000002000000", "91ae"),
        ("90aa0000010000", "91ae"),
        ("901a0000010500", "9140"),
        ("90770000010000", "919d"),
        ("905a000003112233" + "00", "91a0"),
        ("90c4000002000000", "91ae"),
        ("9051000000", "91ae"),
        ("90fc000000", "91ae"),
        ("906f000000", "919d"),
        ("90ad0000070100000000000000", "91f0"),
    ],
)
def test_what_a_factory_card_refuses(apdu, sw) -> None:
    assert Host().sw(bytes.fromhex(apdu)) == sw


def test_a_wrong_answer_to_the_challenge_is_refused_and_does_not_open_a_session() -> None:
    host = Host()
    host.sw(plain(CREATE_APPLICATION))
    host.sw(commands.select_application(AID))
    challenge = host.card.transmit(handshake.begin_first(0))
    wrong = handshake.answer_challenge(bytes(15) + b"\x01", challenge[:-2], bytes(16))
    assert host.sw(wrong.apdu) == "91ae"
    assert host.sw(wrong.apdu) == "91ca"


def test_selecting_by_name_finds_the_application_and_ends_the_session() -> None:
    host = Host()
    host.with_files()
    assert host.sw(SELECT) == "9000"
    assert host.sw(commands.select_df_name(DF_NAME[:-1])) == "6a82"
    assert host.card.session is None


def test_a_backup_file_keeps_its_old_content_until_the_commit() -> None:
    host = Host()
    session = host.with_files()
    host.send(session, commands.write_data(2, 0, b"new" * 4), Protection.FULL)
    assert not any(host.memory.applications[0].files[1].content)
    host.card.power_on()
    assert not any(host.memory.applications[0].files[1].content)
    host.sw(commands.select_application(AID))
    session = host.session()
    host.send(session, commands.write_data(2, 0, b"new" * 4), Protection.FULL)
    host.send(session, commands.COMMIT)
    assert host.memory.applications[0].files[1].content.startswith(b"new" * 4)


def test_reading_beyond_the_end_or_with_the_wrong_key_is_refused_and_ends_the_session() -> None:
    host = Host()
    session = host.with_files()
    assert host.sw(session.seal(commands.read_data(1, 100, 29), Protection.FULL).apdu) == "91be"
    assert host.card.session is None
    host.sw(commands.select_application(AID))
    update = host.session(2)
    assert host.sw(update.seal(commands.read_data(1, 0, 10), Protection.FULL).apdu) == "91ae"


def test_the_memory_ends_and_only_formatting_gives_it_back() -> None:
    host = Host()
    host.memory.card.keys[0].kind, host.memory.card.keys[0].value = "aes", ZERO
    host.with_files()
    session = None
    for number in range(4, 12):
        host.sw(commands.select_application(AID))
        session = host.session()
        sw = host.sw(session.seal(commands.create_backup_file(number, FREE, 200), Protection.MAC).apdu)
        if sw != "9100":
            break
    assert sw == "910e"
    host.sw(commands.select_application(bytes(3)))
    session = host.session()
    host.send(session, commands.FORMAT_CARD)
    assert (host.memory.used, host.memory.applications) == (0, [])


def test_what_was_answered_was_saved_before_and_comes_back_from_its_file(tmp_path) -> None:
    host = Host()
    host.with_files()
    assert host.saves == 1 + len(CREATE_FILES)
    save(host.memory, tmp_path / "card.json")
    assert load(tmp_path / "card.json") == host.memory


def test_words_never_hold_a_key() -> None:
    memory = new_memory(Kind.LOCKED)
    words = " ".join(card_from(memory, lambda _m: None).words())
    assert memory.card.keys[0].value.hex() not in words
    assert "own value" in words


@given(st.binary(min_size=0, max_size=40))
def test_no_command_makes_the_card_fail(apdu: bytes) -> None:
    answer = Host().card.transmit(apdu)
    assert answer is not None
    assert len(answer) >= 2


@given(st.integers(0, 255), st.binary(max_size=60))
def test_no_body_of_any_command_makes_the_card_fail(code: int, body: bytes) -> None:
    host = Host()
    host.with_files()
    answer = host.card.transmit(bytes([0x90, code, 0, 0, len(body)]) + body + b"\x00")
    assert answer is not None
    assert len(answer) >= 2


@given(st.lists(st.binary(max_size=300), max_size=6), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_messages_are_cut_out_of_any_stream(messages: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(len(m).to_bytes(2, "big") + m for m in messages)
    frames, got, place = FrameReader(), [], 0
    while place < len(stream):
        step = cuts[len(got) % len(cuts)]
        got += frames.feed(stream[place : place + step])
        place += step
    assert got == messages


def test_the_reader_tells_the_uid_and_refuses_what_it_does_not_know() -> None:
    assert reader_answer(bytes.fromhex("ffca000000"), b"\x04abcdef") == b"\x04abcdef\x90\x00"
    assert reader_answer(bytes.fromhex("ffca010000"), b"\x04abcdef") == b"\x6a\x81"


def test_time_on_the_air_grows_with_bytes_and_falls_with_speed() -> None:
    assert AirTime(0).seconds(bytes(5), bytes(150)) == 0
    slow, fast = AirTime(106).seconds(bytes(13), bytes(154)), AirTime(424).seconds(bytes(13), bytes(154))
    assert slow > fast > 0.003
