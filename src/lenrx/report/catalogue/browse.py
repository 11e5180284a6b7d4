"""The catalogue as lists, and one entry in full: coverage, rules, and where a source is cited."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, nearest_of, read, regimen
from lenrx.catalogue.records import Drug, Regimen, Rule, Source
from lenrx.report.phrases import CAUTION, cite
from lenrx.report.regimen.figures import head_of, outcomes, placed, together
from lenrx.report.regimen.words import dose_words, toxicity_words
from lenrx.rules.evidence import MatchedEvidence

_COLUMNS = {
    "regimens": ("Regimen", "Drugs", "Status", "Rows", "Reviewed"),
    "drugs": ("Drug", "Class", "Also written", "Rules"),
}
_WHOLE = ("Regimen", "Drug", "Rows", "Rules", "Reviewed")
"""Columns that are never wrapped."""
_NAME = 22
"""Columns that the longest name of a drug takes."""


def find(kind: str, wanted: str, catalogue: Catalogue) -> Regimen | Drug | Source:
    """The entry meant by an id or another name. Raises UnknownName with the nearest."""
    if kind == "regimens":
        return regimen(wanted, catalogue)
    if kind == "drugs":
        items = read(wanted, catalogue).items
        if len(items) == 1 and items[0] in catalogue.drugs:
            return catalogue.drugs[items[0]]
        raise UnknownName(wanted, "not one drug of the catalogue")
    found = catalogue.sources.get(wanted) or _by_identifier(wanted, catalogue)
    if found is None:
        near = nearest_of(wanted, catalogue.sources)
        raise UnknownName(wanted, f"not a source of the catalogue{near or _LISTED}")
    return found


_LISTED = "; `lenrx sources` lists them"


def _by_identifier(wanted: str, catalogue: Catalogue) -> Source | None:
    for source in catalogue.sources.values():
        if wanted.lower() in (source.pmid, (source.doi or "").lower(), (source.nct or "").lower()):
            return source
    return None


def as_json(kind: str, wanted: str | None, catalogue: Catalogue) -> str:
    """One entry in full, or all of them."""
    found: Any = find(kind, wanted, catalogue) if wanted is not None else _all(kind, catalogue)
    if wanted is None:
        return _dumped([_as_data(each) for each in found.values()])
    cited = {"cited_by": _citations(catalogue)[found.id]} if isinstance(found, Source) else {}
    return _dumped({**_as_data(found), **cited})


def as_markdown(kind: str, wanted: str | None, catalogue: Catalogue) -> str:
    """The coverage of every regimen: status, populations, strongest evidence, gaps as gaps."""
    if kind != "regimens" or wanted is not None:
        raise UnknownName(wanted or kind, "markdown lists all regimens; leave the id out")
    head = ("Regimen", "Status", "Rows", "Populations", "Read as", "Strongest evidence", "Gaps")
    lines = [_markdown_row(head), "|" + "---|" * len(head)]
    for each in catalogue.regimens.values():
        _, _, state, rows, populations, marks, _ = coverage(each)
        gaps = "; ".join(each.gaps) or "none stated"
        cells = (each.id, state, rows, populations, marks, _strongest(each, catalogue), gaps)
        lines.append(_markdown_row(cells))
    return "\n".join(lines)


def _markdown_row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _strongest(each: Regimen, catalogue: Catalogue) -> str:
    """The best design there is in lenalidomide-refractory patients, else in anybody."""
    best = min(
        each.evidence,
        key=lambda row: (
            row.population != "len-refractory",
            DESIGNS.index(row.design or catalogue.trials[row.trial].design),
        ),
        default=None,
    )
    if best is None:
        return "no study found"
    trial = catalogue.trials[best.trial]
    whom = catalogue.populations[best.population].title
    return f"{best.design or trial.design}, {whom}: {best.trial}"


DESIGNS = ("randomised", "single-arm", "pooled", "retrospective", "indirect")


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _as_data(value: Any) -> Any:
    """Named tuples as mappings, without what is empty."""
    if hasattr(value, "_asdict"):
        pairs = ((name, _as_data(each)) for name, each in value._asdict().items())
        return {name: each for name, each in pairs if each not in (None, [], {})}
    return [_as_data(each) for each in value] if isinstance(value, tuple) else value


def _all(kind: str, catalogue: Catalogue) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(catalogue, kind)
    return found


def draw(kind: str, wanted: str | None, catalogue: Catalogue, to: Console) -> None:
    """A table of all entries, or one entry in full."""
    if wanted is None:
        _draw_all(kind, catalogue, to)
        return
    found = find(kind, wanted, catalogue)
    if isinstance(found, Regimen):
        _draw_regimen(found, catalogue, to)
    elif isinstance(found, Drug):
        _draw_drug(found, catalogue, to)
    else:
        _draw_source(found, catalogue, to)


def _draw_all(kind: str, catalogue: Catalogue, to: Console) -> None:
    if kind == "sources":
        cited = _citations(catalogue)
        for source in catalogue.sources.values():
            _draw_short(source, len(cited[source.id]), to)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in _COLUMNS[kind]:
        table.add_column(name, no_wrap=name in _WHOLE, min_width=_NAME if name == "Drugs" else 0)
    for each in _all(kind, catalogue).values():
        table.add_row(*_cells(each))
    to.print(table)


def _draw_short(each: Source, cited: int, to: Console) -> None:
    """A source in a line: its id, its name, how much was seen of it and how often it is cited."""
    text = Text(each.id, style="bold").append(f"  {each.short}", style="not bold")
    to.print(text.append(f" ({each.kind}, {each.seen}; cited {cited})", style="not bold dim"))


def _cells(each: Any) -> tuple[str, ...]:
    if isinstance(each, Regimen):
        name, drugs, state, rows, *_, reviewed = coverage(each)
        return name, drugs, state, rows, reviewed
    names = ", ".join((*each.brands, *each.abbreviations, *each.codes))
    return (each.id, each.drug_class, names, str(len(each.rules)))


def coverage(each: Regimen) -> tuple[str, ...]:
    """How well a regimen is covered: rows, populations, how verified, when last reviewed."""
    populations = dict.fromkeys(row.population for row in each.evidence)
    marks = Counter(row.verified for row in each.evidence)
    return (
        each.id,
        ", ".join(component.drug for component in each.drugs),
        status(each),
        str(len(each.evidence)),
        ", ".join(populations) or "none",
        ", ".join(f"{mark} {n}" for mark, n in marks.most_common()),
        each.reviewed,
    )


def status(each: Regimen) -> str:
    """Where a label for the combination was ever in force, in short."""
    states = []
    for region in ("us", "eu"):
        clauses = [clause for clause in each.labels if clause.region == region]
        if any(clause.until is None for clause in clauses):
            states.append(f"{region} label")
        elif clauses:
            states.append(f"{region} ended {max(clause.until or '' for clause in clauses)}")
    if not states:
        states = ["investigational" if each.investigational else "no label for the combination"]
    return ", ".join(states)


def _draw_regimen(each: Regimen, catalogue: Catalogue, to: Console) -> None:
    to.print(Text(f"{each.id}: {each.name}", style="bold"))
    aliases = f"Also: {', '.join(each.aliases)}. " if each.aliases else ""
    to.print(Text(f"{aliases}Intensity: {each.intensity}. Reviewed {each.reviewed}."))
    for component in each.drugs:
        drug = catalogue.drugs[component.drug]
        to.print(Text(f"  {drug.name} ({drug.drug_class}), {component.role}"))
    for dose in each.schedule:
        _print_cited(f"Dose: {dose_words(dose)}", dose.source, dose.verified, catalogue, to)
    for clause in each.labels:
        span = f"{clause.since or 'start not known'} to {clause.until or 'now'}"
        words = f"Label ({clause.region}, {clause.product}, {span}): {clause.says}"
        _print_cited(words, clause.source, clause.verified, catalogue, to)
    for group in together(_rows(each, catalogue), catalogue):
        row = Text(f"Evidence: {head_of(group, catalogue)}: {outcomes(group)}")
        to.print(row.append(f" [{placed(group, catalogue)}]", style="dim"))
    for event in each.toxicity:
        other = event.comparator_percent
        versus = "" if other is None else f", {other:g} % with the comparator"
        words = f"Toxicity: {toxicity_words(event)}{versus}"
        _print_cited(words, event.source, event.verified, catalogue, to)
    for position in each.positions:
        setting = catalogue.settings[position.setting].title
        words = f"Guideline: {position.guideline}: {position.stance.replace('-', ' ')}, {setting}"
        _print_cited(words, position.source, position.verified, catalogue, to)
    for rule in each.rules:
        _rule(rule, catalogue, to)
    for gap in each.gaps:
        to.print(Text(f"Gap: {gap}", style=CAUTION))


def _rows(each: Regimen, catalogue: Catalogue) -> list[MatchedEvidence]:
    """The evidence on a regimen, beside nobody."""
    return [
        MatchedEvidence(row, "exact", row.design or catalogue.trials[row.trial].design)
        for row in each.evidence
    ]


def _draw_drug(each: Drug, catalogue: Catalogue, to: Console) -> None:
    to.print(Text(f"{each.name} ({each.drug_class})", style="bold"))
    names = (*each.brands, *each.abbreviations, *each.codes)
    to.print(Text(f"Also written: {', '.join(names) or 'nothing else'}"))
    holding = [
        one.id for one in catalogue.regimens.values() if each.id in {c.drug for c in one.drugs}
    ]
    to.print(Text(f"In: {', '.join(holding) or 'no regimen of the catalogue'}"))
    for rule in each.rules:
        _rule(rule, catalogue, to)


def _rule(rule: Rule, catalogue: Catalogue, to: Console) -> None:
    dose = f": {rule.dose}" if rule.dose else ""
    region = f" ({rule.region})" if rule.region else ""
    words = f"Rule {rule.id}, {rule.filter}, {rule.effect}{region}: {rule.because}{dose}"
    _print_cited(words, rule.source, rule.verified, catalogue, to)


def _print_cited(words: str, source: str, verified: str, catalogue: Catalogue, to: Console) -> None:
    to.print(Text(words).append(f" [{cite(source, catalogue)}; {verified}]", style="dim"))


def _draw_source(each: Source, catalogue: Catalogue, to: Console) -> None:
    to.print(Text(each.title, style="bold"))
    for name, value in _as_data(each).items():
        if name != "title":
            to.print(Text(f"{name}: {value}"))
    for place in _citations(catalogue)[each.id]:
        to.print(Text(f"cited by {place}"))


def _citations(catalogue: Catalogue) -> dict[str, list[str]]:
    """Every place of the catalogue that rests on a source, by source."""
    found: dict[str, list[str]] = {name: [] for name in catalogue.sources}
    for section in _CITING:
        for key, entry in getattr(catalogue, section).items():
            for source, place in _uses(entry):
                found.setdefault(source, []).append(f"{key}.{place}")
    return found


_CITING = (
    *("definitions", "classes", "drugs", "interactions", "medicines", "unlisted"),
    *("guidelines", "trials", "comparators", "regimens"),
)


def _uses(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The sources that an entry names, each with the place within the entry."""
    if hasattr(value, "_asdict"):
        named = {getattr(value, name, None) for name in ("source", "dated_by")}
        yield from ((source, path or "entry") for source in named if source)
        for name, nested in value._asdict().items():
            if isinstance(nested, tuple):
                yield from _uses(nested, f"{path} {name}".strip())
    elif isinstance(value, tuple):
        for each in value:
            label = getattr(each, "id", None) or getattr(each, "population", "")
            yield from _uses(each, f"{path} {label}".strip())
