"""What a cell of markers is cut into: findings, marks, shares of cells, copies, what joins them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from lenrx.intake.cells.marks import KINDS, Mark
from lenrx.intake.cells.spellings.fish import FINDINGS, NOT_SO

_DATE: Final = r"(?:\d\d?[./-]){1,2}(?:19|20)\d\d(?!\d)|(?:19|20)\d\d-\d\d?(?:-\d\d?)?(?!\d)"
_NUMBER: Final = r"\d+(?:[.,]\d+)?"
TRUTHS: Final[dict[str, Mark]] = KINDS | dict.fromkeys(NOT_SO, "no")
_WORDS: Final = sorted(
    (
        w
        for w, kind in TRUTHS.items()
        if w[0].isalpha() and kind in ("yes", "no", "unknown") and len(w) > 1
    ),
    key=len,
    reverse=True,
)


@cache
def pattern() -> re.Pattern[str]:
    """Compiled when the first cell of markers is read: not every start has one."""
    return re.compile(
        "|".join(
            (
                *(f"(?P<f{at}>{each.pattern})" for at, each in enumerate(FINDINGS)),
                rf"(?P<cutoff>[(\[]?(?:lab(?:oratory)? )?(?:(?:cut ?-? ?off|threshold|limit|normal"
                rf"|ref(?:erence)?"
                rf"|nl|n|uln|control)(?: (?:value|range|of|is|level|limit))*)[ :=]*(?:<=|<|>=|>"
                rf"|\u2264|\u2265)? ?(?P<least>{_NUMBER}) ?%?[)\]]?)",
                r"(?P<under>(?:below|under|less than)(?: the)?(?: lab(?:oratory)?)? (?:cut ?-? ?off"
                r"|threshold))",
                r"(?P<over>(?:above|over)(?: the)?(?: lab(?:oratory)?)? (?:cut ?-? ?off"
                r"|threshold))",
                r"(?P<copies>[(\[]?(?:>=|\u2265|>)? ?(?P<n>\d{1,2}) ?(?P<more>\+|or more)? ?"
                r"(?:copies|copy|kopien?|copias?|copie|signals?|signale|cn)[)\]]?"
                r"|[(\[]?(?:copy number|cn"
                r"|copies)[ :=]*(?P<cn>\d{1,2})[)\]]?|(?<=1q21 )x ?(?P<times>[2-9])(?!\w)"
                r"|(?P<named>two|three|four|five|six) (?:copies|signals))",
                rf"(?P<share>(?:in |en |dans )?(?P<bound><=|<|>=|>"
                rf"|~)? ?(?P<percent>{_NUMBER}) ?%(?: (?:of |der |de |des |di |delle )?(?:the "
                rf"|las |los )?(?:(?:plasma|abnormal"
                rf"|tumou?r|cd138\+?|interphase|pc) ?)*(?:cells?|nuclei|pcs?|interphases?"
                rf"|(?:plasma)?zellen"
                r"|(?:zell)?kernen?|cellules|noyaux|celulas|nucleos|cellule))?)",
                rf"(?P<when>{_DATE})",
                r"(?P<count>(?:in )?(?P<these>\d{1,3}) ?(?:/|of) ?(?P<those>\d{2,3})(?!\d) ?"
                r"(?P<cells>cells|nuclei|interphases|kernen?|zellen|celulas|nucleos)?)",
                r"(?P<failed>(?:fish |test |assay )?failed|failure)",
                rf"(?P<word>(?:{'|'.join(map(re.escape, _WORDS))})(?![\w]))",
                r"(?P<one>(?:y|n|0|1|x)(?!\w))",
                r"(?P<plus>\+{1,3}(?:ve)?)",
                r"(?P<minus>-(?:ve)?)",
                r"(?P<ask>\?+)",
                r"(?P<or>(?:or|nor|oder|ou|ni|noch|n\u00e9)(?!\w))",
                r"(?P<and>and(?!\w)|und(?!\w)|with(?!\w)|plus(?!\w)|et(?!\w)|con(?!\w)|&|/)",
                r"(?P<filler>(?:fish|i?fish|by|on|at|dx|diagnosis|relapse|baseline|for|is|was|were"
                r"|the|karyotype|cytogenetics|result|results|status|ngs|mutation|rearrangement"
                r"|translo[ck]a[a-z]+|(?<!not )clonal|subclonal|clone|in|a|an|of|signal pattern|bm"
                r"|bone marrow|heterozygous|monoallelic|also|cells|nuclei)(?!\w)"
                r"|-(?=(?:neg|pos)[a-z]*(?!\w))"
                r"|probe(?= ?[:=]? ?(?:neg|pos|normal|abnormal|not|no|failed))"
                r"|(?<!dx )(?<!diagnosis )(?<!baseline )(?<!not )only(?!\w| at | by )|(?:19"
                r"|20)\d\d(?!\w))",
                r"(?P<space>[\s:=()\[\].,*]+)",
            )
        ),
        re.IGNORECASE,
    )
