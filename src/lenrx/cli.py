"""The command line: the only module that prints, and the only one that reads a clock."""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperCommand

from lenrx import __version__
from lenrx.terms import COMORBIDITIES, CYTOGENETICS

if TYPE_CHECKING:
    from lenrx.assessment import Answer
    from lenrx.catalogue import Catalogue

_DISEASE = "The disease"
_HISTORY = "What was given"
_KIDNEYS = "Kidneys, liver, blood"
_HEART = "Heart, nerves, fitness, other illness"
_PLACE = "Place and date"

PATIENT_OPTIONS: Final[tuple[tuple[str, str, str], ...]] = (
    ("id", "Text to carry along.", _PLACE),
    ("refractory", "Progressed on it, within 60 days of it, or never responded.", _HISTORY),
    ("exposed", "Given before: drugs, brands, classes or regimens (VRd).", _HISTORY),
    ("intolerant", "Stopped for toxicity.", _HISTORY),
    ("prior_lines", "Prior lines of therapy.", _HISTORY),
    ("history", "complete: a drug not listed was not given (default); partial.", _HISTORY),
    ("prior_transplant", "Transplanted before: true, false.", _HISTORY),
    ("cytogenetics", f"Found: {', '.join(CYTOGENETICS)}; usual spellings.", _DISEASE),
    ("cytogenetics_absent", "Looked for and absent.", _DISEASE),
    ("emd", "Extramedullary disease: true, false.", _DISEASE),
    ("pcl", "Plasma cell leukaemia: true, false.", _DISEASE),
    ("cns", "CNS disease: true, false.", _DISEASE),
    ("age", "Years.", _HEART),
    ("sex", "female, male.", _HEART),
    ("weight", "kg.", _KIDNEYS),
    ("egfr", "mL/min/1.73 m2.", _KIDNEYS),
    ("crcl", "Creatinine clearance, mL/min.", _KIDNEYS),
    ("creatinine", "mg/dL; with age, sex and weight eGFR and CrCl are derived.", _KIDNEYS),
    ("dialysis", "true, false.", _KIDNEYS),
    ("hepatic", "Hepatic impairment: none, mild, moderate, severe.", _KIDNEYS),
    ("platelets", "10^9/L.", _KIDNEYS),
    ("anc", "Neutrophils, 10^9/L.", _KIDNEYS),
    ("lvef", "Percent.", _HEART),
    ("neuropathy_grade", "CTCAE grade 0-4.", _HEART),
    ("neuropathic_pain", "true, false.", _HEART),
    ("ecog", "ECOG performance status 0-4.", _HEART),
    ("frailty", "fit, intermediate, frail.", _HEART),
    ("comorbidities", f"Present: {', '.join(COMORBIDITIES)}.", _HEART),
    ("comorbidities_absent", "Looked for and absent.", _HEART),
    ("region", "Whose label: us, eu (default: either).", _PLACE),
    ("as_of", "ISO date the question is asked for (default: today).", _PLACE),
)
_DRUGS: Final = ("refractory", "exposed", "intolerant")
_FOUND: Final = ("cytogenetics", "cytogenetics_absent", "comorbidities", "comorbidities_absent")
_FLAGS: Final = frozenset(
    f"--{name.replace('_', '-')}"
    for name in ("dialysis", "emd", "pcl", "cns", "neuropathic_pain", "prior_transplant")
)


class PatientCommand(TyperCommand):
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


class Format(StrEnum):
    """How `recommend` answers; never guessed from the pipe."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class Plain(StrEnum):
    """How the commands that read the catalogue answer."""

    table = "table"
    json = "json"


class Listing(StrEnum):
    """How `regimens` lists; markdown is the coverage table of the docs."""

    table = "table"
    json = "json"
    markdown = "markdown"


class Color(StrEnum):
    """When to colour; auto honours NO_COLOR."""

    auto = "auto"
    always = "always"
    never = "never"


app = typer.Typer(
    name="lenrx",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
    help=(
        "Which regimens are still open when myeloma is refractory to lenalidomide, why, why not "
        "the others, on what evidence, and what to find out first."
    ),
)

_Catalogue = Annotated[
    Path | None,
    typer.Option("--catalogue", help="A folder with your own catalogue files.", metavar="DIR"),
]
_Width = Annotated[int | None, typer.Option("--width", min=40, help="Columns to draw in.")]
_Color = Annotated[Color, typer.Option("--color", help="auto honours NO_COLOR.")]
_Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to a file, not to stdout.")
]
_PlainFormat = Annotated[Plain, typer.Option("--format", "-f")]


def _fail(message: str) -> NoReturn:
    typer.echo(f"lenrx: {message}", err=True)
    raise typer.Exit(2)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """What cannot be run is one line on stderr and exit 2."""
    from lenrx.catalogue import CatalogueError
    from lenrx.names import UnknownName
    from lenrx.patient import PatientError

    try:
        yield
    except (CatalogueError, PatientError) as error:
        _fail(str(error))
    except UnknownName as error:
        _fail(f"{error.text!r}: {error.hint}")


def _load(folder: Path | None) -> Catalogue:
    from lenrx.catalogue import load

    return load(folder)


def _today() -> str:
    from datetime import date

    return date.today().isoformat()


def _patient_file(path: str) -> dict[str, Any]:
    """One patient as JSON or YAML; what is wrong is told without its content."""
    from lenrx.patient import PatientError

    name = "stdin" if path == "-" else Path(path).name
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PatientError(name, f"cannot be read ({type(error).__name__})") from None
    data = _parsed(text, name)
    if not isinstance(data, dict):
        raise PatientError(name, "must hold one patient, a mapping of fields to values")
    return data


def _parsed(text: str, name: str) -> Any:
    import json

    from lenrx.patient import PatientError

    is_json = text.lstrip()[:1] in ("{", "[") and not name.endswith((".yaml", ".yml"))
    if is_json or name.endswith(".json"):
        try:
            return json.loads(text, object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            raise PatientError(name, f"line {error.lineno}: not JSON: {error.msg}") from None
    from lenrx.reading import plain_patient

    return plain_patient(text, name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    from lenrx.patient import PatientError

    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise PatientError(key, "written twice; keep one")
    return dict(pairs)


def _stated(file: str | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """The patient's fields from the file and the options, which may not speak of the same field."""
    from lenrx.patient import FIELD_ALIASES, PatientError

    raw = _patient_file(file) if file else {}
    written = {str(key).replace("-", "_").lower() for key in raw}
    in_file = {FIELD_ALIASES.get(key, key) for key in written}
    for name, _, _ in PATIENT_OPTIONS:
        value = options.get(name)
        if value is None or value == []:
            continue
        if name in in_file:
            raise PatientError(name, "stated in the file and as an option; keep one")
        raw[name] = value
    return raw


def _answer(file: str | None, options: Mapping[str, Any]) -> Answer:
    from lenrx.assessment import assess
    from lenrx.patient import PatientError, parse_patient

    catalogue = _load(options.get("catalogue"))
    try:
        patient = parse_patient(_stated(file, options), catalogue)
    except PatientError as error:
        if file is None and error.value is not None:
            raise PatientError(error.field, f"{error.value!r}: {error.problem}") from None
        raise
    return assess(
        catalogue,
        patient,
        as_of=_today(),
        strict=options.get("strict", False),
        on_label=options.get("on_label", False),
    )


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(f"{text}\n")
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        _fail(f"{output}: cannot be written ({type(error).__name__})")


@contextmanager
def _console(width: int | None, color: Color, output: Path | None = None) -> Iterator[Any]:
    import io

    from lenrx.report.table import console

    buffer = io.StringIO()
    live = output is None and sys.stdout.isatty()
    to = console(buffer, width or _columns(), color.value, live)
    yield to
    _write(buffer.getvalue().rstrip("\n"), output)


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size((80, 24)).columns


def with_patient(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option per field of the patient, beside its own."""
    own = inspect.signature(command, eval_str=True).parameters
    parameters = [each for name, each in own.items() if name != "patient_fields"]
    for name, text, panel in PATIENT_OPTIONS:
        flags = [f"--{name.replace('_', '-')}", *(["--lines"] if name == "prior_lines" else [])]
        option = typer.Option(*flags, help=text, rich_help_panel=panel, autocompletion=_words(name))
        plain: Any = list[str] if name in (*_DRUGS, *_FOUND) else str
        kind = Annotated[plain | None, option]
        parameters.append(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        )

    def run(**options: Any) -> None:
        fields = {name: options.pop(name) for name, _, _ in PATIENT_OPTIONS}
        with _one_line_errors():
            command(**options, patient_fields=fields)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _words(name: str) -> Callable[[str], list[str]] | None:
    if name not in _DRUGS:
        return None

    def complete(incomplete: str) -> list[str]:
        from lenrx.names import known_names

        head, _, last = incomplete.rpartition(",")
        lead = f"{head}," if head else ""
        names = known_names(_load(None))
        return [lead + word for word in names if word.lower().startswith(last.lower())]

    return complete


def _regimen_ids(incomplete: str) -> list[str]:
    ids = _load(None).regimens
    return [each for each in ids if each.lower().startswith(incomplete.lower())]


_PatientFile = Annotated[
    str | None,
    typer.Option("--patient", metavar="FILE", help="One patient as JSON or YAML; - for stdin."),
]
_Strict = Annotated[
    bool, typer.Option("--strict", help="What nobody has ruled out keeps a regimen conditional.")
]
_OnLabel = Annotated[bool, typer.Option("--on-label", help="Off-label regimens are excluded.")]


@app.command(
    cls=PatientCommand,
    epilog="Example: lenrx recommend --refractory lena,pi --egfr 25 --lines 2 --region eu",
)
@with_patient
def recommend(
    *,
    patient: _PatientFile = None,
    form: Annotated[Format, typer.Option("--format", "-f")] = Format.table,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is not open, and why.")
    ] = False,
    strict: _Strict = False,
    on_label: _OnLabel = False,
    catalogue: _Catalogue = None,
    output: _Output = None,
    width: _Width = None,
    color: _Color = Color.auto,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Without the notices.")] = False,
    patient_fields: Any = None,
) -> None:
    """Which regimens are open for one patient, what cannot be said yet, and what to ask first."""
    options = {**patient_fields, "strict": strict, "on_label": on_label, "catalogue": catalogue}
    answer = _answer(patient, options)
    if form is Format.table:
        from lenrx.report.table import draw

        with _console(width, color, output) as to:
            draw(answer, to, everything=everything, quiet=quiet)
    elif form is Format.json:
        from lenrx.report.as_json import render

        _write(render(answer), output)
    elif form is Format.csv:
        from lenrx.report import delimited

        _write(delimited.render(answer), output)
    else:
        from lenrx.report import markdown

        _write(markdown.render(answer), output)


@app.command(cls=PatientCommand, epilog="Example: lenrx explain IsaPd --refractory lena,bort")
@with_patient
def explain(
    regimen: Annotated[str, typer.Argument(autocompletion=_regimen_ids)],
    *,
    patient: _PatientFile = None,
    form: _PlainFormat = Plain.table,
    strict: _Strict = False,
    on_label: _OnLabel = False,
    catalogue: _Catalogue = None,
    output: _Output = None,
    width: _Width = None,
    color: _Color = Color.auto,
    patient_fields: Any = None,
) -> None:
    """Each criterion of one regimen, met, not met or unknown, with its source and all evidence."""
    from lenrx import names

    options = {**patient_fields, "strict": strict, "on_label": on_label, "catalogue": catalogue}
    answer = _answer(patient, options)
    wanted = names.regimen(regimen, answer.catalogue)
    (found,) = (each for each in answer.regimens if each.regimen.id == wanted.id)
    if form is Plain.json:
        import json

        from lenrx.report import as_json

        data = {**as_json.document(answer), "regimens": [as_json.assessment(found, {})]}
        _write(json.dumps(data, ensure_ascii=False, indent=1), output)
        return
    from lenrx.report.explain import draw

    with _console(width, color, output) as to:
        draw(found, answer, to)


def _browse(kind: str, wanted: str | None, form: str, catalogue: Path | None, to: Any) -> None:
    from lenrx.report import browse

    with _one_line_errors():
        loaded = _load(catalogue)
        if form != "table":
            render = browse.as_json if form == "json" else browse.as_markdown
            _write(render(kind, wanted, loaded), None)
            return
        with _console(*to) as screen:
            browse.draw(kind, wanted, loaded, screen)


@app.command()
def regimens(
    wanted: Annotated[
        str | None, typer.Argument(metavar="[ID]", autocompletion=_regimen_ids)
    ] = None,
    form: Annotated[Listing, typer.Option("--format", "-f")] = Listing.table,
    catalogue: _Catalogue = None,
    width: _Width = None,
    color: _Color = Color.auto,
) -> None:
    """The regimens of the catalogue, or one of them in full."""
    _browse("regimens", wanted, form, catalogue, (width, color))


@app.command()
def drugs(
    wanted: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    form: _PlainFormat = Plain.table,
    catalogue: _Catalogue = None,
    width: _Width = None,
    color: _Color = Color.auto,
) -> None:
    """The drugs, their names and classes, or one with all its rules."""
    _browse("drugs", wanted, form, catalogue, (width, color))


@app.command()
def sources(
    wanted: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    form: _PlainFormat = Plain.table,
    catalogue: _Catalogue = None,
    width: _Width = None,
    color: _Color = Color.auto,
) -> None:
    """The documents that the facts rest on, or one with every place that cites it."""
    _browse("sources", wanted, form, catalogue, (width, color))


@app.command()
def vocabulary() -> None:
    """The words that cytogenetics, comorbidities and drug classes are written with."""
    from lenrx.terms import CLASS_GROUPS, COMORBIDITIES, CYTOGENETICS, DRUG_CLASSES

    typer.echo("cytogenetics: " + ", ".join(CYTOGENETICS))
    typer.echo("comorbidities: " + ", ".join(COMORBIDITIES))
    typer.echo("classes: " + ", ".join((*DRUG_CLASSES, *CLASS_GROUPS)))


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A catalogue file or folder.")] = None,
) -> None:
    """Lint a catalogue: every finding with its check, file and line; exit 1 if there is one."""
    from lenrx.catalogue import CatalogueError
    from lenrx.curation import check_catalogue

    try:
        problems, said = check_catalogue(file)
    except CatalogueError as error:
        _fail(str(error))
    for problem in problems:
        typer.echo(problem)
    typer.echo(said, err=True)
    if problems:
        raise typer.Exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        with _one_line_errors():
            found = _load(None)
        typer.echo(f"lenrx {__version__}, catalogue {found.version} ({found.sha256[:12]})")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Both versions.")
    ] = False,
) -> None:
    """Regimens open in lenalidomide-refractory myeloma; research and education, not CE-marked."""


def main() -> None:
    """Run the command line; an unexpected failure is one line too, with nothing of the patient."""
    # One answer is short-lived: looking for cycles, on the way and at exit, costs a tenth of it.
    gc.disable()
    try:
        app(prog_name="lenrx")
    except Exception as error:
        if os.environ.get("LENRX_DEBUG"):
            raise
        kind = type(error).__name__
        typer.echo(f"lenrx: internal error ({kind}); LENRX_DEBUG=1 shows where", err=True)
        raise SystemExit(2) from None
    finally:
        gc.freeze()
