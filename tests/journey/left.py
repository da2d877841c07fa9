"""What a run has left so far that a person can open: mails and slips. Gives files of these two lists by their name and no others."""

from __future__ import annotations

import html
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote

from tests.journey.world import World

TYPES = {".pdf": "application/pdf", ".png": "image/png"}
MAIL_PAGE = """<!doctype html><meta charset="utf-8"><title>{subject}</title>
<style>body{{font:16px/1.5 sans-serif;margin:2em;max-width:46em}}pre{{background:#f4f0ea;padding:.6em;white-space:pre-wrap}}</style>
<h1>{subject}</h1><p>From: {sender}<br>To: {to}<br>Date: {date}</p><pre>{text}</pre>"""


@dataclass(frozen=True, slots=True)
class Document:
    """What a browser is given: the body and how it is to be read."""

    content_type: str
    body: bytes


class Left:
    """Mails and slips of one installation."""

    def __init__(self, world: World) -> None:
        self._world = world

    def links(self, kind: str) -> str:
        """Return links to all "mail" or "slip" as HTML, the newest last."""
        lines = [f'<li><a href="/{kind}/{quote(path.name)}">{html.escape(self._title(kind, path))}</a></li>' for path in self._listed(kind)]
        return f"<ul>{''.join(lines)}</ul>" if lines else "<p>-</p>"

    def document(self, path: str) -> Document | None:
        """Return what lies at a path of the page, /mail/NAME or /slip/NAME; None where nothing of that name is listed."""
        kind, _, name = unquote(path).removeprefix("/").partition("/")
        # A name is looked for among those that are listed and never joined to a folder, so nothing else can be asked for.
        found = next((listed for listed in self._listed(kind) if listed.name == name), None)
        if found is None:
            return None
        if kind == "mail":
            return Document("text/html; charset=utf-8", mail_page(_mail(found)).encode())
        return Document(TYPES[found.suffix], found.read_bytes())

    def _listed(self, kind: str) -> list[Path]:
        match kind:
            case "mail":
                paths = sorted(self._world.mails.glob("*.eml"))
            case "slip":
                paths = [path for path in self._world.slips() if path.suffix in TYPES]
            case _:
                paths = []
        return [path for path in paths if path.resolve().is_relative_to(self._world.folder.resolve())]

    def _title(self, kind: str, path: Path) -> str:
        return f"{path.name}: {_mail(path)['Subject']}" if kind == "mail" else path.name


def mail_page(mail: EmailMessage) -> str:
    """Return a mail as a page: its text decoded and shown as it is, also where it is HTML."""
    body = mail.get_body(("plain", "html"))
    values = {"subject": mail["Subject"], "sender": mail["From"], "to": mail["To"], "date": mail["Date"]}
    text = str(body.get_content()) if body is not None else ""
    return MAIL_PAGE.format(text=html.escape(text), **{key: html.escape(str(value or "-")) for key, value in values.items()})


def _mail(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
