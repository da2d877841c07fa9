"""Runs one emulated printer in the foreground until SIGTERM or SIGINT; says ``ready ADDRESS`` once it answers."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from pathlib import Path

from hardware.emulation.printer.emulator import PrinterEmulator
from hardware.emulation.printer.name_service import EmulationFailed


def main() -> int:
    """Run the command line; returns 1 where the printer does not start."""
    parser = argparse.ArgumentParser(prog="python -m hardware.emulation.printer", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where slips, logs and the file `fault` are; a short path")
    parser.add_argument("--port", type=int, default=0, help="port on the loopback address; 0 (default) takes a free one")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        with PrinterEmulator(options.folder.resolve(), options.port) as printer:
            sys.stdout.write(f"ready {printer.uri}\n")
            sys.stdout.flush()
            signal.sigwait(signals)
    except EmulationFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
