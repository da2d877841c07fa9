"""What is taken for drawable has a glyph in every face in which it can come to stand."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from server_stub.domain.drawable import undrawable
from tests.architecture.tree import ROOT

FACES = [ROOT / f"screens/assets/fonts/NotoSansSC-{weight}.ttf" for weight in (400, 500, 700)]


def test_every_face_has_what_is_taken_for_drawable() -> None:
    drawn = set.intersection(*(set(TTFont(face).getBestCmap()) for face in FACES))
    taken = {code for code in range(0x20, 0x3_0000) if not 0xD800 <= code < 0xE000 and not undrawable(chr(code))}
    assert len(taken) > 21_000
    assert sorted(map(chr, taken - drawn)) == []


def test_what_no_face_has_is_named() -> None:
    assert undrawable("🎉会员日 Member’s day，满 100 减 20！☀ é") == "🎉☀"
    assert undrawable("วัน會員") == "วัน"
