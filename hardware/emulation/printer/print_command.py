"""What ippeveprinter runs for each document: the print mechanism. Plays the fault that the emulator's folder names.

A slip that comes out is put into ``slips/``. While a fault lasts the mechanism stands still and says so, as a printer does;
taking the fault away lets a slip go on that waits for paper, and loses one that was jammed. A job that was cancelled
meanwhile prints nothing more (RFC 8011 section 4.3.3); ippeveprinter leaves that to its command and does not tell it.
Runs in a bare interpreter, once for each job: imports nothing of the project.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

POLL_S = 0.02
PAPER_FEED_MM_PER_S = 250.0
"""As receipt printers of this class have it."""
MM_PER_POINT = 25.4 / 72
USUAL_LENGTH_MM = 200.0
STANDSTILLS = {"jam": "media-jam", "paper-out": "media-empty", "cover-open": "cover-open"}


def main(folder: Path, document: Path) -> int:
    """Print `document`; return 0 where the slip came out."""
    fault = _fault(folder)
    if fault == "abort":
        return 1
    if fault:
        _stand_still(folder, fault)
        if fault == "jam" or (fault != "deaf" and _is_cancelled()):
            return 1
    time.sleep(_length_mm(document) / PAPER_FEED_MM_PER_S)
    slip = folder / "slips" / f"{document.stem.partition('-')[2]}-{os.environ['IPP_JOB_ID']}.pdf"
    part = slip.with_suffix(".part")
    shutil.copyfile(document, part)
    part.rename(slip)
    _say("ATTR: job-impressions-completed=1")
    return 0


def _fault(folder: Path) -> str:
    try:
        return (folder / "fault").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _stand_still(folder: Path, fault: str) -> None:
    """Return once the fault is taken away, the printer is gone, or a slow job is cancelled."""
    reason = STANDSTILLS.get(fault)
    if reason:
        _say(f"STATE: +{reason}")
    printer = os.getppid()
    while _fault(folder) and os.getppid() == printer and not (fault == "slow" and _is_cancelled()):
        time.sleep(POLL_S)
    if reason:
        _say(f"STATE: -{reason}")


def _is_cancelled() -> bool:
    """Ask the printer about the job by Get-Job-Attributes (RFC 8011 section 4.3.4)."""
    job_uri = os.environ["IPP_JOB_URI"]
    fields = ((0x47, "attributes-charset", "utf-8"), (0x48, "attributes-natural-language", "en"), (0x45, "job-uri", job_uri))
    message = b"\x02\x00\x00\x09\x00\x00\x00\x01\x01"
    for tag, name, value in fields:
        message += bytes([tag]) + len(name).to_bytes(2) + name.encode() + len(value).to_bytes(2) + value.encode()
    address = urlsplit(job_uri)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("POST", address.path, body=message + b"\x03", headers={"Content-Type": "application/ipp"})
        return b"processing-to-stop-point" in connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return True  # the printer is gone, and the job with it
    finally:
        connection.close()


def _length_mm(document: Path) -> float:
    found = re.search(rb"/MediaBox\s*\[\s*[\d.]+\s+[\d.]+\s+[\d.]+\s+([\d.]+)", document.read_bytes())
    return float(found[1]) * MM_PER_POINT if found else USUAL_LENGTH_MM


def _say(line: str) -> None:
    """Tell ippeveprinter; it reads what its command writes to standard error."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
