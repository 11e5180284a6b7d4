"""The options that several commands share: the patient's fields, and how the question is asked."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from lenrx.catalogue.field_kinds import PANELS, Field, Findings, Word
from lenrx.catalogue.fields import DECLARED, DRUGGED, FLAGGED, FOUND, TAKEN
from lenrx.cli.terminal import default, fail
from lenrx.cli.usage import Command

_ASKED = "How to ask"


def _placed(field: Field) -> tuple[int, int]:
    return PANELS.index(field.shown.panel), field.shown.order


PATIENT: Final = tuple(
    (each.name, each.help, each.shown.panel) for each in sorted(DECLARED.values(), key=_placed)
)
"""The name, the help and the panel of every option that states something."""
_LISTS: Final = (*DRUGGED, *FOUND, *TAKEN)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


_FLAGS: Final = frozenset(_flag(name) for name in FLAGGED)


class PatientCommand(Command):
    """A command on whose line `--dialysis` alone means true and `--no-dialysis` means false."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write out bare flags before the options are read."""
        written: list[str] = []
        for place, arg in enumerate(args):
            following = args[place + 1] if place + 1 < len(args) else "--"
            if arg in _FLAGS and following.startswith("-"):
                written += [arg, "true"]
            elif arg.startswith("--no-") and f"--{arg[5:]}" in _FLAGS:
                written += [f"--{arg[5:]}", "false"]
            else:
                written.append(arg)
        return super().parse_args(ctx, written)


def _option(kind: Any, *names: str, help: str, panel: str, **more: Any) -> Any:
    return Annotated[kind, typer.Option(*names, help=help, rich_help_panel=panel, **more)]


def _asking() -> dict[str, tuple[Any, Any]]:
    """The options that say how the question is asked: annotation and default."""
    path, words = str | None, list[str] | None
    texts = {
        "patient": (path, "--patient", "One patient as JSON or YAML; - for stdin.", "FILE"),
        "assume": (words, "--assume", "Take a value as given and say so in the answer.", "F=V"),
        "formulary": (path, "--formulary", "A local formulary: restricts and annotates.", "FILE"),
        "catalogue": (path, "--catalogue", "A folder with your own catalogue files.", "DIR"),
    }
    asked: dict[str, tuple[Any, Any]] = {
        name: (_option(kind, flag, help=text, panel=_ASKED, metavar=metavar), None)
        for name, (kind, flag, text, metavar) in texts.items()
    }
    strict = "What nobody has ruled out keeps a regimen conditional."
    on_label = "Off-label regimens are excluded."
    asked["strict"] = (_option(bool, "--strict", help=strict, panel=_ASKED), False)
    asked["on_label"] = (_option(bool, "--on-label", help=on_label, panel=_ASKED), False)
    return asked


def asks(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the patient's fields and the ways to ask, as one `asked` mapping."""
    own = inspect.signature(command, eval_str=True).parameters
    shared = _shared()
    parameters = [*(each for name, each in own.items() if name != "asked"), *shared]

    def run(**options: Any) -> None:
        asked = {each.name: options.pop(each.name) for each in shared}
        for written in (options.get("output"), options.get("save")):
            if written:
                _refuse_over_input(written, {**asked, "record": options.get("record")})
        command(**options, asked=asked)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _refuse_over_input(output: Path, asked: Mapping[str, Any]) -> None:
    """End the program where a result would be written over what the answer is made from."""
    if not output.is_file():
        return
    from lenrx.batch.files import RunError, apart

    local, own = default("formulary"), default("catalogue")
    named = (asked["patient"], asked["record"], asked["formulary"], local and local.value)
    folder = asked["catalogue"] or (own and own.value)
    read = [*(Path(each) for each in named if each), *(Path(folder).glob("*") if folder else ())]
    try:
        apart((each for each in read if each.is_file()), [output])
    except RunError as error:
        fail(str(error))


@cache
def _shared() -> tuple[inspect.Parameter, ...]:
    """Made once: every start pays for every option."""
    asking = [_keyword(name, kind, default) for name, (kind, default) in _asking().items()]
    fields = [_keyword(name, _field(name, text, panel), None) for name, text, panel in PATIENT]
    return (*asking, *fields)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _field(name: str, text: str, panel: str) -> Any:
    flags = [_flag(each) for each in (name, DECLARED[name].shown.also) if each]
    kind: Any = list[str] if name in _LISTS else str
    return _option(kind | None, *flags, help=text, panel=panel, autocompletion=_completion(name))


def _completion(name: str) -> Callable[[str], list[str]] | None:
    """What completes an option that states something; only where a shell asks for it.

    Every start pays for every function that typer has to look into.
    """
    if COMPLETING not in os.environ:
        return None

    def complete(incomplete: str) -> list[str]:
        return complete_field(name, incomplete)

    return complete


COMPLETING: Final = "_LENRX_COMPLETE"
"""The variable with which a shell asks typer for completion."""


def complete_field(name: str, incomplete: str) -> list[str]:
    """Words that may follow in the option of a field; of a list, behind its last comma."""
    head, comma, last = incomplete.rpartition(",") if name in _LISTS else ("", "", incomplete)
    return [f"{head}{comma}{word}" for word in _begun(last, _words(name))]


def _begun(incomplete: str, words: Iterable[str]) -> list[str]:
    """Words that begin so, each once; a space would part one into two on the line."""
    start = incomplete.lower()
    found = (word for word in words if word.lower().startswith(start) and " " not in word)
    return list(dict.fromkeys(found))


def _words(name: str) -> Iterable[str]:
    """The words of a field, where there are some."""
    kind = DECLARED[name].kind
    if name in (*DRUGGED, *TAKEN):
        from lenrx.catalogue.loading import load
        from lenrx.catalogue.names import known_medicines, known_names

        return known_names(load()) if name in DRUGGED else known_medicines(load())
    if name in FLAGGED:
        return ("true", "false")
    return kind.words if isinstance(kind, Findings | Word) else ()


def complete_regimens(incomplete: str) -> list[str]:
    """Regimen ids that begin so."""
    from lenrx.catalogue.loading import load

    return _begun(incomplete, load().regimens)


def complete_plans(incomplete: str) -> list[str]:
    """Regimens, in the catalogue or not, and drugs; behind a plus or a comma drugs alone."""
    from lenrx.catalogue.loading import load
    from lenrx.catalogue.names import drug_names

    catalogue = load()
    place = max(map(incomplete.rfind, "+,/")) + 1
    head, last = incomplete[:place], incomplete[place:]
    whole = () if head else (*catalogue.regimens, *catalogue.combinations)
    return [f"{head}{word}" for word in _begun(last, (*whole, *drug_names(catalogue)))]
