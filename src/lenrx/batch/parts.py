"""The parts of assessments: courses and organ rules, worked out as what they add and say.

The course of a regimen is all filters but organs. Organ rules fall into groups by the facets that
they ask; in each a regimen has its own rules with the limits of its trials, and those of each drug.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final, NamedTuple, cast

from lenrx.batch.groups import Group, grouped
from lenrx.batch.kept import Kept
from lenrx.batch.outcome import Cause, findings_text, opening, why_out
from lenrx.batch.sums import Layout, weight
from lenrx.batch.units import Asking, Unit, Units, Watched
from lenrx.catalogue.conditions import all_of
from lenrx.catalogue.records import Limit, Regimen, Rule
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.state import Case
from lenrx.rules.assessment import label_order, leaves_open, verdict_of
from lenrx.rules.filters import FILTERS, Finding, entered, limited, organs, ruled
from lenrx.rules.labels import approvals

KEPT_PARTS: Final = 3_000
KEPT_COURSES: Final = 1_500
Needs = tuple[tuple[str, ...], ...]
"""Of findings that keep a regimen from being eligible, the fields that each needs."""


class Course(NamedTuple):
    """What a course adds to the fields, and its text, which begins that of its regimen."""

    fields: int
    text: bytes
    blocked: Needs
    cause: Cause | None


class Organs(NamedTuple):
    """What the organ rules of one group say of all regimens."""

    fields: int
    texts: tuple[bytes, ...]
    """Of every regimen, each finding after a comma; none at all if nothing is said of any."""
    blocked: Mapping[int, Needs]
    """By the index of the regimen."""
    cause: Cause | None


@dataclass(frozen=True, eq=False, slots=True)
class _Part:
    """What some findings of one regimen or drug come to. What says the same is one object."""

    weight: int
    text: bytes
    blocked: Needs
    out: tuple[tuple[str, str], ...]
    """Criterion and reason of what excludes."""


class Parts:
    """The parts of all regimens."""

    def __init__(
        self, regimens: Sequence[Regimen], units: Units, layout: Layout, strict: bool
    ) -> None:
        self._regimens, self._units, self._layout = regimens, units, layout
        self._catalogue, self._strict = units.catalogue, strict
        self.forget()
        self.courses = {
            index: Asking(units.unit("course", each.id), partial(self._of_course, index, each))
            for index, each in enumerate(regimens)
        }
        """By the index of the regimen."""
        asked: dict[Group, dict[Unit, Asking]] = {}
        held: dict[Group, dict[int, list[Unit]]] = {}
        for index, each in enumerate(regimens):
            for group, part in self._organ_parts(each):
                asked.setdefault(group, {})[part.unit] = part
                held.setdefault(group, {}).setdefault(index, []).append(part.unit)
        self.organs = {
            group: Asking(
                units.unit("organs", group),
                partial(self._of_group, list(asked[group].values()), held[group]),
            )
            for group in sorted(asked)
        }
        """In the order in which they are written."""

    def forget(self) -> None:
        """Drop what was kept."""
        self._parts = Kept[tuple[Any, ...], _Part](KEPT_PARTS)
        self._courses = Kept[tuple[int, bytes, _Part], Course](KEPT_COURSES)
        self._joins = Kept[tuple[bytes, ...], bytes](KEPT_PARTS)

    def _organ_parts(self, regimen: Regimen) -> Iterable[tuple[Group, Asking]]:
        """The regimen's own rules with the limits of its trials, and the rules of each drug."""
        trials = [self._catalogue.trials[name] for name in entered(regimen)]
        rules = grouped(rule for rule in regimen.rules if rule.filter == "organs")
        limits = grouped(limit for trial in trials for limit in trial.limits)
        for group in {**rules, **limits}:
            own = partial(self._of_own, rules.get(group, ()), limits.get(group, ()))
            yield group, Asking(self._units.unit("own organs", (regimen.id, group)), own)
        for drug in [component.drug for component in regimen.drugs]:
            of_drug = grouped(
                rule for rule in self._catalogue.drugs[drug].rules if rule.filter == "organs"
            )
            for group, some in of_drug.items():
                say = partial(self._of_drug, drug, some)
                yield group, Asking(self._units.unit("drug", (drug, group)), say)

    def _of_own(self, rules: Iterable[Rule], limits: Iterable[Limit], case: Case) -> _Part:
        return self._part([*ruled(rules, None, case), *limited(limits, case)])

    def _of_drug(self, drug: str, rules: Iterable[Rule], case: Case) -> _Part:
        return self._part(ruled(rules, drug, case))

    def _of_group(
        self, asked: Iterable[Asking], held: Mapping[int, Iterable[Unit]], case: Case
    ) -> Organs:
        texts, blocked = [b""] * len(self._regimens), dict[int, Needs]()
        fields, out = 0, list[tuple[str, str, str]]()
        said = {each.unit: self._units.ask(each, cast(Watched, case)) for each in asked}
        for index, units in held.items():
            parts = [said[each] for each in units]
            texts[index] = self._join(tuple([part.text for part in parts]))
            fields += self._layout.field(index, sum([part.weight for part in parts]))
            if needs := _all(part.blocked for part in parts):
                blocked[index] = needs
            out += [(self._regimens[index].id, *why) for part in parts for why in part.out]
        cause = Cause(tuple(out)) if out else None
        return Organs(fields, tuple(texts) if any(texts) else (), blocked, cause)

    def merged(self, found: Sequence[Organs]) -> Organs:
        """What several groups say, as one; its cause may be that of one of them."""
        said = [each for each in found if each.texts or each.fields]
        if len(said) == 1:
            return said[0]
        blocked = dict[int, Needs]()
        for each in said:
            for index, needs in each.blocked.items():
                blocked[index] = blocked.get(index, ()) + needs
        texts = zip(*[each.texts for each in said if each.texts], strict=True)
        fields = sum(each.fields for each in said)
        return Organs(fields, tuple(map(self._join, texts)), blocked, None)

    def _join(self, texts: tuple[bytes, ...]) -> bytes:
        found = self._joins.find(texts)
        return self._joins.keep(texts, b"".join(texts)) if found is None else found

    def _of_course(self, index: int, regimen: Regimen, case: Case) -> Course:
        findings = [one for apply in FILTERS if apply is not organs for one in apply(regimen, case)]
        found = {each.region: each.approval for each in approvals(regimen, case)}
        part = self._part(findings)
        order = label_order(found[region] for region in case.regions)
        fields = self._layout.field(index, part.weight + weight(0, 0, order, not part.text))
        text = opening(regimen.id, found) + part.text[1:]
        key = fields, text, part
        if known := self._courses.find(key):
            return known
        out = tuple((regimen.id, *why) for why in part.out)
        return self._courses.keep(
            key, Course(fields, text, part.blocked, Cause(out) if out else None)
        )

    def _part(self, findings: list[Finding]) -> _Part:
        opens = [leaves_open(each, self._strict) for each in findings]
        cautions = sum(each.effect == "cautions" and each.status == "met" for each in findings)
        text = findings_text(findings, self._strict)
        said = (
            weight(VERDICTS.index(verdict_of(all_of(opens))), cautions),
            b"," + text if text else b"",
            tuple(one.needs for one, opened in zip(findings, opens, strict=True) if opened is None),
            tuple(why_out(one) for one in findings if leaves_open(one) is False),
        )
        return self._parts.find(said) or self._parts.keep(said, _Part(*said))


def _all(lists: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(lists))
