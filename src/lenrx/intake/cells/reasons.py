"""What stands beside a drug and is no name: a response, why it was stopped, a state in a word."""

from __future__ import annotations

import re
from typing import Final

from lenrx.intake.cells.base import CellError, bare
from lenrx.intake.cells.marks import Mark, mark

_SUMMARIES: Final = (
    (
        r"(?:double|dual|doppelt|doble|dupl[ao]|doppia)(?:[- ]class)?[- ]?"
        r"(?:ref|refr|refractory|refractari[ao]|refraktar|refratari[ao]|refrattari[ao])",
        ("IMiD", "PI"),
    ),
    (
        r"(?:triple|tri)[- ]class(?:[- ]?(?:ref|refr|refractory))?|tcr(?:rmm)?|tc-?ref"
        r"|triple[- ]klasse",
        ("IMiD", "PI", "anti-CD38"),
    ),
)
_VAGUE: Final = re.compile(
    r"(?:triple|quad(?:ruple)?|penta|hexa|multi(?:ple)?)[- ]?(?:drug|agent)?[- ]?"
    r"(?:ref|refr|refractory|exposed|class[- ]exposed)?"
)
_RESPONSE: Final = re.compile(
    r"(?:best (?:response|resp)[: ]*)?(?:s?cr|ncr|vgpr|pr|mr|sd|nr|ne|mrd[- ]?(?:neg|pos|[+-])?"
    r"|(?:very good )?partial (?:response|remission)|(?:complete|minimal) (?:response|remission)"
    r"|stable disease|remission)",
    re.IGNORECASE,
)
_TOXIC: Final = (
    r"(?:(?:severe|grade|grad[eo]?|gr|g|ctcae|peripheral|painful|skin|bad|schwere|grave) ?\d? )*"
    r"(?:toxicity|scompenso\w*|onj|osteonecrosis|kiefernekrose|nephrotox\w*|mielotox\w*"
    r"|myelotox\w*|ausschlag|hautausschlag|sarpullido|eruption|trombo\w*|infec\w*|infekt\w*"
    r"|herzinsuffizienz|insuf\w* card\w*|insuffisance cardiaque|hta|htn|mudigkeit|astenia"
    r"|asthenie|asthenia|estrenimiento|verstopfung|ubelkeit|schwindel|dizziness|syncope|bleeding"
    r"|hemorrhage|haemorrhage|nightmares|tremor|confusion|delirium|psicosis|psychose|hiccups"
    r"|tox|toxicities|side[- ]?effects?|ae|aes|sae|adverse events?|intoleran(?:ce|t)"
    r"|neuropathy|pn|cipn|pnp|polyneuropath\w*|neuropat\w*|rash|exanthem\w*|erupcion"
    r"|all?erg\w*(?: (?:reaction|reaktion))?"
    r"|anaphyla\w*|hypersensitiv\w*|irr|infusion reactions?|cytopeni\w*|thrombocytopeni\w*"
    r"|neutropeni\w*|pancytopeni\w*|an(?:a)?emia|diarrh?o?ea|diarrea|durchfall|constipation|nausea"
    r"|vomiting|gi upset|fatigue|cramps?|thromb\w*|vte|dvt|pe|embol\w*|cardiac|cardiotox\w*|chf"
    r"|heart failure|hypertension|dyspn\w*|infections?|pneumonia|pneumonitis|ocular|keratopathy"
    r"|eye tox\w*|crs|icans|neurotox\w*|parkinsonism|renal|aki|tma|liver|hepatotox\w*|lfts?"
    r"|hyperglyc\w*|insomnia|psychosis|mood\w*|weight loss|dysgeusia|myalgia|edema|oedema|spm"
    r"|nebenwirkung\w*|unvertr\w*|toxicidad|toxicit\w*|effets? indesirables?|blasen\w*)"
    r"(?:[ ,/]*(?:and|&)? ?(?:grade|grad[eo]?|gr|g|ctcae)? ?\d(?:-\d)?)?"
)
_CAUSE: Final = (
    r"(?i)(?P<name>.*?\S)(?:[ ,:-]+(?:stopped|stop|discontinued|dc'?d|d/c|ceased|held|off)?[ :]*"
    r"(?:for|due to|because of|secondary to|2/2|with|wegen|por|per|pour)?[ :]*)"
    rf"(?P<why>{_TOXIC}(?:[ ,/&]+(?:and )?{_TOXIC})*)"
)
_LETTERS: Final[dict[str, Mark]] = {
    "r": "resisted",
    "x": "yes",
    "pd": "resisted",
}


_ALL: Final = frozenset("all both alle beide todos todas ambos tous tutti entrambi".split())
_NOT_DONE: Final = re.compile(
    r"(?:pt |patient |was )?(?:declined|refused|refusal|deferred|ineligible|not eligible|unfit"
    r"|not fit|frail|age|comorbidities|abgelehnt|nicht geeignet|rechaza|no candidato)"
)


def why_not(text: str) -> bool:
    """Whether a text says why something was not done; it says so only beside a no."""
    return bool(_NOT_DONE.fullmatch(bare(text)))


def decides(text: str) -> str:
    """What stands in parentheses without the response beside a mark: `CR, not refractory`."""
    parts = [each.strip(" .") for each in re.split(r"[,;]", text)]
    rest = [each for each in parts if not _RESPONSE.fullmatch(each)]
    return rest[0] if len(parts) > len(rest) == 1 and mark(rest[0]) else text


def letter(text: str) -> Mark | None:
    """What a letter in parentheses or behind a colon says. CellError where it may be more."""
    if text.lower() in _ALL:
        return "yes"
    if (
        text.lower() in ("i", "f", "p", "d", "m", "e", "v", "t", "c", "k", "b", "a", "pd")
        and text != "PD"
    ):
        raise CellError("a letter beside a name may be a mark or a drug; write a word", text)
    if text.lower() == "s":
        raise CellError("S may be sensitive, or yes (si, sim); write the word", text)
    return _LETTERS.get(text.lower())


def summary(field: str, item: str) -> tuple[str, ...] | None:
    """The classes that a state in a word names. Raises CellError where it leaves the drugs open."""
    words = bare(item).strip(" .()")
    for pattern, classes in _SUMMARIES:
        if re.fullmatch(pattern, words):
            if field != "refractory":
                raise CellError("a state of refractoriness; write it in refractory", item)
            return classes
    if _VAGUE.fullmatch(words):
        raise CellError("a state that leaves open which drugs; write the drugs", item)
    return None


def is_toxicity(text: str) -> bool:
    """Whether a text in small letters says that a drug was not borne."""
    return bool(re.fullmatch(rf"(?:due to |wegen |por |pour )?{_TOXIC}|toxic", text.strip(" .")))


def is_response(text: str) -> bool:
    """Whether a text is how the disease responded."""
    return bool(_RESPONSE.fullmatch(text.strip(" .")))


def kept_whole(item: str) -> bool:
    """Whether an item holds a sign that does not join two drugs there."""
    return bool(re.fullmatch(r"(?i)[^+&]*\b(?:flu/cy|hdt/asct|i/ii|1/2)\b[^+&]*", item))


def without_reason(field: str, text: str) -> tuple[str, str]:
    """The text without a response or a reason at its end, and what is said of that.

    Of a refractory drug both change the meaning: CellError.
    """
    head, _, last = text.rpartition(" ")
    if head and _RESPONSE.fullmatch(last.strip("-:")):
        if field == "refractory":
            reason = "a response beside a drug: refractory to it, or not; write refractory or no"
            raise CellError(reason, last)
        return head.strip(" -:"), "a response is not read here"
    if not (match := re.fullmatch(_CAUSE, bare(text) if not text.isascii() else text)):
        return text, ""
    if re.search(r"(?i)\b(?:g|gr|grad[eo]?|ctcae) ?0\b", match["why"]):
        raise CellError("a toxicity of grade 0 is none; leave it out", match["why"])
    words = match["name"].split()
    if mark(words[-1]) or mark(" ".join(words[-2:])):
        raise CellError(
            "says no beside a reason; write what the drug was stopped for", match["why"]
        )
    if field == "refractory":
        reason = (
            "a toxicity beside a drug: refractory to it (then leave the reason out), "
            "or stopped for toxicity (then write it in intolerant)"
        )
        raise CellError(reason, match["why"])
    return match["name"], "why it was stopped is not read"
