"""Texts for people, in the three languages of the product, by key.

Responsible for: the catalogue files, loading them, filling in named variables, refusing what is missing.
Must not know: screens, flows, paper, or anything about a member.
"""

from kiosk.texts.catalogue import LANGUAGES, Catalogue, Phrase, Speaker, TextError, Texts, load_catalogue

__all__ = ["LANGUAGES", "Catalogue", "Phrase", "Speaker", "TextError", "Texts", "load_catalogue"]
