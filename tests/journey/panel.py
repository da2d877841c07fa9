"""The developer's panel beside a kiosk that is used by hand: cards on the reader, codes before the camera, messages, slips, mail.

A page on the loopback address, because the kiosk's window fills the display; its address is printed and opened where a
browser is found.
"""

from __future__ import annotations

import html
import io
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import segno

from tests.journey import staff
from tests.journey.glass import JourneyFailed
from tests.journey.left import Document, Left
from tests.journey.world import World

PAYMENT_CODE = "134567890123456789"
"""Of the form of WeChat Pay; nobody's."""

HTML = "text/html; charset=utf-8"
KINDS = ("desfire-ev2", "foreign", "non-blank", "write-protected", "desfire-ev1")
PAGE = """<!doctype html><meta charset="utf-8"><title>Member kiosk: panel</title>
<style>body{{font:16px/1.5 sans-serif;margin:2em;max-width:46em}}button{{font:inherit;padding:.4em .8em;margin:.2em}}
pre{{background:#f4f0ea;padding:.6em;white-space:pre-wrap;overflow-wrap:anywhere}}</style>
<h1>Member kiosk: panel</h1><p>Development only.</p>
<form method="post" action="/card">{buttons}<button name="kind" value="">Take the card away</button></form>
<form method="post" action="/show"><h2>Before the camera</h2><p><input name="number" placeholder="membership number">
<button name="what" value="member">Member code</button><button name="what" value="payment">Payment code</button>
<input name="path" placeholder="picture file"><button name="what" value="file">Picture</button>
<button name="what" value="">Nothing</button></p></form>
<div id="seen">{seen}</div>
<h2>The other half, by hand</h2><pre>{by_hand}</pre>
<script>{script}</script>"""
SEEN = """<p>Card on the reader: <b>{card}</b>. Before the camera: <b>{shown}</b></p>
<h2>Messages on phones</h2><pre>{messages}</pre><h2>Mail</h2>{mails}<h2>Slips</h2>{slips}"""
# What is typed or marked stays: only what was seen is put anew, and only where it changed. Without scripts the forms still work.
SCRIPT = """
let before = "";
async function look() {
  const now = await (await fetch("/seen")).text();
  if (now !== before) document.getElementById("seen").innerHTML = before = now;
}
setInterval(() => look().catch(() => {}), 2000);
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const values = new FormData(event.target);
  values.append(event.submitter.name, event.submitter.value);
  await fetch(event.target.action, { method: "POST", body: new URLSearchParams(values), redirect: "manual" });
  await look();
});
"""


def drawn(text: str) -> bytes:
    """Return a picture of a code."""
    out = io.BytesIO()
    segno.make_qr(text, error="q", boost_error=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


class Panel:
    """What the page shows and does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._left = Left(world)
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
        by_hand = html.escape("\n".join(staff.by_hand(self._world)))
        return PAGE.format(buttons=buttons, seen=self.seen(), by_hand=by_hand, script=SCRIPT)

    def seen(self) -> str:
        """Return the part of the page that changes by itself; nothing in it can be typed into."""
        messages = "\n\n".join(f"{message['to']}: {message['text']}" for message in self._world.messages_for(""))
        values = {"card": self._card, "shown": self._shown, "messages": messages or "-"}
        lists = {"mails": self._left.links("mail"), "slips": self._left.links("slip")}
        return SEEN.format(**lists, **{key: html.escape(value) for key, value in values.items()})

    def answer(self, path: str) -> Document | None:
        """Return what lies at a path; None where nothing does."""
        match path:
            case "/":
                return Document(HTML, self.page().encode())
            case "/seen":
                return Document(HTML, self.seen().encode())
            case _:
                return self._left.document(path)


def serve_panel(world: World) -> ThreadingHTTPServer:
    """Serve the panel on a free port of the loopback address until the server is shut down."""
    panel = Panel(world)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = panel.answer(urlparse(self.path).path)
            self._answer(200, found) if found is not None else self._answer(404, Document("text/plain; charset=utf-8", b"nothing here"))

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

        def _answer(self, status: int, document: Document) -> None:
            self.send_response(status)
            self.send_header("Content-Type", document.content_type)
            self.send_header("Content-Length", str(len(document.body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(document.body)

        def log_message(self, *_about: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def run_panel(world: World) -> int:
    """Serve the panel until the kiosk ends; returns the kiosk's exit code."""
    server = serve_panel(world)
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"the kiosk is open; panel for cards, codes, slips and mail: {address}", *staff.by_hand(world), sep="\n", flush=True)
    webbrowser.open(address)
    process = world.kiosk.process
    code = process.wait() if process is not None else 1
    server.shutdown()
    server.server_close()
    return code
