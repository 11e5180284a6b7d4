"""A plan as it is typed: an entry of the catalogue, or the drugs that are known of it.

Names are tried as a whole, then item by item, then word by word. What is not known is kept with
the nearest names, and the rest can be judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue import names
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import NameMatch, UnknownName, key, known, split
from lenrx.catalogue.records import Component, Evidence, Regimen, Rule
from lenrx.catalogue.vocabulary import Role
from lenrx.intake.cells.base import CellError
from lenrx.intake.cells.named import Named, together
from lenrx.patient.course import STEROID
from lenrx.patient.patient import UNSTATED
from lenrx.rules.plan.oneness import apart, runs, unticked, why_not_one, without_doses
from lenrx.rules.plan.turns import in_turn

LONGEST: Final = 300
"""Letters of a plan; anything longer is prose."""
MOST_UNREAD: Final = 6
"""Words of a plan that are not known; with more of them it is prose."""
_IN_TURN: Final = (
    "names parts with times of their own ({}): several in turn, or one to which a drug was added? "
    "write the drugs of one, without times; a whole history is judged by --record"
)
_RESPONSES: Final = ("pd", "PD", "sd", "SD", "x", "X")
_NO_PLAN: Final = UNSTATED | {"none", "no", "-", "--", "."}


class Unread(NamedTuple):
    """A word of a plan that no rule can judge, and why or what may be meant."""

    word: str
    hint: str


class Plan(NamedTuple):
    """What somebody proposes or gave, as far as it is known here."""

    asked: str
    regimen: Regimen
    """The entry of the catalogue, or one made of the drugs."""
    name: str
    """What it is called here: an id, a usual name, or its drugs."""
    listed: bool
    """Whether it is an entry of the catalogue."""
    unread: tuple[Unread, ...] = ()
    said: tuple[str, ...] = ()
    """How it was read, and what the reader has to know of it."""

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs that are judged."""
        return tuple(each.drug for each in self.regimen.drugs)


class _Items(NamedTuple):
    """What the items of a text name: drugs, what is not known, and what is only said."""

    drugs: tuple[str, ...]
    unread: tuple[Unread, ...] = ()
    aside: tuple[str, ...] = ()


def states_no_plan(text: str) -> bool:
    """Whether a text says that there is no plan, or nothing."""
    return text.strip().lower() in _NO_PLAN


def read_plan(text: str, catalogue: Catalogue) -> Plan:
    """The plan that is meant. Raises UnknownName where nothing of it is known, or it is several."""
    asked = unticked(text).strip(" ,;|+/")
    if not asked:
        raise UnknownName(text, "names nothing; write a regimen or its drugs")
    if len(asked) > LONGEST:
        raise UnknownName(f"{asked[:20]}...", "is too long for a plan; write its drugs")
    if why := why_not_one(asked, catalogue):
        raise UnknownName(asked, why)
    if times := in_turn(asked, catalogue):
        raise UnknownName(asked, _IN_TURN.format(", ".join(times)))
    if asked in _RESPONSES:
        raise UnknownName(asked, "may be a response or a tick; write Pd, Sd or selinexor")
    if entry := _entry(asked, catalogue):
        return Plan(asked, entry, entry.id, True)
    found = _items(without_doses(asked), catalogue)
    if len(found.unread) > MOST_UNREAD:
        hint = f"holds {len(found.unread)} words that are not known; write a regimen or its drugs"
        raise UnknownName(found.unread[0].word, hint)
    if not found.drugs:
        raise _nothing_known(asked, found, catalogue)
    return _of_drugs(asked, found, catalogue)


def _entry(text: str, catalogue: Catalogue) -> Regimen | None:
    """The entry whose id or alias this is."""
    try:
        return names.regimen(text, catalogue)
    except UnknownName:
        return None


def _nothing_known(asked: str, found: _Items, catalogue: Catalogue) -> UnknownName:
    """Why nothing of a plan can be judged: of its first word, or of all where it is one name."""
    if len(found.unread) == 1:
        return UnknownName(*found.unread[0])
    if found.unread:
        listed = "; ".join(f"{each.word!r}: {each.hint}" for each in found.unread[1:3])
        first = found.unread[0]
        return UnknownName(first.word, f"{first.hint}; {listed}")
    return UnknownName(asked, "names no drug; write a regimen or its drugs")


def _items(text: str, catalogue: Catalogue) -> _Items:
    """What a text names, as a whole or item by item."""
    pieces = [part for item in split(text) for part in apart(item) if part.strip(" .")]
    if len(pieces) > 1:
        found = _joined([_item(each, catalogue) for each in pieces])
        whole = known(text, catalogue)
        # V+R+d: letters that may be several drugs each, and one regimen together
        return _named(text, whole, catalogue) if found.unread and whole else found
    return _item(text, catalogue)


def _joined(found: Sequence[_Items]) -> _Items:
    return _Items(
        tuple(dict.fromkeys(drug for each in found for drug in each.drugs)),
        tuple(dict.fromkeys(one for each in found for one in each.unread)),
        tuple(dict.fromkeys(one for each in found for one in each.aside)),
    )


def _item(item: str, catalogue: Catalogue) -> _Items:
    """What one item names: by its name, as a cell of a chart, or word by word."""
    if match := known(item, catalogue):
        return _named(item, match, catalogue)
    try:
        found = _charted(together("exposed", item, catalogue), catalogue)
    except CellError:
        return _joined(list(_by_words(item, catalogue)))
    # a slip or a dose was passed over
    told = f"read '{item}' as {', '.join(found.drugs)}"
    return found._replace(aside=(*found.aside, told)) if found.drugs else found


def _named(word: str, match: NameMatch, catalogue: Catalogue) -> _Items:
    """The drugs of a name; a class is none."""
    drugs = tuple(each for each in match.items if each in catalogue.drugs)
    rest = [each for each in match.items if each not in catalogue.drugs]
    return _Items(drugs, tuple(Unread(word, f"{each} is a class; write the drug") for each in rest))


def _charted(found: Sequence[Named], catalogue: Catalogue) -> _Items:
    """What the reader of drug cells makes of an item: drugs, other treatments, a transplant."""
    parts = []
    for each in found:
        name = " ".join(each.reading.items) or (each.kept.name if each.kept else "transplant")
        if each.mark not in (None, "yes"):
            parts.append(_Items((), (Unread(name, "is marked as not given, or in doubt"),)))
        elif each.kept and each.kept.line:
            parts.append(_Items((), (Unread(name, "not in this catalogue: no rule knows it"),)))
        elif each.kept or each.also:
            parts.append(_Items((), aside=(f"{name} beside it is not judged",)))
        else:
            parts.append(_named(name, each.reading, catalogue))
    return _joined(parts)


def _by_words(item: str, catalogue: Catalogue) -> Iterator[_Items]:
    """The names in an item; other words are not known."""
    for words, match in runs(item, catalogue):
        if match:
            yield _named(words, match, catalogue)
        else:
            yield _Items((), (Unread(words, _hint(words, catalogue)),))


def _hint(word: str, catalogue: Catalogue) -> str:
    try:
        names.read(word, catalogue)
    except UnknownName as error:
        return error.hint
    return "not read"


def _of_drugs(asked: str, found: _Items, catalogue: Catalogue) -> Plan:
    """A plan by its drugs: the entry that has the same ones, or a regimen made of them."""
    entries = _with_drugs({*found.drugs}, catalogue)
    if len(entries) > 1:
        listed = " or ".join(entries)
        raise UnknownName(asked, f"could be {listed}, which have the same drugs; write which")
    if entries and not found.unread:
        entry = catalogue.regimens[entries[0]]
        same = (
            ()
            if len(found.drugs) == 1 and _is_name(asked, found.drugs[0], catalogue)
            else (f"these are the drugs of {entry.id}",)
        )
        return Plan(asked, entry, entry.id, True, (), (*same, *found.aside))
    name = _name_of(asked, found, catalogue)
    made = made_of(name, found.drugs, catalogue, found.unread)
    said = (_NO_ENTRY, *_near_by(found, entries, catalogue), *found.aside)
    return Plan(asked, made, name, False, found.unread, said)


_NO_ENTRY: Final = (
    "not in this catalogue: judged by the rules on its drugs, of which each but a steroid is taken "
    "as relied on"
)


def _is_name(asked: str, drug: str, catalogue: Catalogue) -> bool:
    match = known(asked, catalogue)
    return match is not None and match.items == (drug,)


def _with_drugs(drugs: set[str], catalogue: Catalogue) -> list[str]:
    every = catalogue.regimens.values()
    return [each.id for each in every if {one.drug for one in each.drugs} == drugs]


def _near_by(found: _Items, entries: Sequence[str], catalogue: Catalogue) -> Iterator[str]:
    """Entries that differ by no more than a steroid, or by what is not known."""
    drugs, steroids = {*found.drugs}, catalogue.drugs_in(STEROID)
    if entries:
        words = ", ".join(each.word for each in found.unread)
        yield f"without {words} it would be {entries[0]}"
        return
    for each in catalogue.regimens.values():
        own = {one.drug for one in each.drugs}
        if own - steroids == drugs - steroids and own != drugs:
            added, left = sorted(own - drugs), sorted(drugs - own)
            how = [f"with {' and '.join(added)}"] if added else []
            how += [f"without {' and '.join(left)}"] if left else []
            yield f"{' and '.join(how)} it would be {each.id}"


def _name_of(asked: str, found: _Items, catalogue: Catalogue) -> str:
    """The usual name of a combination, or else its drugs, and what is not known beside them."""
    more = [each.word for each in found.unread]
    return " + ".join([_usual(asked, found, catalogue), *more])


def _usual(asked: str, found: _Items, catalogue: Catalogue) -> str:
    match, drugs = known(asked, catalogue), {*found.drugs}
    if match and match.regimen in catalogue.combinations:
        return str(match.regimen)
    for each in catalogue.combinations.values() if len(drugs) > 1 else ():
        if {*each.drugs} == drugs and not _entry(each.id, catalogue):
            return each.id
    return " + ".join(ordered(found.drugs, catalogue))


def ordered(drugs: Sequence[str], catalogue: Catalogue) -> list[str]:
    """Drugs in the order of the catalogue, steroids last."""
    steroids, places = catalogue.drugs_in(STEROID), [*catalogue.drugs]
    return sorted(dict.fromkeys(drugs), key=lambda each: (each in steroids, places.index(each)))


def made_of(
    name: str, drugs: Sequence[str], catalogue: Catalogue, unread: Sequence[Unread] = ()
) -> Regimen:
    """A regimen that the catalogue has no entry of, by its drugs; what only an entry has is empty.

    What of it is not known stands in its gaps. Where it was the other arm of comparisons, it goes
    by the id that these have for it.
    """
    steroids, combination = catalogue.drugs_in(STEROID), catalogue.combinations.get(name)
    own = list(combination.drugs) if combination else ordered(drugs, catalogue)
    arm = _comparator(name, own, catalogue)
    return Regimen(
        arm or name,
        ", ".join(catalogue.drugs[each].name for each in own),
        "infusion",
        tuple(Component(each, _role(each, own, steroids)) for each in own),
        "",
        rules=_rules_within(own, steroids, catalogue),
        evidence=_evidence(arm, catalogue),
        gaps=tuple(
            f"{each.word} is part of the plan and cannot be judged: {each.hint}" for each in unread
        ),
    )


def _role(drug: str, drugs: Collection[str], steroids: Collection[str]) -> Role:
    """A steroid counts as one, unless there is nothing else to rely on."""
    return "steroid" if drug in steroids and not {*drugs} <= {*steroids} else "backbone"


def _rules_within(
    drugs: Collection[str], steroids: Collection[str], catalogue: Catalogue
) -> tuple[Rule, ...]:
    """The rules of the largest entries that are part of a plan, steroids apart."""
    held = {*drugs} - {*steroids}
    parts = {
        name: {one.drug for one in each.drugs} - {*steroids}
        for name, each in catalogue.regimens.items()
    }
    inside = {name: each for name, each in parts.items() if each and each <= held}
    largest = [n for n, each in inside.items() if not any(each < o for o in inside.values())]
    rules = [rule for name in largest for rule in catalogue.regimens[name].rules]
    return tuple({rule.id: rule for rule in rules}.values())


def _comparator(name: str, drugs: Sequence[str], catalogue: Catalogue) -> str | None:
    """The id of a comparator that is this combination."""
    combination = catalogue.combinations.get(name)
    spellings = {key(name), *map(key, combination.aliases if combination else ())}
    for each in catalogue.comparators:
        match = known(each, catalogue)
        if key(each) in spellings and match and {*match.items} == {*drugs}:
            return each
    return None


def _evidence(arm: str | None, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """The rows that the catalogue has on a comparator."""
    rows = catalogue.comparators[arm].evidence if arm else ()
    return tuple(row for row in rows if catalogue.group_of(row) in catalogue.group_names)
