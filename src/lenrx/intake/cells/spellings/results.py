"""Cells of illnesses made ready: parted and spelled out, with the results that stand beside one.

An ejection fraction is a field of its own; an antibody without its virus is one finding.
"""

from __future__ import annotations

import re
from typing import Final

_POSITIVE: Final = r"[ :=]*(?:is )?(?:pos(?:iti[vf]\w*)?\b|\+(?:ve\b)?|reactive|reaktiv|detected)"
_NEGATIVE: Final = (
    r"[ :=]*(?:is )?(?:n[e\u00e9]g(?:ati[vf]\w*)?\b|undetect\w*|not detect(?:ed|able)|non-?reactive"
    r"|ind[e\u00e9]tectable\w*|nicht nachweisbar|no detectad[oa]|non rilevabile"
    r"|non d[e\u00e9]tect[e\u00e9]\w*|nicht nachgewiesen|-(?!\w))"
)
_HCV: Final = r"(?:hcv|hep(?:atitis)?[ -]?c|vhc)"
_SERUM: Final = (
    r"(?:ab|antibod(?:y|ies)|serology|ak|igg|ac|anticorps|anticuerpos|anticorpi"
    r"|antik[o\u00f6]rper|s[e\u00e9]rolog\w*)"
)
_ANTIBODY: Final = rf"(?:anti[ -]?{_HCV}(?:[ -]?ab)?|{_HCV}(?:[ -]?{_SERUM})?)"
_VIRUS: Final = (
    rf"(?:{_HCV}[ -]?)?(?:rna|arn|pcr|vl|viral load|viruslast|carga viral|charge virale"
    r"|carica virale|viremia|vir[e\u00e9]mie|naa?t)(?:[ -]?(?:hcv|vhc))?"
)
_BETWEEN: Final = r"[ ,;/()&]*(?:(?:and|but|with|und|y|et) )?"
_GONE: Final = (
    rf"\b(?:{_ANTIBODY}{_POSITIVE}{_BETWEEN}{_VIRUS}{_NEGATIVE}"
    rf"|{_VIRUS}{_NEGATIVE}{_BETWEEN}{_ANTIBODY}{_POSITIVE}"
    rf"|{_HCV}[ -]?{_VIRUS}{_NEGATIVE}{_BETWEEN}{_SERUM}{_POSITIVE})\)?"
)
WITHOUT_VIRUS: Final = "hcv antibody without rna"


def without_virus(text: str) -> str:
    """A text in which an antibody to hepatitis C and a virus that is not found are one finding."""
    low = text.lower()
    if "c" not in low or not any(each in low for each in _VIRUSES):
        return text
    return re.sub(_GONE, WITHOUT_VIRUS, text, flags=re.IGNORECASE)


_VIRUSES: Final = (
    *("rna", "arn", "pcr", "vl", "viral", "viruslast", "charge", "carica", "vir", "nat", "naat"),
)


_FRACTION: Final = r"(?:(?:lv)?ef|fevi|fevg|feve|fe(?= ?[:=]? ?\d))"
_EF: Final = (
    rf"\b{_FRACTION}[ :=]*(?:of |is |de |di )?"
    r"(?P<value>(?:[<>]=? ?)?\d{1,2}(?: ?- ?\d{1,2})?) ?%?(?![\w.,/-]*\d)"
)
_ALONE: Final = rf"(?:^|(?<=[;,]))\s*{_EF}\s*(?=[;,]|$)"
_OLD: Final = (
    r"(?:19|20)\d\d|\b(?:prior|past|previous\w*|prev|histor\w*|old|was|initial\w*|baseline|from"
    r"|recovered|improved|nadir|worst|lowest|family|father|mother|brother|sister|before|vorher)\b"
)
"""What may make it the ejection fraction of another time or person."""


def ejection_fraction(text: str) -> tuple[str, bool] | None:
    """The one ejection fraction that stands among illnesses, and whether it is the patient's now.

    None where there is none.
    """
    found = list(re.finditer(_EF, text, re.IGNORECASE)) if _ef_in(text.lower()) else []
    if not found:
        return None
    is_sure = len(found) == 1 and not re.search(_OLD, text, re.IGNORECASE)
    return found[0]["value"], is_sure


def _ef_in(low: str) -> bool:
    return "ef" in low or "fe" in low


def without_fraction(text: str) -> str:
    """A text without an ejection fraction that is an item of its own."""
    return re.sub(_ALONE, "", text, flags=re.IGNORECASE).strip(" ;,")


_UNIT: Final = (
    r"%|mmol/mol|mmol/l|meq/l|mg/dl|mg/l|g/l|g/dl|pg/ml|ng/l|ng/ml|u/l|iu/l|mm ?hg|ms(?:ec)?"
    r"|l(?!\w)"
)
_LABORATORY: Final = (
    r"(?: ?[:=] ?| - )?(?<![\w-])(?:(?:with|con|mit|avec|com|an?|his|her|last) )*"
    r"(?P<what>(?P<sugar>hb ?a1c|a1c"
    r"|glucose|glucemia|glicemia|glycemie|blood sugar|bz|fbs)|(?P<salt>na\+?|sodium|natrium|sodio)"
    r"|(?P<igg>igg)|(?P<pressure>bp|ta|rr|pa|blood pressure)|k\+?|hb|hgb|bnp|nt-?pro-?bnp|fev1"
    r"|crp|psa|tsh|ldl|ldh|alt|ast|ggt|ferritin|bilirubin|bili|troponin|bmi|imc)"
    r"[ :=]*(?:of |de |von |di |is )?"
    r"(?P<value>[<>]?=? ?\d+(?:[.,]\d+)?(?: ?[/-] ?\d+(?:[.,]\d+)?)?)"
    rf" ?(?:{_UNIT})?(?![\w.,/-]*\d)"
)
_VALUE_WORDS: Final = frozenset(
    "hba hb a glucose glucemia glicemia glycemie sugar bz fbs na sodium natrium sodio igg bp ta rr "
    "pa pressure k hgb bnp fev crp psa tsh ldl ldh alt ast ggt ferritin bilirubin bili troponin "
    "bmi imc".split()
)
"""One of them stands before every value; few cells hold any."""
_VALUED: Final = {
    "sugar": "uncontrolled_diabetes",
    "salt": "hyponatremia",
    "igg": "hypogammaglobulinemia",
    "pressure": "uncontrolled_hypertension",
}


_ICD: Final = r"(?!B12)[A-TV-Z]\d\d(?:\.\d{1,3})?"
_CODE_ALONE: Final = rf"(?:^|(?<=[,;|/]))\s*(?P<code>{_ICD}[A-Z]?)\s*(?=[,;|/]|$)"
_CODE_AND_WORDS: Final = (
    rf"(?:^|(?<=[,;|]))\s*{_ICD}G?(?: ?[:.\u2013-] ?| )(?=[^\W\d]{{3}})|[(\[]{_ICD}G?[)\]]"
)
_UNSPECIFIED: Final = (
    r",? ?\b(?:unspecified|not specified|nos|nicht n(?:ae|\u00e4)her bezeichnet"
    r"|no especificad[ao]|sans pr(?:e|\u00e9)cision|non specificat[ao]"
    r"|n(?:a|\u00e3)o especificad[ao])(?= ?(?:$|[,;|)]))"
)


def _without_codes(text: str, said: list[str]) -> str:
    """A text without codes of ICD-10: beside its words a code says nothing more."""
    rest = re.sub(_CODE_AND_WORDS, " ", text)

    def told(found: re.Match[str]) -> str:
        said.append(f"{found['code']}: a code of ICD-10 is not read here; write the illness")
        return ""

    rest = re.sub(_CODE_ALONE, told, rest)
    return re.sub(_UNSPECIFIED, "", rest, flags=re.IGNORECASE) if rest != text else text


def set_aside(text: str) -> tuple[str, list[str]]:
    """A text without the laboratory values and codes among its illnesses, and what is said of each.

    Where a value begins to be an illness is not for a reader of words.
    """
    if not any(each.isdigit() for each in text):
        return text, []
    said = list[str]()
    if re.search(r"[A-Z]\d\d", text):
        text = _without_codes(text, said)
    if not said and _VALUE_WORDS.isdisjoint(re.findall(r"[^\W\d_]+", text.lower())):
        return text, said

    def told(found: re.Match[str]) -> str:
        asks = [name for kind, name in _VALUED.items() if found[kind]]
        more = f"; {asks[0]} is asked in words" if asks else ""
        value = "".join(found["value"].split())
        said.append(f"{found['what'].lower()} {value}: values are not read here{more}")
        return ""

    rest = re.sub(_LABORATORY, told, text, flags=re.IGNORECASE)
    if not said:
        return text.strip(), said
    rest = re.sub(r"\( ?[,;]? ?\)", " ", rest)
    rest = re.sub(r"(?<=[,;]) ?[,;]", " ", rest)
    return rest.strip(" ,;"), said


_ABLE: Final = (
    r"(?:htn|ht|hta|bp|hypertension|high blood pressure|dm|dm1|dm2|t1dm|t2dm|niddm|iddm"
    r"|diabetes(?: mellitus)?(?: (?:type|typ|tipo) [12])?|type [12] diabetes|hypertonie|diabete"
    r"|bluthochdruck|hypertonus|hipertensi[o\u00f3]n(?: arterial)?|ipertensione(?: arteriosa)?"
    r"|hipertens[a\u00e3]o|diabete mellito)"
)
_MANNER: Final = (
    r"(?:(?:un|poorly |badly |not |not well |well[ -])controlled|paroxysmal|persistent|permanent"
    r"|type (?:[12]|ii?)"
    r"|(?:no|n[a\u00e3]o|non|mal|bien|ben) (?:bien |ben )?(?:controlad[ao]|controllat[ao]"
    r"|contr[o\u00f4]l[e\u00e9]e?|[e\u00e9]quilibr[e\u00e9]e?)"
    r"|(?:schlecht|nicht|nicht gut|unzureichend|gut) (?:kontrolliert|eingestellt)"
    r"|unkontrolliert|entgleist|descontrolad[ao])"
)
_BEHIND: Final = rf"\b([\w' ]+?) ?(?:,| -) ?({_MANNER})(?= ?(?:$|[;,)]))"


def with_manner(text: str) -> str:
    """A text in which a manner that is an item of its own stands with the illness before it.

    What may be meant for two illnesses is left as it is, to be asked.
    """
    if "," not in text and " -" not in text:
        return text
    return re.sub(_BEHIND, _joined, text, flags=re.IGNORECASE)


def _joined(found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    both = re.search(rf"\b{_ABLE}\s*,\s*$", before, re.IGNORECASE)
    if both and not re.match("(?:type|paroxysmal|permanent|persistent)", found[2], re.IGNORECASE):
        return found[0]
    return f"{found[1]} {found[2]}"


_DATE: Final = r"\b(?:\d\d?/){1,2}((?:19|20)\d\d)\b"
"""A date whose strokes join no two illnesses."""
_SHORT: Final = (
    ("h/o", "history of"),
    ("s/p", "prior"),
    ("w/o", "without"),
    ("r/o", "suspected"),
    ("c/o", "history of"),
)
"""Abbreviations whose stroke joins no two illnesses."""


_NEITHER: Final = r"(?i)^(?:ni|n[e\u00e9]) (?=.* (?:ni|n[e\u00e9]) )"
"""The first of two that say neither."""
_KNOWN: Final = r"(?i)\b(keine?[rn]?|ohne|aucune?|nessun[oa]?) (?:bekannte[rn]?|connue?|not[oa]) "
_KNOWN_BEHIND: Final = (
    r"(?i)^((?:keine?[rn]?|aucune?|nessun[oa]?|ningun[oa]?) .*\w) "
    r"(?:bekannt|connue?|not[oa]|conocid[oa])$"
)
"""That a no is one as far as anybody knows."""


def spelled_out(item: str) -> str:
    """An item without abbreviations and dates whose strokes join no two illnesses."""
    for short, long in _SHORT:
        item = re.sub(rf"(?i)\b{short}\b", long, item)
    item = re.sub(r"(?i)\b([dl])['\u2019](?=\w)", r"\1 ", item)
    item = re.sub(_NEITHER, "no ", item)
    item = re.sub(_KNOWN, r"\1 ", re.sub(_KNOWN_BEHIND, r"\1", item))
    return re.sub(_DATE, r"\1", item)


def clauses(text: str) -> list[str]:
    """The text between semicolons, never those inside parentheses."""
    found, inside = [""], 0
    for piece in text.split(";"):
        found[-1] = f"{found[-1]};{piece}" if inside > 0 else piece
        inside += piece.count("(") - piece.count(")")
        if inside <= 0:
            found.append("")
            inside = 0
    return [each for each in found if each.strip()]


_NONE: Final = frozenset(
    "none no nil n 0 nothing keine kein nein ninguna ninguno aucune aucun nessuna nenhuma geen "
    "brak "
    "nihil"
    " negative neg healthy unremarkable".split()
)
_NO_ILLNESS: Final = re.compile(
    r"(?:none|no|nil|nothing|keine?|ningun[ao]?|sin|aucune?|nessuna|nenhuma)(?: (?:known|relevant"
    r"|major|other|significant"
    r"|active|bekannten?|relevantes?))* ?(?:comorbidit(?:y|ies)|comorbidades|comorbilidades"
    r"|komorbiditaten"
    r"|begleiterkrankungen|comorbidites|pmh|history|illness(?:es)?|disease|medical history"
    r"|conditions?|of note|relevant)"
    r"|(?:none|nil|nothing)(?: (?:known|significant|relevant|major|reported|documented|recorded"
    r"|other))+"
)


def names_none(word: str) -> bool:
    """Whether a cell says that there is no illness."""
    return word in _NONE or bool(_NO_ILLNESS.fullmatch(word))
