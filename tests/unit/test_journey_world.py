"""What a journey takes for proof, and what a test process leaves: nothing but the welcome mail, and nothing at all."""

from __future__ import annotations

import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.journey.glass import JourneyFailed
from tests.journey.world import World

ADDRESS = "xm@example.cn"


def put_mail(world: World, name: str, subject: str) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = subject, ADDRESS
    mail.set_content("您好")
    world.mails.mkdir(parents=True, exist_ok=True)
    (world.mails / name).write_bytes(mail.as_bytes())


def test_another_mail_is_not_taken_for_the_welcome(tmp_path: Path) -> None:
    world = World(tmp_path)
    put_mail(world, "0001.eml", "您的申请已收到")
    with pytest.raises(JourneyFailed, match="the welcome mail did not arrive"):
        world.wait_for_welcome(ADDRESS, 0.2)
    put_mail(world, "0002.eml", "欢迎加入悦邻超市会员")
    assert world.wait_for_welcome(ADDRESS)["Subject"] == "欢迎加入悦邻超市会员"


def test_a_test_process_leaves_no_runtime_folder(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"} | {"TMPDIR": str(tmp_path)}
    program = "import os, tests.conftest; print(os.path.isdir(os.environ['XDG_RUNTIME_DIR']))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
    assert list(tmp_path.iterdir()) == []
