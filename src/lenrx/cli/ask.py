"""`lenrx ask`: question by question to the answer, the patient as a file and as a command line."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from lenrx.cli.options import PatientCommand, asks
from lenrx.cli.terminal import (
    Color,
    ColorOption,
    PagerOption,
    WidthOption,
    drawing,
    fail,
    one_line,
    one_line_errors,
    write,
)

if TYPE_CHECKING:
    from lenrx.cli.inquiry import Inquiry
    from lenrx.rules.answer import Answer
    from lenrx.rules.asking.asking import NextQuestion

_HOW: Final = (
    "Answer in words as charts write them; ? not known, back one question back, stop the answer "
    "now. FIELD=VALUE (egfr=25) states anything else."
)
_ENOUGH: Final = ("stop", "quit", "exit", "q")
"""Words that ask for the answer with what is known now."""
_HELP: Final = ("help", "h")
_MORE: Final = ("?", "more")
_SETTLED: Final = "\nNothing that is left to ask can change a verdict on label."
_INDENT, _NARROW = "   ", 40
_NAMED: Final = 5
"""Regimens of one question that are named."""
_MOVING: Final = 6
"""Fields that the last question names, before it only counts."""
_FINDINGS: Final = 3
"""Of a list of findings, how many it names."""


class _Step(NamedTuple):
    """How far the conversation has come: what is stated, what was asked, what comes of it."""

    inquiry: Inquiry
    answer: Answer
    asked: frozenset[str] = frozenset()


@asks
def ask(
    *,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="The patient as JSON or YAML, for --patient."),
    ] = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    pager: PagerOption = True,
    asked: Any = None,
) -> None:
    """Ask what decides, one question after the other, most first; then answer as `recommend`."""
    from lenrx.cli.dialogue import command_line, saved
    from lenrx.cli.inquiry import inquire
    from lenrx.report.screen.table import draw

    try:
        with one_line_errors():
            _checked(save, asked)
            inquiry = inquire(asked)
            first = _Step(inquiry, inquiry.answer())
        last = _conversation(first)
        # First of all: whoever reads the answer may hang up.
        problem = saved(last.inquiry, last.answer, save) if save and last != first else ""
        if save and last == first:
            typer.echo(f"lenrx: nothing was answered: {save} is left as it is", err=True)
        with drawing(width, color, None, pager) as console:
            draw(last.answer, console)
        again = command_line(last.inquiry, last.answer, asked, save)
        write(f"\nThe same again:\n{again}", None)
        if problem:
            fail(problem)
    except BrokenPipeError:
        # Nobody reads the questions any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        typer.echo("\nlenrx: interrupted; nothing is half-written", err=True)
        raise typer.Exit(130) from None


def _checked(save: Path | None, asked: Any) -> None:
    """Refuse before the first question what could only fail after the last."""
    from lenrx.cli.dialogue import form_of

    if sys.stdin is None:
        fail("stdin: is closed; ask needs a terminal or a pipe to read answers from")
    if asked["patient"] == "-":
        fail("--patient -: stdin holds the answers here; give the patient as a file")
    if save is not None:
        form_of(save)
        if not save.absolute().parent.is_dir():
            fail(f"--save {save}: the folder is not there; make it first")
        if save.exists() and not save.is_file():
            fail(f"--save {save}: is no file; name one")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def _conversation(first: _Step) -> _Step:
    """Question after question, until none can change anything, or no answer comes any more."""
    from lenrx.rules.asking.asking import next_question

    _say(_HOW)
    _say(_counts(first.answer))
    steps = [first]
    while question := next_question(steps[-1].answer, steps[-1].asked) or _rest(steps[-1].answer):
        if not question.subject:
            _say(_left(question))
        else:
            _put(question, len(steps))
        if not _answered(question, steps):
            break
        _say(_counts(steps[-1].answer))
    else:
        _say(_SETTLED)
    return steps[-1]


def _rest(answer: Answer) -> NextQuestion | None:
    """The last question, which changes no verdict: what may still move the first options."""
    from lenrx.rules.asking.asking import NextQuestion
    from lenrx.rules.asking.moving import moving

    found = moving(answer)
    return NextQuestion("", found, 0, ()) if found else None


def _left(question: NextQuestion) -> str:
    """The last question in words, with what moves most."""
    from lenrx.cli.dialogue import listed

    lines, whole = listed(question.names, _FINDINGS), listed(question.names)
    left = len(lines) - _MOVING
    lines = lines[:_MOVING] + ([f"and {left} more"] if left > 0 else [])
    more = "; ? the whole list" if lines != whole else ""
    return (
        f"{_SETTLED}\nWhat may still move the first options, most first:{_indented(lines)}\n"
        f"State it as FIELD=VALUE (egfr=25); Enter or stop: the answer{more}."
    )


def _whole(question: NextQuestion) -> str:
    """All that the last question may name."""
    from lenrx.cli.dialogue import listed

    return _indented(listed(question.names)).lstrip("\n")


def _indented(lines: Iterable[str]) -> str:
    return "".join(f"\n{_INDENT}{each}" for each in lines)


def _answered(question: NextQuestion, steps: list[_Step]) -> bool:
    """Whether an answer came; it goes on the pile, or `back` takes the last one off."""
    unread = False
    while True:
        text = _line()
        word = None if text is None else text.strip().lower()
        if word is None and unread and not sys.stdin.isatty():
            fail("stdin: ended, and its last answer could not be read; nothing was written")
        if word is None or word in _ENOUGH or (not question.subject and word == ""):
            return False
        if not question.subject and word in _MORE:
            _say(_whole(question))
            continue
        if word in _HELP:
            _say(_HOW)
            continue
        if word == "back":
            if len(steps) == 1:
                _say("There is no question before this one.")
            else:
                steps.pop()
            return True
        found = _next_step(text or "", question, steps[-1])
        if found:
            steps.append(found)
            return True
        unread = True


def _line() -> str | None:
    """What is typed; None at its end."""
    sys.stderr.write("> ")
    sys.stderr.flush()
    try:
        text = sys.stdin.readline()
    except (OSError, ValueError):
        fail("stdin: cannot be read; ask needs a terminal or a pipe to read answers from")
    if not text or not sys.stdin.isatty():
        _say("")
    return text or None


def _next_step(text: str, question: NextQuestion, before: _Step) -> _Step | None:
    """How things stand after an answer; None where it cannot be read, which is said."""
    from lenrx.cli.dialogue import told
    from lenrx.patient.patient import PatientError

    inquiry, answer, asked = before
    try:
        changed, said, answered = told(text, question, answer)
    except PatientError as error:
        word = f"{error.value!r}: " if error.value else ""
        _tell(f"{error.field}: {word}{error.problem}")
        return None
    assumed = {name: each for name, each in inquiry.assumed.items() if name not in changed}
    outside = tuple(each for each in inquiry.outside if each[0] not in changed)
    stated = {**inquiry.stated, **changed}
    then = inquiry._replace(stated=stated, assumed=assumed, outside=outside)
    try:
        found = then.answer()
    except PatientError as error:
        _tell(str(error))
        return None
    for words in said:
        _tell(words)
    return _Step(then, found, asked | {*changed, *([question.subject] if answered else [])})


def _put(question: NextQuestion, number: int) -> None:
    from lenrx.rules.asking.words import accepted
    from lenrx.rules.asking.words import question as words

    ids, more = question.regimens[:_NAMED], len(question.regimens) - _NAMED
    named = ", ".join(ids) + (f" and {more} more" if more > 0 else "")
    _say(f"\n{number}. {words(question)}   (may decide {named})")
    _say(f"   {accepted(question)}; ?")


def _counts(answer: Answer) -> str:
    """How many regimens are open, unclear and out."""
    counts = (len(answer.with_verdict(each)) for each in ("eligible", "conditional", "excluded"))
    return "{} open, {} unclear, {} out".format(*counts)


def _say(text: str) -> None:
    """A part of the conversation, wrapped; stdout is for the answer."""
    wide = max(shutil.get_terminal_size((80, 24)).columns, _NARROW)
    for line in text.split("\n"):
        wrapped = textwrap.fill(one_line(line), wide, subsequent_indent=_INDENT)
        typer.echo(wrapped, err=True)


def _tell(text: str) -> None:
    """What is wrong with an answer, or how it was read, in one line."""
    typer.echo(f"lenrx: {one_line(text)}", err=True)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=PatientCommand, epilog="Example: lenrx ask --region eu --save patient.json")(
        ask
    )
