"""Sinks: what makes text that others wrote safe where it goes, one function for each.

An id, a local formulary and a catalogue of one's own may hold anything. The library hands them out
as they are; a terminal, a spreadsheet and a renderer of Markdown get them through here, pages
through `html/svg.py` and the escaping of their template.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Entry, Formulary
    from lenrx.rules.answer import Answer, Assessment

_OBEYED: Final = "\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_DRAWN: Final = re.compile(f"[{_OBEYED}]")
_LINE: Final = re.compile(f"[\n{_OBEYED}]")
"""What a terminal obeys, what turns the direction of the text around it, and halves of a pair."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, the wide signs of East Asia too."""
_MARKED: Final = re.compile(r"[\\`*_\[\]|#~]")


def on_terminal(text: str) -> str:
    """Text with nothing in it that a terminal obeys; its lines stay."""
    return _DRAWN.sub("?", text)


def on_one_line(text: str) -> str:
    """A message of one line, with nothing in it that a terminal obeys."""
    return _LINE.sub("?", text)


def in_csv(cell: str) -> str:
    """A cell that no spreadsheet reads as a formula, and no terminal as a command."""
    cell = f"'{cell}" if cell.startswith(_FORMULA) else cell
    return cell if cell.isprintable() else _DRAWN.sub("?", cell)


def in_markdown(text: str) -> str:
    """Words that Markdown shows as they are: no link, no HTML, no mark, on one line."""
    marked = _MARKED.sub(lambda found: f"\\{found[0]}", on_one_line(text))
    return marked.replace("<", "&lt;").replace(">", "&gt;")


def for_markdown(answer: Answer) -> Answer:
    """An answer whose id and local notes are safe in Markdown."""
    case, patient = answer.case, answer.state.patient
    if patient.id:
        state = replace(answer.state, patient=patient._replace(id=in_markdown(patient.id)))
        case = case._replace(state=state)
    if case.formulary:
        case = case._replace(formulary=_formulary(case.formulary))
    if case is answer.case:
        return answer
    return replace(answer, case=case, regimens=tuple(map(_assessment, answer.regimens)))


def _formulary(local: Formulary) -> Formulary:
    def noted(entry: Entry) -> Entry:
        return entry._replace(note=in_markdown(entry.note) if entry.note else None)

    return local._replace(
        name=in_markdown(local.name),
        drugs={name: noted(entry) for name, entry in local.drugs.items()},
        regimens={name: noted(entry) for name, entry in local.regimens.items()},
    )


def _assessment(each: Assessment) -> Assessment:
    from lenrx.rules.filters import is_local

    found = [
        one._replace(because=in_markdown(one.because)) if is_local(one) else one
        for one in each.findings
    ]
    return each._replace(findings=tuple(found))
