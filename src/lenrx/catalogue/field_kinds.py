"""The kinds of field that a patient may have, and what is shown of a field to a user."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

from lenrx.catalogue.units import Unit

DISEASE: Final = "The disease"
HISTORY: Final = "What was given"
KIDNEYS: Final = "Kidneys, liver, blood"
HEART: Final = "Heart, nerves, fitness, other illness"
PLACE: Final = "Place and date"
PANELS: Final = (DISEASE, HISTORY, KIDNEYS, HEART, PLACE)
"""Headings of the options, in their order."""


class Range(NamedTuple):
    """A number known only to lie from `low` to `high`, as `written` ("<15", ">=5", "1-2")."""

    low: float
    high: float
    written: str


Number: TypeAlias = float | str | Range | None
"""A number, or a bound or a range as text ("<15")."""
Names: TypeAlias = list[str] | tuple[str, ...] | str | None
"""A list of words, or one text with commas."""

Spellings: TypeAlias = tuple[tuple[str, str], ...]
"""Other spellings by letters and digits, each with its word."""


class Numeric(NamedTuple):
    """A kind of field: a number within bounds."""

    low: float
    high: float
    unit: str
    """The unit; of a whole number, what it counts."""
    whole: bool = False
    criterion: bool = True
    """Whether a condition of the catalogue can ask it."""
    label: str = ""
    """What a sentence calls it, where its name with spaces will not do."""
    prefixes: str = ""
    """Regular expression of what a cell may write before the number, if not the field's name."""
    counts: str = ""
    """Regular expression of what a cell may write after a whole number."""
    units: tuple[Unit, ...] = ()
    """Units that a chart may write, the field's own first; not declared, only that."""
    sure: tuple[float, float] | None = None
    """Within these a number without a unit is in the field's own; beyond, it may be in another."""
    digits: int = 2
    """Behind the point, of a number that was converted."""

    @property
    def measures(self) -> tuple[Unit, ...]:
        """Every unit that a chart may write, the field's own first."""
        return self.units or (Unit(self.unit),)

    @property
    def allowed(self) -> str:
        """What a value must be, in words."""
        bounds = f"number from {self.low:g} to {self.high:g}"
        return f"a whole {bounds}, {self.unit}" if self.whole else f"a {bounds} {self.unit}"

    @property
    def help(self) -> str:
        """What an option says of itself when its declaration does not."""
        return f"{self.unit} {self.low:g}-{self.high:g}." if self.whole else f"{self.unit}."


class Word(NamedTuple):
    """A kind of field: one word of a few."""

    words: tuple[str, ...]
    criterion: bool = True
    """Whether a condition of the catalogue can ask it."""
    spellings: Spellings = ()

    @property
    def help(self) -> str:
        """What an option says of itself when its declaration does not."""
        return f"{', '.join(self.words)}."


class Findings(NamedTuple):
    """A kind of field: findings that were looked for, from a closed list."""

    words: tuple[str, ...]
    criterion: str = ""
    """The key of a condition that asks for one of them."""
    spellings: Spellings = ()
    help: str = "Looked for and absent."


class Plain(Enum):
    """The kinds of field that need nothing said but their name; the value is their help."""

    FLAG = "true, false."
    DRUGS = "Drugs, brands, classes or regimens."
    MEDICINES = "Names, brands or interaction classes of medicines; none."
    DAY = "ISO date."
    TEXT = "Text."

    @property
    def help(self) -> str:
        """What an option says of itself when its declaration does not."""
        return self.value


Kind: TypeAlias = Numeric | Word | Findings | Plain


class Shown(NamedTuple):
    """Where a user meets a field: only the panel of its option is always needed."""

    panel: str
    help: str = ""
    """What the option says, if not what its kind does."""
    question: str = ""
    """What is asked when the field is missing and would decide, if not its label."""
    columns: str = ""
    """Names of columns, `|` between them, in small letters without accents; its own needs none."""
    also: str = ""
    """A second name, of the option too."""
    order: int = 0
    """Options of a panel stand by this number, and those of one number as declared."""


class Field(NamedTuple):
    """One declaration: the field's name, its kind and where a user meets it."""

    name: str
    kind: Kind
    shown: Shown

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        own = self.kind.label if isinstance(self.kind, Numeric) else ""
        return own or self.name.replace("_", " ")

    @property
    def help(self) -> str:
        """What its option says."""
        return self.shown.help or self.kind.help

    @property
    def question(self) -> str:
        """What is asked when it is missing."""
        return self.shown.question or f"{self.label[0].upper()}{self.label[1:]}?"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of columns that mean it, besides its own."""
        return tuple(self.shown.columns.split("|")) if self.shown.columns else ()


def declared(hints: Mapping[str, Any]) -> dict[str, Field]:
    """The annotated fields; what a record adds to a patient is nothing that a user states."""
    found = {name: getattr(hint, "__metadata__", None) for name, hint in hints.items()}
    return {name: Field(name, *said) for name, said in found.items() if said}
