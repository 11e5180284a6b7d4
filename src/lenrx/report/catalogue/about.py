"""What a reader needs to review the basis of each option independently."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lenrx import __version__
from lenrx.catalogue.loading import Catalogue

if TYPE_CHECKING:
    from rich.console import Console

SECTIONS: tuple[tuple[str, str], ...] = (
    (
        "Intended use and users",
        "Lists the regimens of a curated catalogue that are open, not open or not decidable for a "
        "patient whose myeloma is refractory to lenalidomide, with the basis of each. For "
        "haematologists, clinical pharmacists and chart reviewers; research and education; not "
        "CE-marked; not for patients. Emergencies (cord compression, hyperviscosity, acute renal "
        "failure) are outside the intended use. It supports and does not replace clinical "
        "judgement.",
    ),
    (
        "Inputs",
        "What is stated of the patient, each with its unit (`lenrx recommend --help`): disease and "
        "cytogenetics from the pathology and FISH reports, drugs and lines from the treatment "
        "history, renal and hepatic function, blood counts, LVEF, neuropathy and fitness from the "
        "chart. Nothing is required and nothing missing is filled in. No image, signal or raw "
        "sequence is read.",
    ),
    (
        "Logic",
        "Seven filters run in order on every regimen: resistance, indication, biology, organs, "
        "interactions, sequencing, availability. Each criterion is met, not met or unknown; an "
        "excluding criterion that is met excludes, one that is unknown leaves a question. The "
        "order is a printed key: verdict, label, serious cautions, evidence in patients like this "
        "one, who beat whom in randomised trials, overall survival, guideline position, other "
        "cautions; equals share a rank. Nothing is learned from data; medians of different trials "
        "are never used to rank.",
    ),
    (
        "Independent review",
        "`lenrx explain ID` shows, for this patient, each criterion with the patient's value, the "
        "threshold, the source and the place in it, what would flip the verdict, all evidence with "
        "its population, and the positions of guidelines side by side. `lenrx sources ID` shows "
        "each document and every fact that rests on it.",
    ),
    (
        "Validation",
        "Checked against vignettes whose expectations were written before they were run, many of "
        "them published situations with their sources, boundary pairs, properties searched over "
        "random patients, a deck of patients made from every criterion of the catalogue "
        "(`lenrx check --selftest`), and named checks on every entry; these pass in the release. "
        "No prospective validation; subgroups such as plasma cell leukaemia and CNS disease rest "
        "on small series.",
    ),
    (
        "Limits",
        "Many papers were read as abstracts, labels often as copies; subgroups are small. Not "
        "validated prospectively. What was not found is stated as a gap (`lenrx regimens ID`). The "
        "catalogue ages: check its date.",
    ),
    (
        "Privacy",
        "Everything stays on this machine: no network, no telemetry, no patient value in an error.",
    ),
)


def draw(catalogue: Catalogue, figures: str, to: Console) -> None:
    """The sections, the figures of the validation with theirs, then the data in numbers."""
    from rich.text import Text

    to.print(Text(f"lenrx {__version__}, catalogue {catalogue.version}", style="bold"))
    for title, text in SECTIONS:
        to.print(Text(f"\n{title}", style="bold"))
        to.print(Text(f"{text} {figures}" if title == "Validation" else text))
    to.print(Text("\nData relied on", style="bold"))
    to.print(Text(data_line(catalogue)))


def data_line(catalogue: Catalogue) -> str:
    """The catalogue in numbers."""
    rows = [row for each in catalogue.regimens.values() for row in each.evidence]
    marks = Counter(row.verified for row in rows)
    read = ", ".join(f"{mark} {count}" for mark, count in marks.most_common())
    labels = sum(len(each.labels) for each in catalogue.regimens.values())
    rules = sum(len(each.rules) for each in catalogue.drugs.values())
    bare = [each.id for each in catalogue.regimens.values() if not each.evidence]
    return (
        f"{len(catalogue.regimens)} regimens, {len(catalogue.drugs)} drugs with {rules} rules, "
        f"{labels} dated label clauses, {len(catalogue.trials)} trials, {len(rows)} evidence rows "
        f"(read as: {read}), {len(catalogue.sources)} sources. No study was found for "
        f"{', '.join(bare)}. Catalogue digest {catalogue.sha256[:12]}."
    )
