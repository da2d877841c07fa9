"""The developer's panel: what it opens, what it does not, and that nothing that is typed on it is lost."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.journey import panel
from tests.journey.world import World

PDF = b"%PDF-1.7 a slip"
TEXT = "您好，<b>欧阳</b> & 朋友"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An installation of which nothing runs, with one mail, one slip and a secret beside them."""
    installation = World(tmp_path / "run", with_printer=False)
    slips = installation.folder / "kiosk" / "slips"
    for folder in (installation.mails, slips, installation.folder / "service"):
        folder.mkdir(parents=True)
    (slips / "K03-0001.pdf").write_bytes(PDF)
    put_mail(installation, "0001.eml", "欢迎 <i>加入</i>", TEXT)
    account = {"passphrase": "open sesame", "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "roles": []}
    (installation.folder / "service" / "development-accounts.json").write_text(json.dumps({"dev-lin": account}), encoding="utf-8")
    (tmp_path / "outside.eml").write_text("Subject: outside\n\nnot of this run", encoding="utf-8")
    return installation


def put_mail(world: World, name: str, subject: str, text: str, subtype: str = "plain") -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "members@example.com", "xm@example.cn"
    mail.set_content(text, subtype=subtype, cte="base64")
    (world.mails / name).write_bytes(mail.as_bytes())


@pytest.fixture
def port(world: World) -> Iterator[int]:
    server = panel.serve_panel(world)
    yield server.server_port
    server.shutdown()
    server.server_close()


def get(port: int, path: str) -> tuple[int, str, bytes]:
    """Ask for a path as it is; no client tidies it up on the way."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read()
    connection.close()
    return found


def test_a_mail_is_read_in_the_browser_decoded_and_escaped(port: int, world: World) -> None:
    put_mail(world, "0002.eml", "in HTML", "<script>alert(1)</script>", "html")
    listed = get(port, "/seen")[2].decode()
    assert re.findall(r'href="(/mail/[^"]+)"', listed) == ["/mail/0001.eml", "/mail/0002.eml"]
    assert "0001.eml: 欢迎 &lt;i&gt;加入&lt;/i&gt;" in listed
    status, kind, body = get(port, "/mail/0001.eml")
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert "您好，&lt;b&gt;欧阳&lt;/b&gt; &amp; 朋友" in body.decode()
    assert b"<script" not in get(port, "/mail/0002.eml")[2]


def test_a_slip_is_shown_as_the_document_that_it_is(port: int) -> None:
    assert 'href="/slip/K03-0001.pdf"' in get(port, "/")[2].decode()
    assert get(port, "/slip/K03-0001.pdf") == (200, "application/pdf", PDF)


@pytest.mark.parametrize(
    "path",
    [
        "/mail/../service/development-accounts.json",
        "/mail/..%2f..%2foutside.eml",
        "/mail/%2e%2e/%2e%2e/outside.eml",
        "/mail//etc/passwd",
        "/slip/0001.eml",
        "/slip/",
        "/mail",
        "/service/development-accounts.json",
        "/logs/service.log",
        "/mail/%00",
    ],
)
def test_no_other_file_is_given_away(port: int, path: str) -> None:
    status, _, body = get(port, path)
    assert (status, body) == (404, b"nothing here")


def test_a_link_that_leads_out_of_the_run_is_not_followed(port: int, world: World) -> None:
    (world.mails / "link.eml").symlink_to(world.folder.parent / "outside.eml")
    assert get(port, "/mail/link.eml")[0] == 404
    assert b"link.eml" not in get(port, "/seen")[2]


def test_what_is_typed_is_not_lost_to_a_refresh(port: int) -> None:
    page, seen = (get(port, path)[2].decode() for path in ("/", "/seen"))
    assert 'http-equiv="refresh"' not in page
    assert f'<div id="seen">{seen}</div>' in page
    assert "<input" in page.replace(seen, "")
    assert not re.search("<(input|form|button)", seen)
    assert panel.SCRIPT in page
    assert "{{" not in page


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to read the script")
def test_the_script_is_one(tmp_path: Path) -> None:
    script = tmp_path / "panel.js"
    script.write_text(panel.SCRIPT, encoding="utf-8")
    subprocess.run(["node", "--check", str(script)], check=True)


def test_the_other_half_can_be_played_from_what_is_printed(port: int, world: World) -> None:
    page = get(port, "/")[2].decode()
    assert f"MEMBER_SERVICE_DATA_DIR={world.folder / 'service'} " in page
    assert str(world.folder / "service" / "development-accounts.json") in page
    reviewer = re.search(r"e\.g\. a reviewer: (.+) \| ", page)
    assert reviewer is not None
    said = subprocess.run(reviewer[1], shell=True, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[:2] == ["dev-lin", "open sesame"]
    assert re.fullmatch(r"\d{6}", said[2])


def test_it_is_printed_at_the_start(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(panel.webbrowser, "open", lambda _address: True)
    panel.run_panel(world)
    said = capsys.readouterr().out
    assert f"MEMBER_SERVICE_DATA_DIR={world.folder / 'service'} " in said
    assert "development-accounts.json" in said
