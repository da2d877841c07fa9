"""The unseen window of the screen tests, opened before any screen is imported."""

from __future__ import annotations

from tests.support.screen_window import prepare_for_tests

prepare_for_tests()
