"""What a chip holds, in words: for the technician's panel and for reports of a run. Never shows the value of a key."""

from __future__ import annotations

from hardware.emulation.card.memory import CYCLIC, Application, CardMemory, File, Key


def describe(memory: CardMemory) -> list[str]:
    """Return one line per thing that the chip holds."""
    lines = [f"{memory.kind}, UID {memory.uid.hex()}, {memory.used} of {memory.capacity} bytes used"]
    lines.append(f"card key: {_key(memory.card.keys[0])}; settings {memory.card.settings:02x}")
    if not memory.applications:
        lines.append("no application")
    for application in memory.applications:
        lines.extend(_application(application))
    return lines


def _key(key: Key) -> str:
    if not any(key.value):
        return f"{key.kind}, factory value"
    return f"{key.kind}, own value, version {key.version}"


def _application(application: Application) -> list[str]:
    aid = application.aid[::-1].hex().upper()
    name = f", name {application.df_name.hex()}" if application.df_name else ""
    lines = [f"application {aid}{name}; settings {application.settings:02x}"]
    lines += [f"  key {number}: {_key(key)}" for number, key in enumerate(application.keys)]
    lines += [f"  file {f.number}: {_file(f)}" for f in application.files]
    return lines


def _file(f: File) -> str:
    if f.kind == CYCLIC:
        return f"{f.kind}, {len(f.records)} of {f.record_limit - 1} records"
    state = "empty" if not any(f.content) else f.content.hex()
    return f"{f.kind}, {len(f.content)} bytes: {state}"
