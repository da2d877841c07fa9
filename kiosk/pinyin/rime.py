"""General Chinese input by librime: one library per process, one session per composition; what is typed stays in its memory.

Nothing is learnt (`translator/enable_user_dict: false`), the session is thrown away at every wipe with its commit history, the
user directory is a private one that goes away at the end, and logging is off. Thread: the loop's.
"""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kiosk.pinyin.api import MAX_LETTERS, NO_CANDIDATES, SEPARATOR, CandidatePage, PinyinUnavailable, check_letter
from kiosk.pinyin.rime_abi import CandidateIterator, Commit, Context, Functions, Traits, sized

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = "librime.so.1"
SHARED_DATA = Path("/usr/share/rime-data")
SCHEMA = "luna_pinyin_simp"
SIMPLIFIED_OPTION = b"zh_simp"

_BACKSPACE = 0xFF08
_ONLY_FATAL = 3
_NO_DIRECTORY = b"/dev/null"
"""No file can be made below it; an empty name would mean /tmp for 1.8."""
_NEEDED = {
    "luna_pinyin_simp.schema.yaml": "rime-data-luna-pinyin",
    "luna_pinyin.dict.yaml": "rime-data-luna-pinyin",
    "default.yaml": "rime-prelude",
    "essay.txt": "rime-essay",
}
"""Files that must be there, with the Debian package of each; without the essay every character counts as equally rare."""

_USER_FILES = {
    "default.custom.yaml": f"patch:\n  schema_list:\n    - schema: {SCHEMA}\n  switcher/save_options: []\n",
    f"{SCHEMA}.custom.yaml": """\
patch:
  translator/enable_user_dict: false
  schema/dependencies: []
  engine/translators: [script_translator]
""",
}
"""Our settings: one schema, nothing learnt, and no look-up by strokes, whose dictionary Debian 13 would compile for three seconds."""

_SAME_TIME = 1_000_000_000
"""Modification time of our settings: librime compiles again when it differs from the one in the cache."""

_LOG = logging.getLogger(__name__)


class RimeLibrary:
    """librime, started. It is one per process by its own nature: start a second one only after closing the first."""

    def __init__(self, functions: Functions, user_directory: Path) -> None:
        self.functions = functions
        self._user_directory = user_directory
        self._anchor = new_session(functions)

    @classmethod
    def start(cls, cache: Path, *, library: str = LIBRARY, shared_data: Path = SHARED_DATA) -> Self:
        """Load librime and make its dictionaries ready; blocks 0.4-0.7 s the first time, less once `cache` is filled.

        Args:
            cache: a directory for the compiled dictionaries (a few MB, the same for everybody); made if missing.
            library: the name or path the dynamic loader is asked for.
            shared_data: where Debian's rime-data-* packages lie.

        Raises:
            PinyinUnavailable: the library or its data is missing, too old, or does not start.
        """
        functions = _load(library)
        for name, package in _NEEDED.items():
            if not (shared_data / name).is_file():
                raise PinyinUnavailable(f"{name} is missing in {shared_data} (Debian: {package})")
        user_directory = Path(tempfile.mkdtemp(prefix="pinyin-"))
        try:
            _deploy(functions, cache, user_directory, shared_data)
            return cls(functions, user_directory)
        except BaseException:
            functions.finalize()
            shutil.rmtree(user_directory, ignore_errors=True)
            raise

    @property
    def version(self) -> str:
        """Version of the library, such as "1.8.5"."""
        version: bytes = self.functions.get_version()
        return version.decode()

    def engine(self, *, traditional: bool = False) -> RimeEngine:
        """Open an engine of its own composition; `traditional` gives 繁體 candidates from the same keys."""
        return RimeEngine(self.functions, traditional=traditional)

    def close(self) -> None:
        """End librime and remove its user directory; engines must be closed before."""
        self.functions.destroy_session(self._anchor)
        self.functions.finalize()
        shutil.rmtree(self._user_directory, ignore_errors=True)


class RimeEngine:
    """A `CandidateEngine` for addresses and everything that is not a name."""

    def __init__(self, functions: Functions, *, traditional: bool = False) -> None:
        self._rime = functions
        self._traditional = traditional
        self._session = 0
        self._fresh_session()

    @property
    def composition(self) -> str:
        """What librime shows as its preedit: picked characters, then letters by syllable."""
        context = Context()
        sized(context)
        if not self._rime.get_context(self._session, context):
            return ""
        preedit: bytes = context.composition.preedit or b""
        self._rime.free_context(context)
        return preedit.decode()

    def preceding(self, text: str) -> None:
        """Ignored: librime ranks by the letters alone."""

    def type(self, letter: str) -> None:
        """Add a letter; see `CandidateEngine.type`."""
        check_letter(letter)
        length = len(self._letters())
        if length < MAX_LETTERS and (length or letter != SEPARATOR):
            self._rime.process_key(self._session, ord(letter), 0)

    def backspace(self) -> None:
        """Undo; see `CandidateEngine.backspace`."""
        letters = self._letters()
        if not letters:
            return
        self._rime.process_key(self._session, _BACKSPACE, 0)
        if self._letters() == letters and self.composition.isascii():
            self._split_anew(letters)

    def candidates(self, page: int, per_page: int = 8) -> CandidatePage:
        """Give a page; one candidate more than shown is asked for, to know whether another page follows."""
        found = list(self._listed(page * per_page, per_page + 1))
        if not found:
            return NO_CANDIDATES
        return CandidatePage(tuple(found[:per_page]), has_previous=page > 0, has_next=len(found) > per_page)

    def pick(self, index: int) -> str | None:
        """Take a candidate; see `CandidateEngine.pick`."""
        if index < 0 or not self._rime.select_candidate(self._session, index):
            raise IndexError("no such candidate")
        text = self._committed()
        if text is not None:
            self._fresh_session()
        return text

    def clear(self) -> None:
        """Throw the session away, with the history of commits it keeps, and open another."""
        self._fresh_session()

    def close(self) -> None:
        """Throw the session away."""
        self._rime.destroy_session(self._session)
        self._session = 0

    def _split_anew(self, letters: bytes) -> None:
        """Type letters again after the only pick was undone: librime keeps the rest of them unsplit until the next key."""
        self._rime.clear_composition(self._session)
        for letter in letters:
            self._rime.process_key(self._session, letter, 0)

    def _letters(self) -> bytes:
        letters: bytes | None = self._rime.get_input(self._session)
        return letters or b""

    def _committed(self) -> str | None:
        commit = Commit()
        sized(commit)
        if not self._rime.get_commit(self._session, commit):
            return None
        text: bytes = commit.text or b""
        self._rime.free_commit(commit)
        return text.decode()

    def _listed(self, start: int, count: int) -> Iterator[str]:
        iterator = CandidateIterator()
        if not self._letters() or not self._rime.candidate_list_from_index(self._session, iterator, start):
            return
        try:
            for _ in range(count):
                if not self._rime.candidate_list_next(iterator):
                    return
                text: bytes = iterator.candidate.text
                yield text.decode()
        finally:
            self._rime.candidate_list_end(iterator)

    def _fresh_session(self) -> None:
        if self._session:
            self._rime.destroy_session(self._session)
        self._session = new_session(self._rime)
        self._rime.set_option(self._session, SIMPLIFIED_OPTION, int(not self._traditional))


def new_session(functions: Functions) -> int:
    """Open a session on the schema.

    Raises:
        PinyinUnavailable: librime gives no session, or has no such schema.
    """
    session: int = functions.create_session()
    if not session or not functions.select_schema(session, SCHEMA.encode()):
        raise PinyinUnavailable(f"librime does not open the schema {SCHEMA}")
    return session


@cache
def _load(library: str) -> Functions:
    """Load a library and silence its log, once per process: 1.8 aborts on a second set-up of its logging."""
    try:
        functions = Functions(ctypes.CDLL(library))
    except OSError as error:
        raise PinyinUnavailable(f"{library} cannot be loaded (Debian: librime1)") from error
    except AttributeError as error:
        raise PinyinUnavailable(f"{library} is too old or not librime: {error}") from error
    quiet = Traits(app_name=b"rime.kiosk", min_log_level=_ONLY_FATAL, log_dir=_NO_DIRECTORY)
    sized(quiet)
    functions.setup(quiet)
    return functions


def _deploy(functions: Functions, cache: Path, user_directory: Path, shared_data: Path) -> None:
    """Set librime up on its directories and let it compile what `cache` lacks."""
    cache.mkdir(parents=True, exist_ok=True)
    for name, text in _USER_FILES.items():
        (user_directory / name).write_text(text, encoding="utf-8")
        os.utime(user_directory / name, (_SAME_TIME, _SAME_TIME))
    traits = Traits(
        shared_data_dir=bytes(shared_data),
        user_data_dir=bytes(user_directory),
        distribution_name=b"kiosk",
        distribution_code_name=b"kiosk",
        distribution_version=b"1",
        prebuilt_data_dir=bytes(shared_data / "build"),
        staging_dir=bytes(cache),
    )
    sized(traits)
    functions.initialize(traits)
    if functions.start_maintenance(0):
        functions.join_maintenance_thread()
    _LOG.debug("librime is ready")
