"""Drives the card with pylibsdm 1.0.0a0.dev2 (EV2First, MAC and full protection). Runs in an environment of its own."""

from __future__ import annotations

from pylibsdm.tag.ntag424dna.tag import NTAG424DNA
from wire import exchange, told


class Bridge:
    """What the library needs of a tag: one method."""

    def send_apdu(self, cla, ins, p1, p2, data=b"", mrl=0, check_status=True):
        head = bytes([cla, ins, p1, p2])
        body = bytes([len(data)]) + bytes(data) if data else b""
        return exchange(head + body + (b"" if cla == 0 else b"\x00"))


def main() -> None:
    tag = NTAG424DNA(Bridge())
    assert tag.authenticate_ev2_first(0)
    told("authenticated with EV2First")
    settings = tag.get_file_settings(2)
    assert settings.file_size == 64
    told("read file settings under MAC")
    new = bytes(range(16))
    assert tag.change_key(0, new, 5)
    tag.set_key(0, new)
    tag.reset_session()
    assert tag.authenticate_ev2_first(0)
    assert tag.get_file_settings(2).file_size == 64
    told("changed the session's own key in full protection and authenticated with the new one")


main()
