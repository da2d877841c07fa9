"""The developer's panel beside a kiosk that is used by hand: cards on the reader, codes before the camera, messages, slips, mail.

A page on the loopback address, because the kiosk's window fills the display; its address is printed and opened where a
browser is found.
"""

from __future__ import annotations

import html
import io
import json
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import segno

from tests.journey.glass import JourneyFailed
from tests.journey.world import World

PAYMENT_CODE = "134567890123456789"
"""Of the form of WeChat Pay; nobody's."""

KINDS = ("desfire-ev2", "foreign", "non-blank", "write-protected", "desfire-ev1")
PAGE = """<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Member kiosk: panel</title>
<style>body{{font:16px/1.5 sans-serif;margin:2em;max-width:46em}}button{{font:inherit;padding:.4em .8em;margin:.2em}}
pre{{background:#f4f0ea;padding:.6em;white-space:pre-wrap}}</style>
<h1>Member kiosk: panel</h1><p>Development only. Card on the reader: <b>{card}</b></p>
<form method="post" action="/card">{buttons}<button name="kind" value="">Take the card away</button></form>
<form method="post" action="/show"><h2>Before the camera: {shown}</h2><p><input name="number" placeholder="membership number">
<button name="what" value="member">Member code</button><button name="what" value="payment">Payment code</button>
<input name="path" placeholder="picture file"><button name="what" value="file">Picture</button>
<button name="what" value="">Nothing</button></p></form>
<h2>Messages on phones</h2><pre>{messages}</pre><h2>Mail</h2><pre>{mails}</pre><h2>Slips</h2><pre>{slips}</pre>"""


def drawn(text: str) -> bytes:
    """Return a picture of a code."""
    out = io.BytesIO()
    segno.make_qr(text, error="q", boost_error=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


class Panel:
    """What the page shows and does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._card = "none"
        self._laid = 0
        self._shown = "nothing"

    def show(self, what: str, number: str = "", path: str = "") -> None:
        """Hold a member's code, a payment code or a picture before the camera, or nothing (""); says on the page what did not work."""
        camera = self._world.camera
        if camera is None:
            return
        try:
            match what:
                case "member":
                    camera.show(self._world.member_code(number))
                case "payment":
                    camera.show(drawn(PAYMENT_CODE))
                case "file":
                    camera.show(Path(path).read_bytes())
                case _:
                    camera.clear()
        except (JourneyFailed, OSError) as failure:
            self._shown = f"nothing: {failure}"
        else:
            self._shown = what or "nothing"

    def lay(self, kind: str) -> None:
        """Lay a new card of a kind on the reader, the last one again ("same"), or take it away ("")."""
        control = self._world.cards.control if self._world.cards else None
        if control is None:
            return
        if self._card != "none":
            control.remove()
        if not kind:
            self._card = "none"
            return
        if kind != "same":
            self._laid += 1
        control.insert(f"card-{self._laid}", KINDS[0] if kind == "same" else kind)
        self._card = f"card-{self._laid} ({kind})"

    def page(self) -> str:
        """Return the page."""
        buttons = "".join(f'<button name="kind" value="{kind}">New card: {kind}</button>' for kind in KINDS)
        buttons += '<button name="kind" value="same">The same card again</button>'
        messages = "\n\n".join(f"{message['to']}: {message['text']}" for message in self._world.messages_for(""))
        mails = "\n".join(path.name for path in sorted(self._world.mails.glob("*.eml")))
        slips = "\n".join(str(path) for path in self._world.slips())
        values = {"card": self._card, "shown": self._shown, "messages": messages, "mails": mails, "slips": slips}
        return PAGE.format(buttons=buttons, **{key: html.escape(value or "-") for key, value in values.items()})


def run_panel(world: World) -> int:
    """Serve the panel until the kiosk ends; returns the kiosk's exit code."""
    panel = Panel(world)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, panel.page() if urlparse(self.path).path == "/" else json.dumps({}))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
            value = {name: values[0] for name, values in form.items()}
            if self.path == "/show":
                panel.show(value.get("what", ""), value.get("number", ""), value.get("path", ""))
            else:
                panel.lay(value.get("kind", ""))
            self.send_response(303)
            self.send_header("Location", "/")
            self.end_headers()

        def _answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_about: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"the kiosk is open; panel for cards, codes, slips and mail: {address}", flush=True)
    webbrowser.open(address)
    process = world.kiosk.process
    code = process.wait() if process is not None else 1
    server.shutdown()
    return code
