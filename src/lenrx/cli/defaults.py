"""Defaults that stand outside the call: in the environment, or in a file of the working folder.

Imported only where there may be one: `default()` of `terminal` looks first.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from lenrx.catalogue.vocabulary import REGIONS
from lenrx.cli.terminal import DEFAULTS, DEFAULTS_FILE, PROJECT_FILE, fail

_MARK: Final = "tool.lenrx"


class Default(NamedTuple):
    """A value, and where it stands: `LENRX_REGION`, `lenrx.toml`."""

    value: str
    place: str


def found(name: str) -> Default | None:
    """The default of that name, from the environment, else the file. Ends the program if bad."""
    variable = DEFAULTS[name]
    if written := os.environ.get(variable):
        return _checked(name, Default(written, variable))
    place, table = _table()
    for key in table:
        if key not in DEFAULTS:
            fail(f"{place}: {key!r} is nothing that can be set{_nearest(key)}")
    return _checked(name, Default(table[name], place)) if name in table else None


def _table() -> tuple[str, Mapping[str, Any]]:
    """What `lenrx.toml` holds, or else the `[tool.lenrx]` of `pyproject.toml`."""
    if Path(DEFAULTS_FILE).is_file():
        return DEFAULTS_FILE, _parsed(DEFAULTS_FILE)
    if not Path(PROJECT_FILE).is_file() or _MARK.encode() not in _read(PROJECT_FILE):
        return PROJECT_FILE, {}
    tools = _parsed(PROJECT_FILE).get("tool")
    table = tools.get("lenrx", {}) if isinstance(tools, dict) else {}
    place = f"{PROJECT_FILE} [{_MARK}]"
    if not isinstance(table, dict):
        fail(f"{place}: must be a table of keys and values")
    return place, table


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        fail(f"{name}: cannot be read ({error.strerror or type(error).__name__})")


def _parsed(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(name).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fail(f"{name}: not TOML: {error}")


def _checked(name: str, given: Default) -> Default:
    """A value that can be used, with its own place named where it cannot."""
    where = given.place if given.place == DEFAULTS[name] else f"{given.place}: {name}"
    if not isinstance(given.value, str):
        fail(f"{where}: must be text between quotes")
    if name == "region":
        word = given.value.strip().lower()
        if word not in REGIONS:
            fail(f"{where}: {given.value!r}: must be one of {', '.join(REGIONS)}")
        return given._replace(value=word)
    if not Path(given.value).exists():
        what = "folder" if name == "catalogue" else "file"
        fail(f"{where}: {given.value}: no such {what}")
    return given


def _nearest(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key.lower(), DEFAULTS, n=1)
    every = ", ".join(DEFAULTS)
    return f"; did you mean {near[0]}?" if near else f"; what can: {every}"
