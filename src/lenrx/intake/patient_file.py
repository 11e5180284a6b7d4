"""One patient as a JSON or YAML file; errors hold nothing of its content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lenrx.catalogue.records import CatalogueError
from lenrx.intake.lines import stdin
from lenrx.intake.rows import PLAN, PLAN_NAMES, TREATMENTS
from lenrx.patient.patient import PatientError, field_name


def patient_file(path: str) -> dict[str, Any]:
    """One patient as JSON or YAML, from a file or `-`; errors hold nothing of its content."""
    name = "stdin" if path == "-" else Path(path).name
    try:
        text = stdin().read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PatientError(name, "cannot be read (not UTF-8; save it as UTF-8)") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PatientError(name, f"cannot be read ({why})") from None
    data = _parsed(text, name)
    if not isinstance(data, dict):
        raise PatientError(name, "must hold one patient, a mapping of fields to values")
    return _by_field(data)


def _by_field(data: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for written, value in data.items():
        name = _BESIDE.get(str(written).strip().lower()) or field_name(written)
        if name in fields:
            raise PatientError(name, "written twice; keep one")
        fields[name] = value
    return fields


_BESIDE: Final = {TREATMENTS: TREATMENTS, **dict.fromkeys(PLAN_NAMES, PLAN)}
"""Members of a file that are no fields of a patient."""


def _parsed(text: str, name: str) -> Any:
    is_json = text.lstrip()[:1] in ("{", "[") and not name.endswith((".yaml", ".yml"))
    if is_json or name.endswith(".json"):
        try:
            return json.loads(text, object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            raise PatientError(name, f"line {error.lineno}: not JSON: {error.msg}") from None
        except (RecursionError, ValueError):
            raise PatientError(name, "not a patient: nested too deeply or too large") from None
    from lenrx.catalogue.strict_yaml import parse

    try:
        return parse(text, name)
    except CatalogueError as error:
        raise PatientError(name, str(error).removeprefix(f"{name}:")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise PatientError(key, "written twice; keep one")
        found[key] = value
    return found
