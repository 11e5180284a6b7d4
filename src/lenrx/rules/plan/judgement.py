"""A plan judged for one patient: its assessment, and the options on better evidence.

`judge` asks nothing again of the entries of the catalogue: it takes the answer that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from lenrx.rules.answer import Answer, Assessment, Question, blocking, excluding
from lenrx.rules.assessment import Blocked, assess_one, missing, questions
from lenrx.rules.evidence import NO_STUDY, UNLIKE, Merit
from lenrx.rules.filters import Finding
from lenrx.rules.order import OFF_LABEL
from lenrx.rules.plan.reading import Plan

BETTER: Final = 5
"""Options on better evidence that are said."""


class Judgement(NamedTuple):
    """A plan, what came of it, and the open options that rest on better evidence."""

    plan: Plan
    each: Assessment
    answer: Answer
    better: tuple[Assessment, ...]

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that decide: those that exclude, or those that leave open."""
        return deciding(self.each, self.answer.strict)

    @property
    def asked(self) -> tuple[Question, ...]:
        """What settles the plan, where something is not known."""
        if self.each.verdict != "conditional":
            return ()
        fields = missing([finding.needs for finding in self.deciding])
        return questions([Blocked(self.each.regimen.id, self.each.key.label < OFF_LABEL, *fields)])

    @property
    def studied(self) -> bool:
        """Whether the catalogue holds any evidence on the plan."""
        return self.plan.listed or bool(self.each.evidence)


def deciding(each: Assessment, strict: bool) -> tuple[Finding, ...]:
    """The findings that decide on a regimen: those that exclude, or those that leave open."""
    return excluding(each) if each.verdict == "excluded" else blocking(each, strict)


def judge(plan: Plan, answer: Answer) -> Judgement:
    """The plan for the patient of an answer."""
    if plan.listed:
        each = answer[plan.regimen.id]
    else:
        each = assess_one(plan.regimen, answer.case, answer.strict)
    options = {one.regimen.id: one for one in answer.with_verdict("eligible")}
    better = better_than(each, ((name, one.merit) for name, one in options.items()))
    return Judgement(plan, each, answer, tuple(options[name] for name in better))


def better_than(each: Assessment, options: Iterable[tuple[str, Merit]]) -> Iterator[str]:
    """The first options, in their order, on evidence that fits the patient and is better.

    Better by the keys of the order that speak of evidence. A plan that is excluded rests on none.
    """
    own = (NO_STUDY,) if each.verdict == "excluded" else _worth(each.merit)
    found = (
        name
        for name, merit in options
        if name != each.regimen.id and merit.tier < UNLIKE and _worth(merit) < own
    )
    return islice(found, BETTER)


def _worth(merit: Merit) -> tuple[int, ...]:
    """Tier, head to head and survival: the keys of the order that speak of evidence."""
    return merit.tier, -merit.level, int(not merit.survival)
