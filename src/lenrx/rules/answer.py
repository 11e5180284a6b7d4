"""What comes of one patient: the assessments, and how they show themselves.

At a prompt and in a notebook the patient is not named: prompts end up in logs, notebooks are
passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from lenrx import __version__
from lenrx.catalogue import names
from lenrx.catalogue.conditions import negate
from lenrx.catalogue.formulary import Formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Position, Regimen
from lenrx.catalogue.vocabulary import (
    VERDICTS,
    WATCHED,
    Approval,
    Detail,
    Effect,
    Region,
    Status,
    Topic,
    Truth,
    Verdict,
)
from lenrx.patient.state import PatientState
from lenrx.patient.warnings import PatientWarning
from lenrx.rules.case import Case
from lenrx.rules.document import FULL, NOTICE, SCHEMA, finding, html_table, reason, row, shortened
from lenrx.rules.evidence import MatchedEvidence, Merit
from lenrx.rules.filters import Finding, is_local
from lenrx.rules.order import Key

FIRST: Final = 6
"""Regimens of each verdict that a prompt names."""


class Assessment(NamedTuple):
    """One regimen's answer: verdict, place in the order with its reasons, findings, evidence."""

    regimen: Regimen
    verdict: Verdict
    approval: Mapping[Region, Approval]
    findings: tuple[Finding, ...]
    evidence: tuple[MatchedEvidence, ...]
    positions: tuple[Position, ...]
    key: Key
    rank_because: tuple[str, ...]
    merit: Merit
    region: Region
    """Whose label and warnings the place rests on: the region asked for, or the more open one."""
    rank: int | None = None
    tied: bool = False
    """Whether other regimens share the rank."""

    @property
    def place(self) -> str:
        """The rank as it is written: \"2=\" where it is shared."""
        return "" if self.rank is None else f"{self.rank}{'=' if self.tied else ''}"

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What has to be arranged, in the fewest words, each once."""
        every = (topic for one in self.saying("arranges", "met") for topic in one.topics)
        return tuple(dict.fromkeys(every))

    @property
    def needs_others(self) -> tuple[Topic, ...]:
        """What of it somebody else is needed for before the start."""
        return tuple(topic for topic in self.topics if topic not in WATCHED)

    def saying(self, effect: Effect, status: Status) -> tuple[Finding, ...]:
        """The findings with one effect and one status."""
        return tuple(f for f in self.findings if f.effect == effect and f.status == status)

    def to_dict(self) -> dict[str, Any]:
        """The regimen's entry in the JSON document, as plain data."""
        return _entry(self, {})

    def __repr__(self) -> str:
        """The verdict in a line; the fields hold tens of thousands of letters."""
        return f"<Assessment {self.regimen.id}: {', '.join(_facts(self))}>"

    def _repr_html_(self) -> str:
        """The findings that bear on this patient, as a notebook shows them."""
        bearing = (*excluding(self), *(f for f in self.findings if _bears(f)))
        rows = (
            [f.effect, f.status, reason(f, self.regimen.id), "".join(f.sources[:1])]
            for f in bearing
        )
        caption = f"{self.regimen.id} ({self.regimen.name}): {', '.join(_facts(self))}"
        return html_table(caption, ("Effect", "Status", "Why", "Source"), rows)


class Question(NamedTuple):
    """A missing field, the verdicts its answer alone could settle, and all it has a part in."""

    field: str
    question: str
    decides: tuple[str, ...]
    touches: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """The whole answer for one patient: `answer.regimens` in order, `answer["Kd"]` by name."""

    catalogue: Catalogue
    case: Case
    strict: bool
    assumed: tuple[str, ...]
    open_questions: tuple[Question, ...]
    regimens: tuple[Assessment, ...]
    outside: tuple[tuple[str, str], ...] = ()
    """What of the way to ask was set outside the call, and where: `region`, `LENRX_REGION`."""

    # With `__getitem__` alone Python would ask for answer[0], answer[1] ... in `for` and `in`.
    __iter__ = None

    def __getitem__(self, name: str) -> Assessment:
        """One regimen's assessment by id or alias, in any spelling. Raises UnknownName."""
        wanted = names.regimen(name, self.catalogue).id
        return next(each for each in self.regimens if each.regimen.id == wanted)

    @property
    def state(self) -> PatientState:
        """The patient's derived state."""
        return self.case.state

    @property
    def warnings(self) -> tuple[PatientWarning, ...]:
        """What the reader must know first."""
        return self.state.warnings

    def with_verdict(self, verdict: Verdict) -> tuple[Assessment, ...]:
        """The assessments with one verdict, in order."""
        return tuple(each for each in self.regimens if each.verdict == verdict)

    def to_dict(self, only: tuple[Assessment, ...] | None = None) -> dict[str, Any]:
        """The whole answer as plain data, every criterion of it; or some regimens of it."""
        said: dict[int, dict[str, Any]] = {}
        return self.framed(FULL, [_entry(each, said) for each in only or self.regimens])

    def framed(self, detail: Detail, regimens: list[dict[str, Any]]) -> dict[str, Any]:
        """What an answer says once, around what it says of each regimen."""
        given = self.state.patient.given()
        return {
            "schema": SCHEMA,
            "detail": detail,
            "lenrx": __version__,
            "catalogue": {"version": self.catalogue.version, "sha256": self.catalogue.sha256},
            "region": self.case.region,
            "as_of": self.case.as_of,
            "patient": {
                "given": {name: value for name, value in given.items() if name not in self.assumed},
                "derived": self.state.derived(),
            },
            "warnings": [warning._asdict() for warning in self.warnings],
            "open_questions": [
                {"field": each.field, "question": each.question, "decides": list(each.decides)}
                for each in self.open_questions
            ],
            "regimens": regimens,
            "notice": NOTICE,
            **premises(self),
        }

    def __repr__(self) -> str:
        """State, counts, first options and what to ask first, in a few lines."""
        counts = (_count(verdict, self) for verdict in VERDICTS)
        return "\n  ".join((f"<Answer: {_basis(self)}", *counts, f"{_asked_first(self)}>"))

    def _repr_html_(self) -> str:
        """Every regimen with its verdict and what decides, as a notebook shows it."""
        counts = ", ".join(f"{len(self.with_verdict(each))} {each}" for each in VERDICTS)
        said = "; ".join([_stated(self), *(one.message for one in self.warnings)])
        caption = f"{_basis(self)}: {counts}; {_asked_first(self)}. {said}"
        rows = (_row(each, self) for each in self.regimens)
        heads = ("Rank", "Regimen", "Drugs", "Verdict", "Label", "Why", "Arrange")
        return html_table(caption, heads, rows)


_TRUTH: Final[dict[str, Truth]] = {"met": True, "not met": False, "unknown": None}


def leaves_open(finding: Finding, strict: bool = False) -> Truth:
    """Whether this finding alone leaves the regimen open."""
    if finding.effect == "excludes":
        return negate(_TRUTH[finding.status])
    if finding.effect == "requires":
        return _TRUTH[finding.status]
    return None if strict and finding.effect == "confirms" else True


def blocking(each: Assessment, strict: bool = False) -> tuple[Finding, ...]:
    """The findings that keep a conditional regimen from being eligible."""
    return tuple(
        one
        for one in each.findings
        if leaves_open(one, strict) is None and one.region in (None, each.region)
    )


def excluding(each: Assessment) -> tuple[Finding, ...]:
    """The findings that exclude a regimen."""
    return tuple(one for one in each.findings if leaves_open(one) is False)


def _entry(each: Assessment, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """One regimen's entry in the document; a finding that several share is made once."""
    return {
        "id": each.regimen.id,
        "name": each.regimen.name,
        "drugs": [component.drug for component in each.regimen.drugs],
        "verdict": each.verdict,
        "rank": each.rank,
        "tied": each.tied,
        "rank_because": list(each.rank_because),
        "approval": dict(each.approval),
        "findings": [said.get(id(one)) or _keep(one, said) for one in each.findings],
        "evidence": [row(one) for one in each.evidence],
        "positions": [
            {
                "guideline": one.guideline,
                "setting": one.setting,
                "stance": one.stance,
                "source": one.source,
                "verified": one.verified,
            }
            for one in each.positions
        ],
        "gaps": list(each.regimen.gaps),
    }


def _keep(one: Finding, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    said[id(one)] = made = finding(one)
    return made


def premises(answer: Answer) -> dict[str, Any]:
    """What the answer takes as given beside the patient, where there is any."""
    case, given = answer.case, answer.state.patient.given()
    assumed = {name: given[name] for name in answer.assumed}
    asked = how_asked(answer.strict, case.on_label, case.formulary, answer.outside)
    return {**({"assumptions": assumed} if assumed else {}), **asked}


def how_asked(
    strict: bool,
    on_label: bool,
    formulary: Formulary | None,
    outside: Iterable[tuple[str, str]],
) -> dict[str, Any]:
    """How was asked, as plain data, where it is not as usual."""
    found: dict[str, Any] = {}
    if strict or on_label:
        found["options"] = {"strict": strict, "on_label": on_label}
    if formulary:
        found["formulary"] = {"name": formulary.name, "sha256": formulary.sha256}
    if places := dict(outside):
        found["set_outside"] = places
    return found


def _facts(each: Assessment) -> list[str]:
    """Verdict, rank, label and counts of one regimen."""
    counts = (
        ("excluding", excluding(each)),
        ("doses adjusted", each.saying("adjusts", "met")),
        ("cautions", each.saying("cautions", "met")),
    )
    rank = [] if each.rank is None else [f"rank {each.place}"]
    said = [f"{what} {len(found)}" for what, found in counts if found]
    return [each.verdict, *rank, _label(each), *said]


def _label(each: Assessment) -> str:
    us, eu = each.approval["us"], each.approval["eu"]
    return us if us == eu else f"us {us}, eu {eu}"


def _bears(finding: Finding) -> bool:
    """Whether a finding says something of this patient, or could once it is known."""
    if finding.effect in ("excludes", "requires"):
        return finding.status == "unknown"
    return finding.status == "met" or (finding.effect, finding.status) == ("confirms", "unknown")


def _basis(answer: Answer) -> str:
    where = answer.case.region or "us or eu"
    return (
        f"{answer.state.resistance_state}; {where} on {answer.case.as_of}; "
        f"catalogue {answer.catalogue.version}"
    )


def _count(verdict: Verdict, answer: Answer) -> str:
    found = [each.regimen.id for each in answer.with_verdict(verdict)]
    if verdict == "excluded" or not found:
        return f"{len(found)} {verdict}"
    more = f" and {len(found) - FIRST} more" if len(found) > FIRST else ""
    return f"{len(found)} {verdict}: {', '.join(found[:FIRST])}{more}"


def _asked_first(answer: Answer) -> str:
    if not answer.open_questions:
        return "nothing to ask"
    first = answer.open_questions[0]
    return f"ask first: {first.question} (settles {len(first.decides)})"


def _row(each: Assessment, answer: Answer) -> list[str]:
    rank, regimen = each.place, each.regimen
    region = answer.case.region
    label = each.approval[region] if region else _label(each)
    topics = ", ".join(each.needs_others) if each.verdict == "eligible" else ""
    return [rank, regimen.id, regimen.name, each.verdict, label, _why(each, answer), topics]


def _stated(answer: Answer) -> str:
    """What is stated of the patient, and what was derived, field by field."""
    state = answer.state
    found = {**state.patient.given(), "egfr": state.egfr, "crcl": state.crcl}
    words = {name: _in_words(each) for name, each in found.items() if each is not None}
    words.pop("id", None)
    return ", ".join(f"{name} {value}" for name, value in words.items())


def _in_words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _why(each: Assessment, answer: Answer) -> str:
    """What decides: the reasons against, or what to ask, or else doses and cautions."""
    if each.verdict == "conditional":
        asked = (one for one in answer.open_questions if each.regimen.id in one.touches)
        return shortened(one.question for one in asked)
    if found := excluding(each):
        return shortened(reason(one, each.regimen.id) for one in found)
    cautions = each.saying("cautions", "met")
    first = [
        *(one for one in each.findings if is_local(one)),
        *(one for one in cautions if one.serious),
    ]
    others = [*each.saying("adjusts", "met"), *(one for one in cautions if one not in first)]
    said = [*dict.fromkeys(f"! {shortened([reason(one, each.regimen.id)])}" for one in first)]
    more = [shortened(reason(one, each.regimen.id) for one in others)] if others else []
    return "; ".join([*said, *more])
