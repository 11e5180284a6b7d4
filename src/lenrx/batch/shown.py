"""Results spelled out with their legend, in the order and the words of `lenrx recommend`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lenrx.batch.engine.legend import UNSAID
from lenrx.batch.files import beside, legend_of
from lenrx.batch.members import APPLYING, MEMBERS, failed_before, in_state
from lenrx.catalogue.vocabulary import REGIONS, VERDICTS
from lenrx.patient.patient import PatientError
from lenrx.rules import document
from lenrx.rules.assessment import wording
from lenrx.rules.labels import NO_CLAUSE

Data = Mapping[str, Any]


class LegendError(Exception):
    """A legend does not belong to a row; the message says what it lacks."""


def spelled(row: Data, legend: Data) -> list[dict[str, Any]]:
    """Every regimen of a row as `lenrx recommend` has it. Raises LegendError, on error rows too."""
    if row.get("schema") != "lenrx/result/2" or "excluded_by" not in row:
        raise LegendError(
            "the row has no findings: an error record, or written with --detail brief"
        )
    ranks = _ranks(row)
    try:
        row = {**row, "applies": [*_applying(row["applies"], legend["together"])]}
        return [
            _regimen(name, verdict, ranks.get(name), row, legend)
            for verdict in VERDICTS
            for name in row[verdict]
        ]
    except KeyError as error:
        raise LegendError(f"the legend is of another catalogue: it lacks {error}") from None


def _applying(said: Iterable[str], together: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The criteria that apply: those said, and those that apply whenever one of these does."""
    for name in said:
        yield name
        yield from together.get(name, ())


def _ranks(row: Data) -> dict[str, int]:
    """The rank of each regimen that is not excluded; equals have that of the first of them."""
    names = [*row["eligible"], *row["conditional"]]
    ranks = {name: place for place, name in enumerate(names, start=1)}
    return ranks | {name: ranks[equals[0]] for equals in row["ties"] for name in equals}


def _regimen(name: str, verdict: str, rank: int | None, row: Data, legend: Data) -> dict[str, Any]:
    known = legend["regimens"][name]
    always = known["always"][row["region"] or "either"]
    return {
        "id": name,
        "name": known["name"],
        "drugs": known["drugs"],
        "verdict": verdict,
        "rank": rank,
        "tied": any(name in equals for equals in row["ties"]),
        "label": _label(name, verdict, row),
        "findings": [
            {"criterion": criterion, "effect": said, "status": status}
            | _text(criterion, effect, status, name, row, legend)
            for criterion, effect in known["criteria"]
            for said, status in _status(criterion, effect, name, row, always)
        ],
        "evidence": list(_fitting(known["evidence"], row, legend)),
    }


def _label(name: str, verdict: str, row: Data) -> str | None:
    if verdict == "excluded":
        return None
    if name in row["off_label"]:
        return "off-label"
    return "unknown" if name in row["label_unknown"] else "on-label"


def _status(
    criterion: str, effect: str, name: str, row: Data, always: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Effect and status of a criterion for one regimen, where it bears on the answer."""
    if effect in APPLYING and (criterion in row["applies"] or criterion in always):
        yield effect, "met"
    if name in row["excluded_by"].get(criterion, ()):
        yield effect, "not met" if effect == "requires" else "met"
    if name in row["unclear"].get(criterion, ()):
        yield effect, "unknown"
    if criterion in row["confirm"]:
        yield "confirms", "unknown"


def _text(
    criterion: str, effect: str, status: str, name: str, row: Data, legend: Data
) -> dict[str, Any]:
    said = dict(legend["criteria"][criterion][effect])
    if criterion == "label":
        clauses = list(_in_force(legend["regimens"][name]["labels"], row))
        said["sources"] = list(dict.fromkeys(each["source"] for each in clauses))
        words = dict.fromkeys(f"{each['region']}: {each['says']}" for each in clauses)
        said["because"] += f" ({'; '.join(words) or NO_CLAUSE})"
    return said


def _in_force(clauses: Iterable[Data], row: Data) -> Iterator[Data]:
    """The clauses of a label that held, or may have held, on the day of a row, in its region."""
    day = row["as_of"]
    for each in clauses:
        started = each.get("since") or each.get("not_before") or ""
        if started <= day < each.get("until", "9999") and row["region"] in (None, each["region"]):
            yield each


def _fitting(evidence: Iterable[Data], row: Data, legend: Data) -> Iterator[dict[str, Any]]:
    """The evidence on groups that fit the patient, indirect comparisons behind all others."""
    fits = {name: fit for fit in ("broader", "exact") for name in row[fit]}
    applies = {*row["applies"]}
    order: dict[tuple[bool, str], list[dict[str, Any]]] = {
        (late, fit): [] for late in (False, True) for fit in ("exact", "broader")
    }
    for each in evidence:
        if fit := fits.get(each["group"]):
            met = [one for one in legend["limits"].get(each["trial"], ()) if one in applies]
            lacking = [one for one in each["unenrolled"] if failed_before(one) in fits]
            states = [one for one in each["unsaid"] if in_state(one) in fits]
            order[each["design"] == "indirect", fit].append(
                {name: value for name, value in each.items() if name not in _BY_GROUP}
                | {"match": fit}
                | ({"patients_like_this_were_excluded": met} if met else {})
                | document.not_enrolled(lacking, states)
            )
    for found in order.values():
        yield from found


_BY_GROUP: Final = ("unenrolled", "unsaid")
"""Of a row of the legend, what each row of results narrows to its patient."""


def worded(finding: Data) -> str:
    """The reason of a finding as a sentence of its own: what is not met or not known is said.

    A rule that requires something says why; only what the legend leaves to day and region is said
    as that which would be met.
    """
    because: str = finding["because"]
    if finding["criterion"] in UNSAID and finding["status"] == "not met":
        return f"not {because}"
    resists = (finding["filter"], finding["effect"]) == ("resistance", "excludes")
    doubted = finding["status"] == "unknown" and (resists or finding["criterion"] == "label")
    return f"cannot say whether {because}" if doubted else because


def excluding(criterion: str, regimen: str, legend: Data) -> dict[str, Any]:
    """What a criterion says of a regimen that it excludes; errors where the legend lacks it."""
    effect = dict(legend["regimens"][regimen]["criteria"])[criterion]
    status = "not met" if effect == "requires" else "met"
    said = legend["criteria"][criterion][effect]
    return {"criterion": criterion, "effect": effect, "status": status, **said}


def asked(row: Data) -> list[dict[str, Any]]:
    """What a row asks to find out, in order, in a clinician's words."""
    return [
        {"field": field, "question": wording(field), "decides": decides}
        for field, decides in row["ask"].items()
    ]


def shown(results: Path, row: int) -> dict[str, Any]:
    """The result of one row with questions, findings and evidence written out.

    Raises PatientError where the file holds no such row, or its legend is missing or another one.
    """
    found = _row(results, row)
    if "error" in found or "regimens" in found:
        return found
    if "excluded_by" in found and not _is_whole(found):
        raise PatientError(f"row {row}", "is damaged: not as `lenrx batch` writes it")
    path = legend_of(results)
    try:
        text = path.read_bytes()
        regimens = spelled(found, json.loads(text))
    except FileNotFoundError:
        raise PatientError(path.name, "is not there; it belongs beside the results") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise PatientError(path.name, "is no legend of results") from None
    except LegendError as error:
        raise PatientError(f"row {row}", str(error)) from None
    if _written_with(results) not in (None, hashlib.sha256(text).hexdigest()):
        raise PatientError(path.name, "is of another run; run again, or put back the one of then")
    head = {name: found[name] for name in (*_HEAD, "plan") if name in found}
    return {**head, "questions": asked(found), "regimens": regimens}


_HEAD: Final = tuple("row id region as_of state given derived readings warnings".split())


def is_texts(value: Any) -> bool:
    """Whether a value that was read is a list of texts, as most members of a result are."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_whole(row: dict[str, Any]) -> bool:
    """Whether a row with findings has all its members, and each is what it is read as."""
    by_criterion, lists = MEMBERS[:2], MEMBERS[2:]
    named = [row.get(name) for name in (*by_criterion, "ask")]
    lists_of = [row.get(name) for name in (*VERDICTS, "off_label", "label_unknown", *lists)]
    lists_of += ties if isinstance(ties := row.get("ties"), list) else [None]
    return (
        {*_HEAD} <= row.keys()
        and row["region"] in (None, *REGIONS)
        and isinstance(row["as_of"], str)
        and all(isinstance(each, dict) and all(map(is_texts, each.values())) for each in named)
        and all(map(is_texts, lists_of))
        and {name for tie in row["ties"] for name in tie} <= {*row["eligible"], *row["conditional"]}
        and all(row["ties"])
    )


def _written_with(results: Path) -> str | None:
    """The digest of the legend that the results were written with, if their manifest is there."""
    try:
        return str(json.loads(beside(results, "manifest.json").read_bytes())["legend"]["sha256"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _row(results: Path, row: int) -> dict[str, Any]:
    with results.open("rb") as source:
        for line in source:
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict) or found.get("schema") != "lenrx/result/2":
                raise PatientError(results.name, "not results of `lenrx batch` as NDJSON")
            if found.get("row") == row:
                return found
    raise PatientError(results.name, f"has no row {row}")
