"""Every group of published vectors that concerns this card, against the layout package; the rest is named with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.card.layout import commands, handshake, legacy
from hardware.card.layout.apdu import Command, plain
from hardware.card.layout.diversification import diversified_key
from hardware.card.layout.faults import IntegrityFault, SessionOver, StatusRefused, TruncatedResponse
from hardware.card.layout.handshake import SessionKeys, answer_challenge
from hardware.card.layout.mac import cmac, decrypt_cbc
from hardware.card.layout.messaging import Protection, SecureSession

GROUPS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "data" / "card_vectors.json").read_text())["groups"]

WALKED = {"aes_cmac", "an10922_aes128", "desfire_ev1_aes_an0945", "desfire_ev2_an12343", "ntag424_an12196"}
LEFT_OUT = {
    "desfire_transaction_mac": "the profile has no transaction MAC file yet (offline redemption)",
    "nxp_originality_secp224r1": "advisory; not read during personalisation",
    "lrp_an12304_an12343": "a mode that this card does not use",
    "sm4_gbt32907": "belongs to the file-system card",
}
H = bytes.fromhex


def test_every_group_is_walked_or_left_out_with_a_reason() -> None:
    assert set(GROUPS) == WALKED | set(LEFT_OUT)


@pytest.mark.parametrize("case", GROUPS["aes_cmac"]["cases"], ids=lambda c: f"{len(c['msg']) // 2} bytes")
def test_cmac(case: dict[str, str]) -> None:
    assert cmac(H(GROUPS["aes_cmac"]["key"]), H(case["msg"])) == H(case["cmac"])


@pytest.mark.parametrize("case", GROUPS["an10922_aes128"]["cases"], ids=lambda c: f"{len(c['m']) // 2} bytes")
def test_diversification(case: dict[str, str]) -> None:
    m = H(case["m"])
    if len(m) < 16:
        with pytest.raises(ValueError, match="16 to 31"):
            diversified_key(H(case["master"]), m)
    else:
        assert diversified_key(H(case["master"]), m) == H(case["key"])


EV1 = GROUPS["desfire_ev1_aes_an0945"]["cases"]


def test_ev1_authentication_chains_its_vectors() -> None:
    case = EV1["auth_table22"]
    (_, challenge), (token, proof) = ((H(c), H(r)) for c, r in case["apdus"])
    answered = legacy.answer_challenge(legacy.Aes(H(case["key"])), challenge[:-2], H(case["rndA"]))
    assert answered.apdu == token
    assert answered.finish(proof[:-2]) == H(case["session_key"])
    with pytest.raises(IntegrityFault):
        answered.finish(bytes(16))
    with pytest.raises(TruncatedResponse):
        answered.finish(proof[:-3])


def test_ev1_change_of_the_own_key() -> None:
    case = EV1["changekey_same_t33"]
    apdu = legacy.change_own_key(legacy.Aes(H(case["session_key"])), 0, H(case["new_key"]), case["version"])
    assert apdu[5:-1] == H(case["wire"])


def test_checksum_of_a_new_key_in_a_change_of_another_key() -> None:
    case = EV1["changekey_other_t32"]
    plain_text = decrypt_cbc(H(case["session_key"]), bytes(16), H(case["wire"])[1:])
    ours = commands.change_other_key(case["key_no"], H(case["old_key"]), H(case["new_key"]), case["version"])
    assert ours.data[:17] == plain_text[:17]
    assert ours.data[17:] == plain_text[21:25]


@pytest.mark.parametrize("name", ["mac_write_read_t25_26", "plain_cmd_45_t34", "full_write_read_t23_24"])
def test_ev1_messaging_beyond_the_first_command_is_not_used(name: str) -> None:
    assert name in EV1  # walked by the virtual card's own test, which speaks EV1


EV2 = GROUPS["desfire_ev2_an12343"]["cases"]


def keys(case: dict[str, Any]) -> SessionKeys:
    return SessionKeys(H(case["TI"]), H(case.get("ses_enc", "00" * 16)), H(case.get("ses_mac", "00" * 16)))


def test_ev2_first_authentication() -> None:
    case = EV2["auth_ev2_first_t16"]
    (begin, challenge), (token, proof) = ((H(c), H(r)) for c, r in case["apdus"])
    assert handshake.begin_first(0) == begin
    answered = answer_challenge(H(case["key"]), challenge[:-2], H(case["rndA"]))
    assert answered.apdu == token
    session = answered.finish_first(proof[:-2])
    assert session == keys(case)
    assert session.enc.hex() not in repr(session)
    with pytest.raises(IntegrityFault):
        answered.finish_first(bytes(32))


def test_ntag424_authentication() -> None:
    case = GROUPS["ntag424_an12196"]["cases"]["auth1"]
    answered = answer_challenge(H(case["key"]), H(case["picc_rndB_enc"]), H(case["rndA"]))
    assert answered.apdu[5:-1] == H(case["pcd_token"])
    assert answered.finish_first(H(case["picc_response"])) == keys(case)


def test_ev2_mac_mode() -> None:
    case = EV2["mac_write_read_t23_24"]
    session = SecureSession(keys(case), case["write"]["ctr"])
    for step, command in (
        (case["write"], Command(0x8D, H(case["write"]["header"]), H(case["write"]["data"]))),
        (case["read"], Command(0xAD, H(case["read"]["header"]))),
    ):
        exchange = session.seal(command, Protection.MAC)
        assert exchange.apdu[-9:-1] == H(step["mac"])
        data = H(case["read"]["data"]) if command.code == 0xAD else b""
        assert exchange.open(data + H(step["resp_mac"]) + b"\x91\x00") == data


def test_ev2_full_mode() -> None:
    case = EV2["full_write_read_t25_26"]
    session = SecureSession(keys(case))
    write = session.seal(commands.write_data(0, 0, H(case["write"]["data"])), Protection.FULL)
    read = session.seal(commands.read_data(0, 0, 0x30), Protection.FULL)  # sealed ahead of the first answer
    assert write.apdu[5:-1] == H(case["write"]["wire"])
    assert read.apdu[5:-1] == H(case["read"]["wire"])
    assert write.open(H(case["write"]["response"]) + b"\x91\x00") == b""
    assert read.open(H(case["read"]["response"]) + b"\x91\x00") == H(case["read"]["data"])


def test_ntag424_messages() -> None:
    cases = GROUPS["ntag424_an12196"]["cases"]
    case = cases["mac_getfilesettings"]
    exchange = SecureSession(keys(case)).seal(Command(0xF5, b"\x02"), Protection.MAC)
    assert exchange.apdu == H(case["apdu"])
    assert exchange.open(H(case["response"]) + b"\x91\x00") == H(case["response"])[:-8]
    case = cases["full_write"]
    exchange = SecureSession(keys(case)).seal(Command(0x8D, H(case["plain_header"]), H(case["data"])), Protection.FULL)
    assert exchange.apdu == H(case["apdu"])
    assert exchange.open(H(case["response"])) == b""
    case = cases["getcarduid_full"]
    exchange = SecureSession(keys(case)).seal(Command(0x51), Protection.FULL)
    assert exchange.apdu == H(case["apdu"])
    assert exchange.open(H(case["response"])) == H(case["uid"])


def test_every_changed_bit_of_an_answer_ends_the_session() -> None:
    case = GROUPS["ntag424_an12196"]["cases"]["getcarduid_full"]
    response = H(case["response"])
    for bit in range(8 * len(response)):
        session = SecureSession(keys(case))
        exchange = session.seal(Command(0x51), Protection.FULL)
        broken = bytearray(response)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises((IntegrityFault, StatusRefused, TruncatedResponse)):
            exchange.open(bytes(broken))
        with pytest.raises(SessionOver):
            exchange.open(response)
        with pytest.raises(SessionOver):
            session.seal(Command(0x51), Protection.FULL)


def test_every_cut_of_an_answer_is_refused() -> None:
    case = GROUPS["ntag424_an12196"]["cases"]["getcarduid_full"]
    response = H(case["response"])
    for length in range(len(response)):
        exchange = SecureSession(keys(case)).seal(Command(0x51), Protection.FULL)
        with pytest.raises((IntegrityFault, StatusRefused, TruncatedResponse)):
            exchange.open(response[:length])


def test_the_counter_never_wraps() -> None:
    session = SecureSession(keys(EV2["auth_ev2_first_t16"]), 0xFFFE)
    session.seal(Command(0x6A), Protection.MAC)
    with pytest.raises(SessionOver):
        session.seal(Command(0x6A), Protection.MAC)


def test_commands_refuse_more_than_a_short_apdu_holds() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        plain(Command(0x8D, bytes(256)))
