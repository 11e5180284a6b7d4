"""Findings of FISH and karyotypes in the spellings of laboratories: markers here, and others."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lenrx.intake.cells.base import CellError


class Spelling(NamedTuple):
    """How a finding is written, and the marker that it is, if it is one that criteria know."""

    pattern: str
    marker: str = ""
    said: str = ""
    loss: bool = False
    """Whether it says that something is lost, so that a minus behind it may say so again."""
    arm: bool = False
    """Whether it ends with the arm of a chromosome, so that a plus behind it may say gain."""
    nothing: bool = False
    """Whether it says that nothing was found: beside a marker, of that marker."""


class Finding(NamedTuple):
    """One finding: a marker, or in words what no criterion knows."""

    name: str
    known: bool
    said: str
    loss: bool
    arm: bool
    nothing: bool


_BAND: Final = r"(?:[1-4]\d?(?:\.\d{1,2})?(?![\d%/.]))?\)?"
_DEL: Final = (
    r"(?:del(?:eted|etiert|etion|ecion|eciones|etions|etionen|ezione|ezioni|ecao|ecoes)?s?|loss|monosomy|verlust"
    r"|perdida|perda|perdita|perte)"
)
_GAIN: Final = (
    r"(?:gains?|dup(?:lication)?|trisomy|ganancia|ganho|gain de|(?:zu)?gewinn|guadagno"
    r"|additional copies"
    r"|extra cop(?:y|ies))"
)
_AMP: Final = r"(?:amp(?:l(?:ification|ificacion|ifikation|ificazione|ificacao)?)?)"
_GENES: Final = (
    r"(?:[ /(,-]*(?:igh[ ]?(?:::|-|/|:| )[ ]?)?(?:ccnd1|ccnd3|fgfr3|nsd2|whsc1|mmset|mafb?|myc|igh)"
    r"(?:(?:::|-|/|:)(?:igh|nsd2|mmset|whsc1|fgfr3))*"
    r"(?: fusion| rearrangement| translocation)?\)?)*"
)


def _fusion(gene: str) -> str:
    joint = r" ?(?:::|-|/|:|,| ) ?"
    pair = rf"(?:(?:igh|14q32){joint}(?:{gene})|(?:{gene}){joint}(?:igh|14q32))"
    return rf"{pair}(?: fusion| rearrangement| translocation|r)?"


FINDINGS: Final[tuple[Spelling, ...]] = (
    Spelling(
        rf"t ?\( ?\d{{1,2}} ?; ?\d{{1,2}} ?\)(?: ?\( ?[pq][\d.]* ?[;,:] ?[pq][\d.]* ?\))?{_GENES}",
        "t",
    ),
    Spelling(_fusion("ccnd1"), "t(11;14)"),
    Spelling(_fusion("fgfr3|nsd2|mmset|whsc1"), "t(4;14)"),
    Spelling(_fusion("mafb"), "t(14;20)"),
    Spelling(_fusion("c-?maf|maf"), "t(14;16)"),
    Spelling(_fusion("ccnd3|c?-?myc|other|unknown partner")),
    Spelling(r"double[- ]hit|triple[- ]hit"),
    Spelling(
        rf"(?:{_DEL} ?(?:of |in |at |de |di |en |von )?(?:the )?\(?(?:chromosome )?(?:tp53"
        rf"|p53)\)?|(?:tp53"
        rf"|p53) ?\(?{_DEL}\)?|(?:tp53|p53)/cep ?17 loss)"
        rf"(?: ?\(?17p{_BAND}\)?)?",
        "del17p",
        loss=True,
    ),
    Spelling(
        rf"{_DEL} ?(?:of |in "
        rf"|at )?(?:the )?\(?(?:chromosome )?17\)? ?(?:\(? ?p{_BAND}\)?)?(?:[ /(]*(?:tp53"
        rf"|p53)(?: {_DEL})?\)?)?(?! ?q)",
        "del17p",
        loss=True,
    ),
    Spelling(
        rf"17 ?p{_BAND}[ -]?(?:{_DEL})(?: ?\(?(?:tp53"
        rf"|p53)\)?)?",
        "del17p",
        loss=True,
    ),
    Spelling(r"17p(?:13(?:\.\d)?)?-(?!ve|\w)", "del17p", loss=True),
    Spelling(r"(?<![\w)])-17(?!\w)", "del17p", said="monosomy 17 taken as del17p", loss=True),
    Spelling(r"17p(?:13(?:\.\d)?)?(?![-\w])", "del17p", arm=True),
    Spelling(
        r"(?:tp53|p53)(?: ?\(?(?:mutations?|mutated|mut|variant|pathogenic variant)\)?)?(?!\w)",
        "TP53",
    ),
    Spelling(
        rf"(?:{_GAIN}|{_AMP}) ?(?:/|or|and|and/or) ?(?:{_GAIN}|{_AMP}) ?(?:of |in "
        rf"|at )?\(?1 ?\(?q{_BAND}\)?|1q{_BAND} ?(?:{_GAIN} ?(?:/|or|and/or) ?{_AMP}|{_AMP} ?(?:/"
        rf"|or) ?{_GAIN})",
        "1q gain",
        said="1q gain or amplification: which of them is left open",
    ),
    Spelling(
        rf"{_AMP} ?(?:of |in |at |de |di |en |von )?\(?(?:chromosome )?(?:1 ?\)?\(?q{_BAND}"
        rf"|cks1b)\)?(?:[ /(]*cks1b\)?)?|1 ?q{_BAND}[ -]?\(?{_AMP}\)?|cks1b {_AMP}",
        "1q amp",
    ),
    Spelling(
        rf"(?:{_GAIN}|\+) ?(?:of |in |at |de |di |en |von )?\(?(?:chromosome )?(?:1 ?\)?\(?q{_BAND}"
        rf"|cks1b)\)?(?:[ /(]*cks1b\)?)?|1 ?q{_BAND}(?:[ -]?\(?{_GAIN}\)?| ?\+)|cks1b {_GAIN}"
        rf"|1qgain3?",
        "1q gain",
    ),
    Spelling(r"1q(?:21)?(?:\.\d)?(?![-+\w])", "1q gain"),
    Spelling(
        rf"(?:{_DEL} ?(?:of |in |at |de |di |en |von )?\(?(?:chromosome )?(?:1 ?\)?\(?p{_BAND}"
        rf"|cdkn2c"
        rf"|faf1)\)?(?:[ /(]*cdkn2c\)?)?|1 ?p{_BAND}[ -]?\(?{_DEL}\)?|cdkn2c {_DEL})",
        "del1p",
        loss=True,
    ),
    Spelling(r"1p(?:32|36|22|13)?(?:\.\d)?-(?!ve|\w)", "del1p", loss=True),
    Spelling(r"1p(?:32|36)?(?:\.\d)?(?![-+\w])", "del1p", arm=True),
    # What no criterion knows
    Spelling(
        rf"(?:{_DEL}|{_GAIN}|{_AMP}|{_DEL} ?/ ?{_DEL}|add|inv|der"
        rf"|i)(?: of)?(?: chromosomes?)? ?\(? ?(?:\d{{1,2}}|x"
        rf"|y)(?:\)?\(?[pq]{_BAND})?\)?(?:[, /&]+(?:and )?\d{{1,2}}(?![\d%/]))*"
    ),
    Spelling(rf"(?:\d{{1,2}}[pq]\d{{0,2}}(?:\.\d)?) ?(?:{_DEL}|{_GAIN}|{_AMP}|-(?!\w))"),
    Spelling(r"(?<![\w)])[+-](?:[2-9]|1\d|2[0-2]|x|y)(?![\w%])"),
    Spelling(
        rf"(?:{_DEL} ?(?:of )?)?(?:rb1|dis3|fam46c|tent5c|traf3|cyld|birc[23])(?: (?:{_DEL}"
        rf"|mutation|mut))?"
    ),
    Spelling(
        r"(?:tri|tetra|mono|poly)som(?:y|ies|ias|ien)(?: of)?"
        r"(?: (?:odd[- ]numbered )?chromosomes?)?"
        r"(?: ?(?:\d{1,2})(?:[, /&]+(?:and )?\d{1,2})*)?"
    ),
    Spelling(
        r"(?:non-?)?(?:hyper|hypo|pseudo|near[- ]?)[ -]?(?:di|tri|tetra)ploid[a-z]*|hrd"
        r"|triploid[a-z]*|tetraploid[a-z]*|hiperdiploid\w*|hipodiploid\w*"
    ),
    Spelling(
        r"(?:c-?)?myc(?:/igh)?(?: ?(?:rearrangements?|rearranged|translocations?|r|gain|amp\w*"
        r"|abnormalit\w+))?"
    ),
    Spelling(
        r"(?:igh|14q32|igh/14q32)(?: ?\(14q32\))?(?: ?(?:rearrangements?|rearranged"
        r"|translocations?|r|break-?apart|split|separation|abnormalit\w+))"
    ),
    Spelling(
        r"(?:n-?ras|k-?ras|braf|idh[12]|dnmt3a|tet2|asxl1|atm|atr|xbp1|crbn|ikzf[13]|fgfr3|ccnd1"
        r"|cdkn2c|mafb|maf|nsd2|irf4|egr1|prdm1|sp140|ldb1|max)(?: ?(?:v600e|[gq]\d+[a-z]"
        r"|mutations?|mutated|mut|wild ?-?type|gain))?(?! ?::)"
    ),
    Spelling(
        r"(?:ultra[- ]?|very )?high[- ]?(?:er)?[- ]?risk(?: cytogenetics| disease| features"
        r"| fish)?|(?:standard|std|std\.|normal|average|favou?rable|low|intermediate"
        r"|good)[- ]?risk(?: cytogenetics| disease| fish)?|h\.?r\.?c\.?a|adverse|unfavou?rable"
        r"|alto riesgo|riesgo (?:alto|estandar)|hochrisiko|standardrisiko|hrc|hr(?!\w)|sr(?!\w)"
    ),
    Spelling(r"r2?-?iss(?: stage)? ?(?:i{1,3}v?|[1-4])|iss(?: stage)? ?(?:i{1,3}|[1-3])"),
    Spelling(
        r"(?:no (?:high[- ]risk )?(?:cytogenetic )?(?:abnormalit(?:y|ies)|aberrations?|anomal(?:y"
        r"|ies)|changes(?= (?:detected|found|seen))|markers?"
        r"|features?|findings?)(?: (?:detected|found|seen|identified))?"
        r"|no high[- ]risk (?:cytogenetics|lesions?)|unremarkable|within normal limits|wnl"
        r"|(?:normal|unauffallig\w*|diploid|disom(?:y|ic)|intact|retained|unaltered"
        r"|sin alteraciones|sin anomalias"
        r"|sans anomalie)(?: (?:fish|karyotype|cytogenetics|diploid|male|female|karyotyp))*"
        r"|germline)",
        nothing=True,
    ),
    Spelling(
        r"4[4-8] ?,? ?x[xy]?(?: ?\[\d+\])?|complex(?: karyotype)?|komplex\w*|chromothripsis"
        r"|apobec|other(?: abnormalit\w+)?"
    ),
    Spelling(r"t ?\( ?\d{1,2} ?; ?\? ?\)"),
)
NOT_SO: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("not mutated", "unmutated", "no mutation"), ("TP53",)),
    **dict.fromkeys(("not deleted", "undeleted", "no deletion", "no loss"), ("del17p", "del1p")),
    **dict.fromkeys(("not gained", "no gain"), ("1q gain",)),
}
"""Words that deny one change, and the markers that are it: no amplification leaves a gain open."""
_TRANSLOCATIONS: Final = {"4;14", "14;16", "14;20", "11;14"}


_LISTED: Final = re.compile(
    r"(?:trisom|gains?|del(?:etion)?s?"
    r"|monosom)\w*(?: of)?(?: chromosomes?)?(?: ?\d{1,2},)+ ?(?:and |& )?\d{1,2}(?!\w)",
    re.IGNORECASE,
)
"""Chromosomes that are listed behind what befell them."""


_ANSWERED: Final = (
    r"(?<=[\w)]) [-\u2013\u2014] ?(?=(?:pos|neg|yes|no|ja|nein|s[i\u00ed]|oui|non|sim|n[a\u00e3]o"
    r"|not|nicht|presen\w*|absen\w*|ausen\w*|assen\w*|detec\w*|found|unk\w*)\b|(?:pos|neg|det|nachgew)\w+|\d)"
)
"""A dash between a marker and its result or date, which is no minus."""


def joined_up(text: str) -> str:
    """Translocations with their parentheses, so that no list is split inside them."""
    text = _LISTED.sub(lambda found: found[0].replace(",", " "), text)
    text = re.sub(_ANSWERED, ": ", text, flags=re.I)
    text = re.sub(r"\btranslo[ck]\w+ ?(?=\(?(?:4|11|14|16|20) ?[;/] ?\d)", "t", text, flags=re.I)
    text = re.sub(
        r"\bt ?\(? ?(4|11|14|16|20|6|8) ?[;:,/.-] ?(4|11|14|16|20|6|8)(?!\d) ?\)?",
        _pair,
        text,
        flags=re.I,
    )
    text = re.sub(
        r"\bt ?\(?(4)(14)\)?(?!\d)|\bt ?\(?(11)(14)\)?(?!\d)|\bt ?\(?(14)(16|20)\)?(?!\d)",
        _run,
        text,
        flags=re.I,
    )
    return re.sub(r"\b(4[4-8]),(?= ?x)", r"\1 ", text, flags=re.I)


def _pair(match: re.Match[str]) -> str:
    return f"t({match[1]};{match[2]})"


def _run(match: re.Match[str]) -> str:
    one, other = [each for each in match.groups() if each]
    return f"t({one};{other})"


def finding(spelling: Spelling, text: str) -> Finding:
    """The finding that a text in one of the spellings names. Raises CellError."""
    name, known = spelling.marker, bool(spelling.marker)
    if name == "t":
        name, known = _translocation(text)
    if not name:
        name = " ".join(text.lower().split())
        name = name if name.count("(") == name.count(")") else name.strip("() ")
    return Finding(name, known, spelling.said, *spelling[3:])


def _translocation(text: str) -> tuple[str, bool]:
    numbers = sorted(re.findall(r"\d+", text)[:2], key=int)
    pair = ";".join(numbers)
    genes = re.findall(r"ccnd1|ccnd3|fgfr3|nsd2|whsc1|mmset|mafb|maf|myc", text.lower())
    for gene in genes:
        if _PARTNERS.get(gene) not in (None, pair):
            raise CellError(
                "a translocation and a gene that do not fit together; correct one", text
            )
    return f"t({pair})", pair in _TRANSLOCATIONS


_PARTNERS: Final = {
    "ccnd1": "11;14",
    "ccnd3": "6;14",
    **dict.fromkeys(("fgfr3", "nsd2", "whsc1", "mmset"), "4;14"),
    "maf": "14;16",
    "mafb": "14;20",
    "myc": "8;14",
}
