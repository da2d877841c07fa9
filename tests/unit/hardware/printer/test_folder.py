"""The folder that stands for a printer: files whole or not at all, never overwritten, for nobody else's eyes."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from hardware.printer import folder
from hardware.printer.api import PrinterCondition, SlipJob
from hardware.printer.errors import PrintOutcome, SlipFolderUnusable
from hardware.printer.folder import FolderPrinter

if TYPE_CHECKING:
    from pathlib import Path

JOB = SlipJob("K03-0187", b"%PDF-1.4 slip", 80, 200)


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    printer = FolderPrinter(tmp_path / "file" / "slips")
    assert printer.condition() is PrinterCondition.STOPPED
    with pytest.raises(SlipFolderUnusable) as caught:
        printer.print_slip(JOB)
    assert caught.value.outcome is PrintOutcome.NOT_PRINTED


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder.os, step, full)
    with pytest.raises(SlipFolderUnusable, match="No space left"):
        FolderPrinter(tmp_path).print_slip(JOB)
    assert list(tmp_path.iterdir()) == []


def test_a_slip_is_a_file_for_the_kiosk_alone(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path / "new" / "slips")
    assert printer.condition() is PrinterCondition.READY
    assert printer.print_slip(JOB).job_id == 1
    (file,) = (tmp_path / "new" / "slips").iterdir()
    assert (file.name, file.read_bytes()) == ("K03-0187.pdf", JOB.pdf)
    assert file.stat().st_mode & 0o777 == 0o600


def test_no_slip_is_overwritten(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path)
    printer.print_slip(JOB)
    printer.print_slip(SlipJob(JOB.name, b"copy", 80, 200))
    FolderPrinter(tmp_path).print_slip(SlipJob(JOB.name, b"another copy", 80, 200))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        "K03-0187.pdf": JOB.pdf,
        "K03-0187-2.pdf": b"copy",
        "K03-0187-3.pdf": b"another copy",
    }
