"""Serves the emulated camera until SIGTERM: `python -m hardware.emulation.camera --ready-file FILE`.

    GET  /cam.mjpg   multipart/x-mixed-replace, as network cameras do
    POST /show       the body is a picture that is held before the lens
    POST /clear      takes it away
    POST /stall      keeps the connections and sends nothing; /clear ends it

The ready file gets the port on the loopback address.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hardware.emulation.camera.scene import Scene

_BOUNDARY = "frame"
_MAX_BODY = 20_000_000


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection. `main` sets what all of them share."""

    scene: Scene
    pause_s: float

    def do_GET(self) -> None:
        """Send frames until whoever looks has gone."""
        if self.path != "/cam.mjpg":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                if not self.scene.is_stalled:
                    self._send_frame(self.scene.jpeg())
                time.sleep(self.pause_s)

    def do_POST(self) -> None:
        """Change what is before the lens."""
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(min(length, _MAX_BODY))
        try:
            self._act(body)
        except (KeyError, ValueError):
            self.send_error(400)
            return
        self.send_response(204)
        self.end_headers()

    def _send_frame(self, jpeg: bytes) -> None:
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        self.wfile.write(head.encode() + jpeg + b"\r\n")

    def _act(self, body: bytes) -> None:
        match self.path:
            case "/show":
                self.scene.show(body)
            case "/clear":
                self.scene.clear()
                self.scene.is_stalled = False
            case "/stall":
                self.scene.is_stalled = True
            case _:
                raise KeyError(self.path)

    def log_message(self, *_about: Any) -> None:
        """Say nothing."""


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m hardware.emulation.camera", description="A camera as MJPEG over HTTP.")
    parser.add_argument("--port", type=int, default=0, help="port on the loopback address; 0 (default) takes a free one")
    parser.add_argument("--fps", type=float, default=15.0, help="frames a second")
    parser.add_argument("--ready-file", type=Path, required=True, help="gets the number of the port")
    options = parser.parse_args()
    _Handler.scene, _Handler.pause_s = Scene(), 1 / options.fps
    server = ThreadingHTTPServer(("127.0.0.1", options.port), _Handler)
    server.daemon_threads = True
    beside = options.ready_file.with_suffix(".new")
    beside.write_text(str(server.server_port), encoding="utf-8")
    beside.replace(options.ready_file)
    # Whoever looks at a picture has a thread of the server's that ends with the process.
    signal.signal(signal.SIGTERM, lambda *_about: os._exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
