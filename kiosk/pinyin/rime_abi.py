"""The C interface of librime as ctypes sees it: struct layouts and the function table; what typing means is not known here.

Source: rime_api.h of librime 1.8.5 (Debian 12). Entries are only ever appended to the table and to the structs that begin with
`data_size` (rime/librime#45), so that one layout serves 1.8 to 1.13 and later. The exported functions `Rime*` are not used:
1.12 and 1.13.0 lost them (rime/librime#964).
"""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_int, c_size_t, c_void_p
from typing import Any, ClassVar

SessionId = ctypes.c_size_t
"""uintptr_t; 0 is no session."""


class Traits(ctypes.Structure):
    """RimeTraits: where data lies and how much is logged; `data_size` counts the bytes after itself."""

    _fields_: ClassVar = [
        ("data_size", c_int),
        ("shared_data_dir", c_char_p),
        ("user_data_dir", c_char_p),
        ("distribution_name", c_char_p),
        ("distribution_code_name", c_char_p),
        ("distribution_version", c_char_p),
        ("app_name", c_char_p),
        ("modules", ctypes.POINTER(c_char_p)),
        ("min_log_level", c_int),
        ("log_dir", c_char_p),
        ("prebuilt_data_dir", c_char_p),
        ("staging_dir", c_char_p),
    ]


class Composition(ctypes.Structure):
    """RimeComposition: the letters as shown while composing."""

    _fields_: ClassVar = [
        ("length", c_int),
        ("cursor_pos", c_int),
        ("sel_start", c_int),
        ("sel_end", c_int),
        ("preedit", c_char_p),
    ]


class Candidate(ctypes.Structure):
    """RimeCandidate."""

    _fields_: ClassVar = [("text", c_char_p), ("comment", c_char_p), ("reserved", c_void_p)]


class Menu(ctypes.Structure):
    """RimeMenu: the page that librime itself keeps; only its place in Context matters here."""

    _fields_: ClassVar = [
        ("page_size", c_int),
        ("page_no", c_int),
        ("is_last_page", c_int),
        ("highlighted_candidate_index", c_int),
        ("num_candidates", c_int),
        ("candidates", ctypes.POINTER(Candidate)),
        ("select_keys", c_char_p),
    ]


class Context(ctypes.Structure):
    """RimeContext, to be given back with `free_context`."""

    _fields_: ClassVar = [
        ("data_size", c_int),
        ("composition", Composition),
        ("menu", Menu),
        ("commit_text_preview", c_char_p),
        ("select_labels", ctypes.POINTER(c_char_p)),
    ]


class Commit(ctypes.Structure):
    """RimeCommit, to be given back with `free_commit`."""

    _fields_: ClassVar = [("data_size", c_int), ("text", c_char_p)]


class CandidateIterator(ctypes.Structure):
    """RimeCandidateListIterator, to be given back with `candidate_list_end`."""

    _fields_: ClassVar = [("ptr", c_void_p), ("index", c_int), ("candidate", Candidate)]


def sized(struct: Traits | Context | Commit) -> None:
    """Write a struct's own size into its first member, as RIME_STRUCT_INIT does."""
    struct.data_size = ctypes.sizeof(struct) - ctypes.sizeof(c_int)


_ORDER = (
    "setup set_notification_handler initialize finalize start_maintenance is_maintenance_mode join_maintenance_thread "
    "deployer_initialize prebuild deploy deploy_schema deploy_config_file sync_user_data create_session find_session destroy_session "
    "cleanup_stale_sessions cleanup_all_sessions process_key commit_composition clear_composition get_commit free_commit get_context "
    "free_context get_status free_status set_option get_option set_property get_property get_schema_list free_schema_list "
    "get_current_schema select_schema schema_open config_open config_close config_get_bool config_get_int config_get_double "
    "config_get_string config_get_cstring config_update_signature config_begin_map config_next config_end simulate_key_sequence "
    "register_module find_module run_task get_shared_data_dir get_user_data_dir get_sync_dir get_user_id get_user_data_sync_dir "
    "config_init config_load_string config_set_bool config_set_int config_set_double config_set_string config_get_item config_set_item "
    "config_clear config_create_list config_create_map config_list_size config_begin_list get_input get_caret_pos select_candidate "
    "get_version set_caret_pos select_candidate_on_current_page candidate_list_begin candidate_list_next candidate_list_end "
    "user_config_open candidate_list_from_index"
)
"""The table's entries in their order, as far as the last one used."""

_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "setup": (None, (ctypes.POINTER(Traits),)),
    "initialize": (None, (ctypes.POINTER(Traits),)),
    "finalize": (None, ()),
    "start_maintenance": (c_int, (c_int,)),
    "join_maintenance_thread": (None, ()),
    "create_session": (SessionId, ()),
    "destroy_session": (c_int, (SessionId,)),
    "process_key": (c_int, (SessionId, c_int, c_int)),
    "clear_composition": (None, (SessionId,)),
    "get_commit": (c_int, (SessionId, ctypes.POINTER(Commit))),
    "free_commit": (c_int, (ctypes.POINTER(Commit),)),
    "get_context": (c_int, (SessionId, ctypes.POINTER(Context))),
    "free_context": (c_int, (ctypes.POINTER(Context),)),
    "set_option": (None, (SessionId, c_char_p, c_int)),
    "select_schema": (c_int, (SessionId, c_char_p)),
    "get_input": (c_char_p, (SessionId,)),
    "select_candidate": (c_int, (SessionId, c_size_t)),
    "get_version": (c_char_p, ()),
    "candidate_list_next": (c_int, (ctypes.POINTER(CandidateIterator),)),
    "candidate_list_end": (None, (ctypes.POINTER(CandidateIterator),)),
    "candidate_list_from_index": (c_int, (SessionId, ctypes.POINTER(CandidateIterator), c_int)),
}


class _Table(ctypes.Structure):
    _fields_: ClassVar = [("data_size", c_int), *((name, c_void_p) for name in _ORDER.split())]


class Functions:
    """The entries of RimeApi that the engine calls, as callables named like the entries."""

    def __init__(self, library: ctypes.CDLL) -> None:
        """Read the table of a loaded library.

        Raises:
            AttributeError: the library has no `rime_get_api`, or its table ends before an entry that is needed.
        """
        entry = library.rime_get_api
        entry.restype = ctypes.POINTER(_Table)
        table = entry().contents
        end = ctypes.sizeof(c_int) + table.data_size
        for name, (result, arguments) in _SIGNATURES.items():
            field = getattr(_Table, name)
            address = getattr(table, name) if field.offset + field.size <= end else None
            if not address:
                raise AttributeError(f"librime's function table has no {name}")
            setattr(self, name, ctypes.CFUNCTYPE(result, *arguments)(address))

    def __getattr__(self, name: str) -> Any:
        """Only for the type checker: every callable is set at construction."""
        raise AttributeError(name)
