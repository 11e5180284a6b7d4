"""A local formulary: what is stocked here, what needs approval. It restricts or annotates.

It never edits the catalogue: every entry leaves a finding of its own in the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, read, regimen
from lenrx.catalogue.records import Regimen

if TYPE_CHECKING:
    from lenrx.catalogue.strict_yaml import LineNumbers

Stock = Literal["not-stocked", "needs-approval", "note"]
STOCKS: Final[tuple[Stock, ...]] = ("not-stocked", "needs-approval", "note")
LONGEST: Final = 500
"""Letters of a note: it stands with every regimen that it concerns."""


class FormularyError(Exception):
    """The formulary cannot be used; the message says where and what to do."""


class Entry(NamedTuple):
    """One line of a formulary, on a drug or on a regimen."""

    about: str
    stock: Stock
    note: str | None = None

    @property
    def words(self) -> str:
        """The entry as a reason."""
        said = self.stock.replace("-", " ") if self.stock != "note" else "local note"
        return f"{self.about}: {said}" + (f": {self.note}" if self.note else "")


class Formulary(NamedTuple):
    """A local formulary by name, with the digest of its file."""

    name: str
    sha256: str
    drugs: Mapping[str, Entry]
    regimens: Mapping[str, Entry]

    def on(self, wanted: Regimen) -> Iterator[Entry]:
        """The entries that concern a regimen: its own, then those of its drugs."""
        if wanted.id in self.regimens:
            yield self.regimens[wanted.id]
        for component in wanted.drugs:
            if component.drug in self.drugs:
                yield self.drugs[component.drug]


def load_formulary(path: Path, catalogue: Catalogue) -> Formulary:
    """A formulary from YAML. Raises FormularyError with file and line."""
    found, wrong = read_formulary(path, catalogue)
    if wrong:
        raise wrong[0]
    return found


def read_formulary(path: Path, catalogue: Catalogue) -> tuple[Formulary, list[FormularyError]]:
    """A formulary as far as it can be read, and what cannot. Raises FormularyError if nothing."""
    import hashlib

    from lenrx.catalogue.records import CatalogueError
    from lenrx.catalogue.strict_yaml import LineNumbers, parse

    try:
        raw, lines = path.read_bytes(), LineNumbers()
        data = parse(raw.decode(), path.name, lines)
    except (OSError, UnicodeDecodeError) as error:
        raise FormularyError(f"{path}: cannot be read ({type(error).__name__})") from None
    except CatalogueError as error:
        raise FormularyError(str(error)) from None
    known = {"formulary", "drugs", "regimens"}
    if not isinstance(data, dict) or "formulary" not in data or set(data) - known:
        raise FormularyError(f"{path.name}:1: must hold formulary (its name), drugs, regimens")
    wrong = list[FormularyError]()
    drugs = _section(data, "drugs", _drug, catalogue, lines, wrong)
    regimens = _section(data, "regimens", _regimen, catalogue, lines, wrong)
    name, digest = str(data["formulary"]), hashlib.sha256(raw).hexdigest()
    if len(name) > LONGEST:
        raise FormularyError(f"{path.name}:1: its name must have at most {LONGEST} letters")
    return Formulary(name, digest, drugs, regimens), wrong


def _section(
    data: Any,
    section: str,
    find: Any,
    catalogue: Catalogue,
    lines: LineNumbers,
    wrong: list[FormularyError],
) -> dict[str, Entry]:
    written, found = data.get(section, {}), dict[str, Entry]()
    if not isinstance(written, dict):
        place = lines.find((section,))
        wrong.append(FormularyError(f"{place}: {section}: must be a mapping of names"))
        return found
    for key, value in written.items():
        at = lines.find((section, key))
        try:
            name, entry = _entry(key, value, find, catalogue, at)
        except FormularyError as error:
            wrong.append(error)
            continue
        if name in found:
            wrong.append(FormularyError(f"{at}: {key}: {name} is written twice; keep one"))
        found.setdefault(name, entry)
    return found


def _drug(key: str, catalogue: Catalogue) -> str:
    items = read(key, catalogue).items
    if len(items) != 1 or items[0] not in catalogue.drugs:
        raise UnknownName(key, "must be one drug")
    return items[0]


def _regimen(key: str, catalogue: Catalogue) -> str:
    return regimen(key, catalogue).id


def _entry(key: str, value: Any, find: Any, catalogue: Catalogue, at: str) -> tuple[str, Entry]:
    try:
        name: str = find(key, catalogue)
    except UnknownName as error:
        raise FormularyError(f"{at}: {key}: {error.hint}") from None
    wrong = not isinstance(value, dict) or set(value) - {"stock", "note"}
    if wrong or value.get("stock") not in STOCKS:
        raise FormularyError(f"{at}: {key}: needs stock, one of {', '.join(STOCKS)}, and may note")
    note = value.get("note")
    if note is not None and (not isinstance(note, str) or len(note) > LONGEST):
        raise FormularyError(f"{at}: {key}: note must be text of at most {LONGEST} letters")
    return name, Entry(name, value["stock"], note)
