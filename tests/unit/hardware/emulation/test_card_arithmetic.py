"""The virtual card's own arithmetic against the published vectors; it shares no code with the host's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.emulation.card.ciphers import ChipCipher, crc32
from hardware.emulation.card.sessions import Ev1Session, Ev2Session, Mode
from hardware.emulation.card.status import Refuse

GROUPS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "data" / "card_vectors.json").read_text())["groups"]
EV1 = GROUPS["desfire_ev1_aes_an0945"]["cases"]
EV2 = GROUPS["desfire_ev2_an12343"]["cases"]
H = bytes.fromhex


@pytest.mark.parametrize("case", GROUPS["aes_cmac"]["cases"], ids=lambda c: f"{len(c['msg']) // 2} bytes")
def test_cmac(case) -> None:
    assert ChipCipher(H(GROUPS["aes_cmac"]["key"]), 16).cmac(H(case["msg"])) == H(case["cmac"])


def test_cmac_of_3des() -> None:
    # NIST SP 800-38B appendix D.4 example 13: three-key 3DES, empty message, and example 14: 8 bytes.
    cipher = ChipCipher(H("8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5"), 8)
    assert cipher.cmac(b"") == H("b7a688e122ffaf95")
    assert cipher.cmac(H("6bc1bee22e409f96")) == H("8e8f293136283797")


def test_checksum_is_the_usual_one_without_its_last_inversion() -> None:
    assert (int.from_bytes(crc32(b"123456789"), "little") ^ 0xFFFFFFFF) == 0xCBF43926


def ev1(case: dict[str, Any]) -> Ev1Session:
    return Ev1Session(0, ChipCipher(H(case["session_key"]), 16))


def test_ev1_full_protection() -> None:
    case = EV1["full_write_read_t23_24"]
    session, write, read = ev1(case), case["write"], case["read"]
    assert session.receive(int(write["cmd"], 16), H(write["wire"]), 7, Mode.FULL) == H(write["header"] + write["data"])
    assert session.send(b"", Mode.MAC) == H(write["response"])
    session.receive(int(read["cmd"], 16), H(read["header"]), 7, Mode.FULL)
    assert session.send(H(read["data"]), Mode.FULL) == H(read["response"])


def test_ev1_mac_protection() -> None:
    case = EV1["mac_write_read_t25_26"]
    session, body = ev1(case), H(case["header"] + case["data"])
    assert session.receive(0x3D, body + H(case["write_mac"]), 7, Mode.MAC) == body
    assert session.send(b"", Mode.MAC) == H(case["write_resp_mac"])
    session.receive(0xBD, H(case["header"]), 7, Mode.MAC)
    assert session.send(H(case["data"]), Mode.MAC)[-8:] == H(case["read_resp_mac"])


def test_ev1_plain_command() -> None:
    case = EV1["plain_cmd_45_t34"]
    session, response = ev1(case), H(case["response"])
    session.receive(0x45, b"", 255, Mode.MAC)
    assert session.send(response[:-8], Mode.MAC) == response


@pytest.mark.parametrize("name", ["changekey_same_t33", "changekey_other_t32"])
def test_ev1_change_of_key(name) -> None:
    case = EV1[name]
    old = H(case["old_key"]) if "old_key" in case else None
    assert ev1(case).new_key(0xC4, H(case["wire"]), 16, old) == (H(case["new_key"]), case["version"])
    broken = bytearray(H(case["wire"]))
    broken[5] ^= 1
    with pytest.raises(Refuse):
        ev1(case).new_key(0xC4, bytes(broken), 16, old)


def ev2(case: dict[str, Any], counter: int = 0) -> Ev2Session:
    return Ev2Session(0, H(case["TI"]), H(case.get("ses_enc", "00" * 16)), H(case.get("ses_mac", "00" * 16)), counter)


def test_ev2_session_keys() -> None:
    case = EV2["auth_ev2_first_t16"]
    assert Ev2Session.derive(H(case["key"]), H(case["rndA"]), H(case["rndB"])) == (H(case["ses_enc"]), H(case["ses_mac"]))


def test_ev2_mac_protection() -> None:
    case = EV2["mac_write_read_t23_24"]
    session, write, read = ev2(case), case["write"], case["read"]
    body = H(write["header"] + write["data"])
    assert session.receive(0x8D, body + H(write["mac"]), 7, Mode.MAC) == body
    assert session.send(b"", Mode.MAC) == H(write["resp_mac"])
    assert session.receive(0xAD, H(read["header"] + read["mac"]), 7, Mode.MAC) == H(read["header"])
    assert session.send(H(read["data"]), Mode.MAC) == H(read["data"] + read["resp_mac"])


def test_ev2_full_protection() -> None:
    case = EV2["full_write_read_t25_26"]
    session, write, read = ev2(case), case["write"], case["read"]
    assert session.receive(0x8D, H(write["wire"]), 7, Mode.FULL) == H(write["header"] + write["data"])
    assert session.send(b"", Mode.MAC) == H(write["response"])
    session.receive(0xAD, H(read["wire"]), 7, Mode.FULL)
    assert session.send(H(read["data"]), Mode.FULL) == H(read["response"])


def test_ev2_forgeries_and_replays_are_refused() -> None:
    case = EV2["full_write_read_t25_26"]["write"]
    for bit in range(8 * len(H(case["wire"]))):
        broken = bytearray(H(case["wire"]))
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refuse):
            ev2(EV2["full_write_read_t25_26"]).receive(0x8D, bytes(broken), 7, Mode.FULL)
    session = ev2(EV2["full_write_read_t25_26"])
    session.receive(0x8D, H(case["wire"]), 7, Mode.FULL)
    session.send(b"", Mode.MAC)
    with pytest.raises(Refuse):
        session.receive(0x8D, H(case["wire"]), 7, Mode.FULL)
