"""The brief words of the first screen on regimens: drugs, marks, doses, what to arrange."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from lenrx.catalogue.asked import Asked, anywhere, of_regimen
from lenrx.catalogue.conditions import MEDICINES, SETS, Condition, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import WATCHED, Region
from lenrx.patient.stated import idle_medicines
from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    OPEN,
    adjustments,
    arrangements,
    capitalised,
    contraindicated,
    field_words,
    finding_words,
    named,
    other_cautions,
    together,
)
from lenrx.report.regimen.values import conditions
from lenrx.report.screen.figures import gist
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import reason
from lenrx.rules.evidence import counting
from lenrx.rules.filters import Finding, is_local

SHOWN: Final = 4
"""Names of a list that are said before the others are only counted."""
_STUDIED: Final = (
    "randomised and superior",
    "single-arm",
    "superiority not shown",
    "other patients only",
    "no study found",
)
"""The tiers of evidence in the words of a heading."""


def cut(names: Sequence[str], shown: int = SHOWN) -> str:
    """Names, of many only the first ones and how many there are besides."""
    if len(names) <= shown + 1:
        return " ".join(names)
    return f"{' '.join(names[:shown])} and {len(names) - shown} more"


def some(texts: Sequence[str], shown: int, between: str) -> str:
    """The first of many texts, and where the others are."""
    more = len(texts) - shown
    return between.join(texts) if more < 2 else f"{between.join(texts[:shown])}; {more} more: -v"


def whom(ids: Sequence[str], found: Sequence[Assessment]) -> str:
    """Which of some regimens, or how many, or the few that are not among them."""
    rest = [each.regimen.id for each in found if each.regimen.id not in ids]
    if not rest:
        return "all"
    if len(rest) < min(len(ids), SHOWN):
        return f"all but {' '.join(rest)}"
    return " ".join(ids) if len(ids) <= SHOWN else f"{len(ids)} of {len(found)}"


def drugs_words(regimen: Regimen, catalogue: Catalogue) -> str:
    """The drugs by their names; of a single one its class too."""
    drugs = [catalogue.drugs[component.drug] for component in regimen.drugs]
    alone = f" ({drugs[0].drug_class})" if len(drugs) == 1 else ""
    return " + ".join(each.name for each in drugs) + alone


def label_mark(each: Assessment, region: Region | None) -> list[str]:
    """Where the label is in doubt, and where only one of two regions has one."""
    if region or len({*each.approval.values()}) == 1:
        return ["label in doubt"] if each.key.label == IN_DOUBT else []
    on = [name.upper() for name, word in each.approval.items() if word == "on-label"]
    doubt = [name.upper() for name, word in each.approval.items() if word == "unknown"]
    parts = [f"{' '.join(on)} only"] if on and not doubt else []
    return [*parts, *(f"{name} label in doubt" for name in doubt)]


IN_DOUBT: Final = 1
"""The place of a label that is not known to cover the patient in the order."""


def marks(each: Assessment, answer: Answer, told: Collection[str] = ()) -> list[str]:
    """What more there is of a regimen: doses to change, if not told of all, and cautions."""
    own = (pair for pair in _plain_cautions(each, answer) if not is_local(pair[0]))
    about = dict.fromkeys(_about(*pair, answer) for pair in own)
    lead = "caution" if len(about) == 1 else "cautions"
    return [
        *contraindicated(each),
        *(["dose change"] if {*dose_words(each)} - {*told} else []),
        *([f"{lead}: {', '.join(about)}"] if about else []),
    ]


def _plain_cautions(each: Assessment, answer: Answer) -> list[tuple[Finding, Condition | None]]:
    """Cautions that are neither serious nor of a trial, each with its condition if it has one."""
    found = [one for one in each.saying("cautions", "met") if not one.serious and not one.trial]
    known = conditions(each, answer) if found else {}
    return [(one, known.get(one.criterion)) for one in found]


def _about(one: Finding, when: Condition | None, answer: Answer) -> str:
    """What of the patient a caution is about, in a word."""
    if one.criterion.endswith("-class-intolerance"):
        return "intolerance"
    if one.filter in ("sequencing", "resistance"):
        return _OF_FILTER[one.filter]
    key, wanted = next(iter(leaves(when)), ("", None)) if when else ("", None)
    if key in ("comorbidity", "cytogenetics") and isinstance(wanted, list):
        stated = getattr(answer.state.patient, SETS[key][0]) or ()
        return finding_words(next((name for name in wanted if name in stated), wanted[0]))
    return _IN_A_WORD.get(key, key.replace("_", " ")) or one.drug or _OF_FILTER[one.filter]


_IN_A_WORD: Final = {
    "renal": "kidneys",
    "hepatic": "liver",
    "lvef": "LVEF",
    "ecog": "ECOG",
    "anc": "neutrophils",
    "emd": "extramedullary disease",
    "cns": "CNS disease",
    "pcl": "plasma cell leukaemia",
    "neuropathy_grade": "neuropathy",
    "received": "earlier treatment",
    "medications": "other medicines",
    "always": "",
}
_OF_FILTER: Final = {
    "resistance": "resistance",
    "indication": "label",
    "biology": "biology",
    "organs": "organs",
    "interactions": "other medicines",
    "sequencing": "re-use",
    "availability": "availability",
}


def on_rare_states(each: Assessment, answer: Answer) -> list[str]:
    """What cautions that are not serious say of states that trials seldom enrol."""
    states = answer.catalogue.seldom_enrolled
    rare = {key for name in counting(answer.catalogue) for key, _ in leaves(states[name].when)}
    return [
        capitalised(one.because)
        for one, when in _plain_cautions(each, answer)
        if when and {key for key, _ in leaves(when)} & rare
    ]


def local_words(regimen: Regimen, answer: Answer) -> list[str]:
    """What the formulary, which is named already, says of a regimen and its drugs."""
    entries = answer.case.formulary.on(regimen) if answer.case.formulary else ()
    found = []
    for each in entries:
        about = "" if each.about == regimen.id else f"{each.about}: "
        stock = "" if each.stock == "note" else each.stock.replace("-", " ")
        found.append(f"formulary: {about}{': '.join(filter(None, (stock, each.note)))}")
    return found


def studied(each: Assessment, answer: Answer) -> str:
    """How a regimen was studied, or before that what speaks against it or is said of it here."""
    serious = [one for one in each.saying("cautions", "met") if one.serious]
    warned = [f"! {f'{one.drug}: ' if one.drug else ''}{gist(one.because)}" for one in serious]
    first = [*local_words(each.regimen, answer), *warned]
    return first[0] if first else _STUDIED[each.merit.tier]


def to_arrange(found: Sequence[Assessment], every: bool = False) -> list[str]:
    """What has to be organised, in the fewest words, with the regimens: the commonest first.

    What is only watched is counted, unless `every` topic is wanted.
    """
    topics = together((each.regimen.id, each.topics) for each in found)
    alike: dict[tuple[str, ...], list[str]] = {}
    watched = set() if every else topics.keys() & {*WATCHED}
    for topic in sorted(topics.keys() - watched):
        alike.setdefault(tuple(topics[topic]), []).append(topic)
    ranked = sorted(alike.items(), key=lambda item: (-len(item[0]), item[1]))
    said = [f"{', '.join(each)} ({among(ids, found)})" for ids, each in ranked]
    return said + [f"{len(watched)} to watch: -v"] * bool(watched)


def among(ids: Sequence[str], found: Sequence[Assessment], between: str = " ") -> str:
    """Some regimens by name, or those that are not among them, where these are fewer."""
    rest = [each.regimen.id for each in found if each.regimen.id not in ids]
    if not rest:
        return "all"
    fewer = len(rest) + 1 < len(ids)
    return f"all but {between.join(rest)}" if fewer else between.join(ids)


def dose_words(each: Assessment) -> list[str]:
    """The doses to change, each with its drug and why in a few words."""
    return [_dose(one, each) for one in each.saying("adjusts", "met")]


def _dose(one: Finding, each: Assessment) -> str:
    if one.dose is None:
        return reason(one, each.regimen.id)
    drug = f"{one.drug} " if one.drug not in (None, each.regimen.id) else ""
    return f"{drug}{one.dose}; {gist(one.because)}"


_FLAGS: Final = ("emd", "pcl", "cns", "dialysis")
"""Facts of which silence would be read as reassurance."""
_POOR: Final = ("hepatic", "lvef", "platelets", "anc")


def _is_poor(field: str, answer: Answer) -> bool:
    """Whether an organ or a count is stated to be so poor that a rule on some drug asks for it."""
    rules = (rule for drug in answer.catalogue.drugs.values() for rule in drug.rules)
    asked = (wanted for rule in rules for key, wanted in leaves(rule.when) if key == field)
    return any(answer.state.ask(field, wanted).truth for wanted in asked)


def not_weighed(each: Assessment, answer: Answer) -> list[str]:
    """What was stated and no rule, label, trial or guideline on this regimen asks."""
    patient = answer.state.patient
    asked = of_regimen(each.regimen, answer.catalogue, answer.case.regions)
    flags = [name for name in _FLAGS if getattr(patient, name) and (name, "") not in asked]
    flags += [name for name in _POOR if (name, "") not in asked and _is_poor(name, answer)]
    found = [
        finding_words(name)
        for field in ("cytogenetics", "comorbidities")
        for name in getattr(patient, field) or ()
        if (field, name) not in asked
    ]
    return [*(field_words(name) for name in flags), *found, *_idle_medicines(asked, answer)]


def _idle_medicines(asked: Asked, answer: Answer) -> list[str]:
    """Medicines that a rule on another regimen asks for; of others a warning says it for all."""
    patient, catalogue = answer.state.patient, answer.catalogue
    here, nowhere = (
        [name for field in MEDICINES for name in idle_medicines(field, patient, catalogue, asks)]
        for asks in (asked.__contains__, partial(anywhere, catalogue=catalogue))
    )
    return [name for name in here if name not in nowhere]


def undecided(each: Assessment, answer: Answer) -> list[str]:
    """Labels of which an opinion or a report was seen, and no decision."""
    regions = answer.case.regions
    found = [one for one in each.regimen.labels if one.unconfirmed and one.region in regions]
    return [
        f"no decision in the {one.region.upper()} since {one.not_before} found" for one in found
    ]


def question_words(question: str) -> str:
    """A question without what explains it."""
    words = named(question).partition(" (")[0].removesuffix("?").replace(" performance status", "")
    return f"{words}?"


def remarks(each: Assessment) -> list[tuple[str, str]]:
    """Doses, cautions that are not serious, and what to arrange, each with its colour."""
    kinds = (
        ("dose", adjustments(each), DOSE),
        ("caution", other_cautions(each), CAUTION),
        ("arrange", arrangements(each), OPEN),
    )
    return [(f"{kind}: {text}", style) for kind, texts, style in kinds for text in texts]


def common_words(found: Iterable[Assessment]) -> Mapping[str, Sequence[str]]:
    """What is said of several of them alike."""
    said = ((each.regimen.id, [words for words, _ in remarks(each)]) for each in found)
    return together(said, at_least=2)
