"""Names of drugs as charts, labels and exports write them: suffix, salt, strength, form, slip."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import NameMatch, key, known
from lenrx.intake.cells.base import bare
from lenrx.intake.cells.marks import mark
from lenrx.patient.patient import uncertain

_N: Final = r"\d+(?:[.,]\d+)?"
DOSE: Final = re.compile(
    rf"(?<![\d.,]){_N}(?:-{_N})? ?(?:mg|mcg|\u03bcg|g|iu|mu|units?|ml|mci|gy)\b"
    rf"(?: ?m2\b| ?(?:/|per) ?(?:{_N} ?)?(?:m2|kg|ml|day|d|week|hr?|actuat|vial|dose)\b)*"
    r"|\bd(?:ays?)? ?\d+(?:-\d+)?(?: ?[,+/] ?d?\d+(?:-\d+)?)*\b",
    re.IGNORECASE,
)
NOTHING: Final = re.compile(
    r"(?<![\d.,])0+(?:[.,]0+)? ?"
    r"(?:mg|mcg|g|cycles?|courses?|doses?|x|days?|weeks?|months?|mo|years?|monate?|meses|mois)\b"
    r"|\bx ?0+\b",
    re.IGNORECASE,
)
"""A dose or a number of cycles that says that nothing was given."""
LONE: Final = re.compile(r"(?<=\w\w )[A-Za-z]$")
"""A letter by itself behind a name: a mark, or a drug."""
TWOFOLD: Final = re.compile(r"(?<![\w/])(?:r/r|s/d)(?![\w/])", re.IGNORECASE)
"""Letters that stand for drugs, and in charts for something else."""
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH: Final = (
    r"(?:jan(?:uary|uar|vier|eiro)?|ene(?:ro)?|feb(?:ruary|ruar|rero|braio)?|fev(?:ereiro)?"
    r"|mar(?:ch|zo)?|m(?:a|ae|\u00e4)?rz"
    r"|apr(?:il|ile)?|abr(?:il)?|ma[iy]|mayo|maio|maggio|june?|jun[io]o?|juin|july?|jul[io]o?|juillet"
    r"|giugno|luglio|aug(?:ust)?|ago(?:sto)?|sep(?:t(?:embre|ember|iembre)?)?|set(?:t?embre|embro)?"
    r"|o[ck]t(?:ober|ubre|obre)?|out(?:ubro)?|ottobre|nov(?:ember|embre|iembre|embro)?"
    r"|de[cz](?:ember|embre|embro)?|dic(?:iembre|embre)?)\.?"
)
"""Whole names: `declined 2019` is no date."""
DATE: Final = (
    rf"{_YEAR}(?:-\d\d){{1,2}}|(?:\d\d?[/.])?\d\d?[/.]{_YEAR}|{_MONTH}[ /-]?{_YEAR}|{_YEAR}"
    r"|(?:0?[1-9]|1[0-2])/\d\d(?!/|\d| ?m?g)"
)
SCHEDULE: Final = re.compile(
    r"\b(?:\d+ ?l|l ?\d+|line ?\d+|lot ?\d+|\d+(?:st|nd|rd|th)[ -]?line"
    r"|(?:first|second|third|fourth|fifth|sixth)[ -]line)\b ?[:.)]?"
    rf"|\b(?:(?:in|since|from|until|till|on|as of|ab|seit|desde|depuis|dal) )?(?:{DATE})"
    rf"(?: ?(?:-|to|until|\u2013) ?(?:{DATE}|ongoing|present|now))?(?!\w)"
    r"|\bx ?\d+\b(?: cycles?)?|\b\d+ ?(?:x|cycles?|courses?|doses?|months?|weeks?|years?)(?!\w)"
    r"|\bc(?:ycles?)? ?\d+(?:-c?\d+)?(?:d\d+)?\b|\b\d\d?/(?:21|28|35|42)\b"
    r"|\bq\d+ ?(?:[dw]|days|weeks)?\b|\b(?:once |twice |thrice )?(?:bi)?weekly\b"
    r"|\b(?:daily|qd|od|bid|tid|qod|qw|q2w|q4w|qhs|nocte)\b",
    re.IGNORECASE,
)
_FORM: Final = (
    r"(?i)(?<!\w)(?:p\.? ?o\.?|s\.? ?c\.?|i\.? ?v\.?|i\.? ?m\.?|s\.? ?q\.?|sub-?q"
    r"|sub-?cut(?:an(?:eous(?:ly)?)?)?"
    r"|intravenous(?:ly)?|oral(?:ly)?|parenteral|intrathecal|subkutan|intravenos|subcutanea"
    r"|intravenosa"
    r"|(?:hard |soft |gelatin |film-?coated |delayed release |extended release )*"
    r"(?:capsules?|caps?|tablets?|tabs?|kapseln?|tabletten?|capsulas?|comprimidos?|compresse"
    r"|gelules?)"
    r"|injections?|injectable(?: solution| suspension)?|inj|solution|suspension|infusions?|vials?"
    r"|powder"
    r"|lyophilized|prefilled|syringes?|pens?|pack|kit|product|for"
    r"|sul(?:ph|f)ate?s?|hydrochloride|hydrochlorid|hcl|clorhidrato|chlorhydrate|cloridrato"
    r"|citrate|citrat|sodium|natrium|acetate|acetat|mesylate|phosphate|succinate|hydrate"
    r"|monohydrate"
    r"|hemihydrate|anhydrous|disodium|lactate"
    r"|ratiopharm|teva|accord|sandoz|zentiva|mylan|viatris|stada|hexal|dr\.? ?reddy'?s|sun pharma"
    r"|cipla|natco"
    r"|celgene|janssen|takeda|fresenius(?: kabi)?|hospira|actavis|krka|medac|zydus|amgen|bms"
    r"|generics?|generico|generique|generikum|biosimilars?|biosimilaire|brand(?: name)?|originator"
    r"|\(?and hyaluronidase|hyaluronidase|recombinant|human"
    r"|mto\.?|mant\.?|mantenimiento|mantto|mantenimento|manuten[c\u00e7][a\u00e3]o"
    r"|erh\.?|erhaltung(?:stherapie)?"
    r"|entretien|induktion|inducci[o\u00f3]n|induzione|indu[c\u00e7][a\u00e3]o|konsolidierung"
    r"|consolidaci[o\u00f3]n|consolidazione|consolida[c\u00e7][a\u00e3]o|bridging|ldt"
    r"|maintenance|maint|mtx? maint|induction|consolidation|re-?induction|salvage|upfront|frontline"
    r"|mono(?:therapy|therapie|terapia)?|single[- ]agent|alone|combination|combo|based|regimen"
    r"|protocol"
    r"|therapy|treatment|therapie|terapia|tratamiento|traitement|tx|rx|previous|prior|past"
    r"|low[- ]dose"
    r"|lite|light|ongoing|current(?:ly)?|continuous|intensified|modified|full[- ]dose"
    r"|(?:off|on)[- ](?:study|trial|label|protocol)|compassionate use|expanded access"
    r"|reduced[- ]dose|re-?start(?:ed|ing)?|continu(?:ed|ation|ing)|cont\.?|resum(?:ed|ption)"
    r"|re-?challenged?|re-?treatment|re-?exposure|again)(?!\w)"
)
_SUFFIX: Final = re.compile(
    r"\b([a-z]+(?:mab|dotin|leucel|alfa|ase|cept))-"
    r"(?!free|null|none|only|less|like|past|prev|stop|fail|held|lost|drop|zero|plan|skip|sens|refr"
    r"|naiv|prog|test|void|next|type|poor|days|week)([a-z]{4})(?![\w-])",
    re.IGNORECASE,
)
"""A biologic, and four letters without a meaning that the FDA hangs on its name."""
_APART: Final = re.compile(r"(?<=[a-z]{3})(?=[A-Z0-9]$)|(?<=[\w)])(?=\?+$)")
"""Before a capital, a digit or a question mark that was run together with a name."""
LONG: Final = 8
"""Letters from which one slip cannot turn one drug's name into another's."""
_CUT: Final = 5
"""Letters from which the beginning of a name is enough, where only one drug's begins so."""


_MARKS: Final = "nysruxf"
"""Letters that say yes or no: at the end of a whole name they are no slip of the hand."""


def plain(text: str, catalogue: Catalogue) -> str:
    """A name without what does not belong to it: strength, form, salt, schedule, suffix."""
    text = SCHEDULE.sub(" ", DOSE.sub(" ", text))
    text = _SUFFIX.sub(lambda found: _without(found, catalogue), text)
    if not known(text, catalogue):
        text = re.sub(_FORM, " ", text)
    return " ".join(text.split()).strip(" :.,=/-")


def _without(suffix: re.Match[str], catalogue: Catalogue) -> str:
    word = suffix[2]
    return suffix[0] if mark(word) or known(word, catalogue) else suffix[1]


def spaced(text: str, catalogue: Catalogue) -> str:
    """`text` with a last capital, digit or question mark apart, unless the whole is a name."""
    return text if known(text, catalogue) and text[-1] != "?" else _APART.sub(" ", text)


@lru_cache(maxsize=65536)
def drug_name(text: str, catalogue: Catalogue) -> NameMatch | None:
    """The name as the catalogue has it, in another language, cut short, or with one slip."""
    if not key(text) or uncertain(text):
        return None
    if literal := known(text, catalogue):
        return literal
    words = text.replace("-", " ").split()
    if any(len(word) < 3 or mark(word) or not bare(word).isalpha() for word in words):
        # A letter, a digit or a word that may be a mark is no slip of the hand.
        return None
    if words[-1][-1].lower() in _MARKS and known(text[:-1], catalogue):
        return None
    return _written_otherwise(key(bare(text)), catalogue)


def _written_otherwise(wanted: str, catalogue: Catalogue) -> NameMatch | None:
    every = catalogue.drugs.values()
    found = {each.id for each in every if _folded(key(each.name)) == _folded(wanted)}
    if not found:
        long = [each for each in _names(catalogue) if len(each[0]) >= LONG]
        found = {drug for name, drug in long if _one_slip(name, wanted)}
    if not found and len(wanted) >= _CUT:
        found = {drug for name, drug in _names(catalogue) if name.startswith(wanted)}
    return NameMatch(tuple(found)) if len(found) == 1 else None


@lru_cache(maxsize=4)
def _names(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    drugs = catalogue.drugs.values()
    return tuple((key(name), each.id) for each in drugs for name in (each.name, *each.brands))


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    """One spelling for a name that languages write with th or t, ph or f, y or i, and an ending."""
    name = name.replace("th", "t").replace("ph", "f").replace("y", "i")
    name = re.sub(r"(.)\1", r"\1", name)
    return re.sub(r"[aeiou]$", "", name)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less, changed or swapped with its neighbour makes the other."""
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]
