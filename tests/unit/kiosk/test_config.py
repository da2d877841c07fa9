"""Settings: what is unknown or has the wrong kind is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.config import ConfigError, Profile, load


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[kiosk]\ncolour = 1", "unknown key kiosk.colour"),
        ("[camera]\n", "unknown table camera"),
        ("[screen]\nwidth = 'wide'", "^screen.width: 'wide' is no whole number$"),
        ("[screen]\nwidth = true", "^screen.width: True is no whole number$"),
        ("[devices]\nreader = true", "^devices.reader: True is no text$"),
        ("[kiosk]\ndata_dir = 5", "^kiosk.data_dir: 5 is no path$"),
        ("[screen]\nfullscreen = 'perhaps'", "screen.fullscreen must be true or false"),
        ("[kiosk]\nprofile = 'test'", "^kiosk.profile: 'test' is none of development, production$"),
        ("[screen\n", "is no TOML: Expected"),
        ("[screen]\nwidth = -5", "screen.width must be 240 to 8192"),
        ("[screen]\nwidth = 0", "screen.width must be 240 to 8192"),
        ("[screen]\nheight = 100000", "screen.height must be 240 to 8192"),
        pytest.param("x = " + "[" * 5_000, "is no TOML: ", id="nested too deeply"),
        ("[service]\ntarget = ''", "service.target must end in :PORT"),
        ("[service]\ntarget = 'members.example'", "service.target must end in :PORT"),
        ("[service]\ntarget = 'members.example:0'", "service.target must end in :PORT"),
        ("[service]\ntarget = 'members.example:70000'", "service.target must end in :PORT"),
        ("[service]\ntarget = ':8443'", "service.target must end in :PORT"),
        ("[service]\ntarget = 'ipv4:10.0.0.1:8443,10.0.0.2:8443'", "service.server_name must be set"),
        ("[devices]\nprinter = 'slips'", "devices.printer must begin with ipp"),
        ("[devices]\nprinter = 'ipp://'", "devices.printer must name a host"),
        ("[devices]\nprinter = 'ipps:///printers/slips'", "devices.printer must name a host"),
        ("[devices]\nprinter = 'ipp://printer:70000/slips'", "devices.printer must name a host"),
        ("[kiosk]\nservice_phone = ''", "kiosk.service_phone must not be empty"),
        ("[kiosk]\nservice_hours = ' '", "kiosk.service_hours must not be empty"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load(path, {})


def test_several_addresses_with_the_name_of_the_certificate_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("[service]\ntarget = 'ipv4:10.0.0.1:8443,10.0.0.2:8443'\nserver_name = 'members.example'", encoding="utf-8")
    assert load(path, {}).service.server_name == "members.example"


def test_an_unknown_environment_variable_is_refused() -> None:
    with pytest.raises(ConfigError, match="KIOSK_CAMERA_URL"):
        load(None, {"KIOSK_CAMERA_URL": "x"})


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml is missing$"):
        load(tmp_path / "none.toml", {})


def test_a_folder_or_bytes_for_a_file_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"^{tmp_path} cannot be read: Is a directory$"):
        load(tmp_path, {})
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is no text in UTF-8"):
        load(path, {})


def test_environment_overrides_the_file(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("[screen]\nwidth = 540\n[kiosk]\nprofile = 'production'", encoding="utf-8")
    settings = load(path, {"KIOSK_SCREEN_WIDTH": "1080", "KIOSK_SCREEN_FULLSCREEN": "true", "HOME": "/nowhere"})
    assert (settings.screen.width, settings.screen.fullscreen, settings.kiosk.profile) == (1080, True, Profile.PRODUCTION)
