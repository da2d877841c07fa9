"""No installed package may own one of our top-level names: site-packages would win, and our code would never be imported."""

from __future__ import annotations

from importlib.metadata import distributions

from tests.architecture.tree import PACKAGES

OURS = {*PACKAGES, "tests", "docs", "deploy", "typings"}


def test_no_distribution_owns_our_names() -> None:
    owners = {
        (distribution.metadata["Name"], file.parts[0])
        for distribution in distributions()
        if distribution.metadata["Name"] != "member-kiosk"
        for file in distribution.files or ()
        if file.parts[0] in OURS
    }
    assert not owners


def test_installed_distributions_are_looked_at() -> None:
    """Guards the test above: an environment whose file lists cannot be read would pass it silently."""
    with_files = [distribution.metadata["Name"] for distribution in distributions() if distribution.files]
    assert {"pytest", "grpcio", "protobuf"} <= set(with_files)


def test_the_second_opencv_is_absent() -> None:
    """opencv-python and its headless form own the same module; whichever is unpacked last wins."""
    assert "opencv-python-headless" not in {distribution.metadata["Name"] for distribution in distributions()}
