"""Defaults that stand outside the call: in the environment, or in a file of the working folder.

Imported only where there may be one: `default()` of `terminal` looks first.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from lenrx.catalogue.vocabulary import REGIONS

DEFAULTS_FILE: Final = "lenrx.toml"
PROJECT_FILE: Final = "pyproject.toml"
_MARK: Final = "tool.lenrx"


class DefaultsError(Exception):
    """A default that cannot be used: where it stands, and what is wrong with it."""


class Default(NamedTuple):
    """A value, and where it stands: `LENRX_REGION`, `lenrx.toml`."""

    value: str
    place: str


def found(name: str, variables: Mapping[str, str]) -> Default | None:
    """The default of that name, from its variable of the environment, else the file.

    Raises DefaultsError.
    """
    if written := os.environ.get(variables[name]):
        return _checked(name, variables[name], written, variables[name])
    place, table = _table()
    for key in table:
        if key not in variables:
            problem = f"{key!r} is nothing that can be set{_nearest(key, variables)}"
            raise DefaultsError(f"{place}: {problem}")
    return _checked(name, place, table[name], f"{place}: {name}") if name in table else None


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
        raise DefaultsError(f"{place}: must be a table of keys and values")
    return place, table


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror or type(error).__name__})"
        raise DefaultsError(f"{name}: {problem}") from None


def _parsed(name: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(_read(name).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefaultsError(f"{name}: not TOML: {error}") from None


def _checked(name: str, place: str, value: Any, where: str) -> Default:
    """A value that can be used."""
    if not isinstance(value, str):
        raise DefaultsError(f"{where}: must be text between quotes")
    if name == "region":
        word = value.strip().lower()
        if word not in REGIONS:
            raise DefaultsError(f"{where}: {value!r}: must be one of {', '.join(REGIONS)}")
        return Default(word, place)
    if not Path(value).exists():
        what = "folder" if name == "catalogue" else "file"
        raise DefaultsError(f"{where}: {value}: no such {what}")
    return Default(value, place)


def _nearest(key: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key.lower(), names, n=1)
    every = ", ".join(names)
    return f"; did you mean {near[0]}?" if near else f"; what can: {every}"
