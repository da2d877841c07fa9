"""Settings: what is refused, what overrides what."""

from __future__ import annotations

from pathlib import Path

import pytest

from server_stub.config import ConfigError, Profile, load

BAD = {
    "unknown key": ("port = 1", {}, "unknown setting port"),
    "unknown key in a table": ("[mail]\nprot = 25", {}, "mail.prot"),
    "unknown table": ("[post]\nport = 25", {}, "post"),
    "wrong type": ('[mail]\nport = "x"', {}, "mail.port: expected a whole number"),
    "a flag for a number": ("[mail]\nport = true", {}, "mail.port: expected a whole number"),
    "a word for a time": ("", {"MEMBER_SERVICE_MAIL__TIMEOUT_S": "long"}, "mail.timeout_s: expected a number"),
    "a number for a text": ("[mail]\nhost = 25", {}, "mail.host: expected text"),
    "a number for a path": ("data_dir = 25", {}, "data_dir: expected a path"),
    "a value for a table": ("mail = 25", {}, "mail is a table"),
    "port out of range": ("[listen]\nport = 70000", {}, "listen.port"),
    "deadline above the contract's": ("[limits]\ndeadline_s = 61", {}, "limits.deadline_s"),
    "told after the end": ("[uncollected]\nafter_days = 10\nnotice_days = 10", {}, "uncollected.notice_days"),
    "nothing at once": ("[outbox]\nbatch = 0", {}, "outbox.batch"),
    "unknown profile": ('profile = "test"', {}, "profile: expected one of development, production"),
    "no TOML": ("profile =", {}, "cannot be read"),
    "nested too deeply": ("profile = " + "[" * 5_000, {}, "cannot be read"),
    "unknown variable": ("", {"MEMBER_SERVICE_PROT": "1"}, "prot"),
    "variable below a value": ("", {"MEMBER_SERVICE_PROFILE": "development", "MEMBER_SERVICE_PROFILE__X": "1"}, "PROFILE"),
    "a database of another kind": ("", {"MEMBER_SERVICE_DATABASE": "mysql://root:hunter2@db/x"}, "database: expected"),
    "a database said twice": ('database_file = "a.db"', {"MEMBER_SERVICE_DATABASE": "sqlite:///b.db"}, "database_file"),
    "an owner of a file": ("", {"MEMBER_SERVICE_DATABASE_OWNER": "postgresql://owner@db/x"}, "database_owner"),
    "no truth value": ("", {"MEMBER_SERVICE_MAIL__START_TLS": "yes"}, "mail.start_tls"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_setting_that_cannot_be_is_refused_by_name(case: str, tmp_path: Path) -> None:
    text, environment, told = BAD[case]
    file = tmp_path / "service.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as caught:
        load(file, environment)
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.toml: cannot be read: No such file") as caught:
        load(tmp_path / "nothing.toml", {})
    assert "Errno" not in str(caught.value)


def test_environment_overrides_file_and_file_overrides_default(tmp_path: Path) -> None:
    file = tmp_path / "service.toml"
    file.write_text('profile = "production"\n[mail]\nport = 25\nhost = "mail.example"\n[limits]\ndrain_s = 5\n', encoding="utf-8")
    found = load(None, {"MEMBER_SERVICE_CONFIG": str(file), "MEMBER_SERVICE_MAIL__PORT": "587", "HOME": "/x"})
    assert (found.mail.host, found.mail.port, found.mail.start_tls) == ("mail.example", 587, False)
    assert found.profile is Profile.PRODUCTION
    assert not found.is_development
    assert found.limits.drain_s == 5.0


def test_places_follow_the_data_folder_unless_they_are_said() -> None:
    found = load(None, {"MEMBER_SERVICE_DATA_DIR": "/srv/member", "MEMBER_SERVICE_AUDIT_HEAD_FILE": "/mnt/other/head"})
    assert found.keys_folder == Path("/srv/member/keys")
    assert found.database_path == Path("/srv/member/member.db")
    assert found.audit_head_path == Path("/mnt/other/head")


def test_one_setting_chooses_the_database(tmp_path: Path) -> None:
    assert load(None, {"MEMBER_SERVICE_DATABASE_FILE": "/srv/x.db"}).database_path == Path("/srv/x.db")
    file = load(None, {"MEMBER_SERVICE_DATABASE": "sqlite:////srv/x.db"})
    assert (file.is_on_server, file.database_path, file.database_shown) == (False, Path("/srv/x.db"), "/srv/x.db")
    server = load(None, {"MEMBER_SERVICE_DATABASE": "postgresql://member_service@db/member"})
    assert server.is_on_server


@pytest.mark.parametrize(
    "address",
    ["postgresql://service:hunter2@db1:5432,db2:5432/member?passfile=/x&password=hunter2", "postgresql://service@/m?password=hunter2"],
)
def test_a_password_is_shown_nowhere(address: str) -> None:
    found = load(None, {"MEMBER_SERVICE_DATABASE": address, "MEMBER_SERVICE_DATABASE_OWNER": address})
    assert found.database_shown.startswith("postgresql://service@")
    assert "hunter2" not in f"{found.database_shown} {found!r}"
