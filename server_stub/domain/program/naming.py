"""Examines what members read for tiers and multipliers: it stands on pages, slips and badges as it is written. Knows no file."""

from __future__ import annotations

from collections.abc import Iterator

from server_stub.domain.drawable import undrawable
from server_stub.domain.language import Language
from server_stub.domain.lettering import holds_han, is_plain_line, width_of
from server_stub.domain.program.flaws import RuleFinding, RuleFlaw

TIERS, MULTIPLIERS = "tiers", "multipliers"
# In letters, a Chinese character counts as two. A tier stands in a label beside the membership number, and in the corner of a reward's
# picture; a multiplier has a line of its own.
LONGEST_TIER = {Language.ZH_HANS: 12, Language.ZH_HANT: 12, Language.EN: 14}
LONGEST_MULTIPLIER = 40
_MEMBER = ("会员", "會員")


def findings_of_name(kind: str, name: str, language: Language, where: str) -> Iterator[RuleFinding]:
    """Yields what is wrong with a name that is there.

    Args:
        kind: ``tiers`` or ``multipliers``.
        name: What members read.
        language: The one that it is in. A Chinese name may be of Latin letters, as VIP is.
        where: Its field.
    """
    if odd := _unseen(name):
        yield RuleFinding(where, RuleFlaw.CANNOT_BE_DRAWN, odd)
    elif not is_plain_line(name):
        yield RuleFinding(where, RuleFlaw.BAD_FIELD)
    longest = LONGEST_TIER[language] if kind == TIERS else LONGEST_MULTIPLIER
    if width_of(name) > longest:
        yield RuleFinding(where, RuleFlaw.NAME_TOO_LONG, f"{width_of(name)} > {longest}")
    if language is Language.EN and holds_han(name):
        yield RuleFinding(where, RuleFlaw.WRONG_LANGUAGE)
    if kind == TIERS and language is not Language.EN and name.strip().endswith(_MEMBER):
        yield RuleFinding(where, RuleFlaw.NAME_SAYS_MEMBER, name.strip()[-len(_MEMBER[0]) :])


def _unseen(name: str) -> str:
    """By their numbers: what cannot be drawn, or steers a terminal, is of no use in a table."""
    odd = set(undrawable(name)) | {letter for letter in name if not letter.isprintable()}
    return " ".join(f"U+{ord(letter):04X}" for letter in sorted(odd))
