"""Words of yes and no, and what may stand beside them without taking them back.

Patterns are text: `re` compiles each when it is first used, and not at every start.
"""

from __future__ import annotations

from re import escape
from typing import Final

from lenrx.intake.cells.base import AUTO

TRUE: Final = frozenset(
    "yes|y|x|true|t|1|1.0|+|+ve|pos|positive|positiv|present|si|oui|ja|j|sim|checked|ticked|wahr"
    "|verdadero|vrai|vero|positivo|positiva|positif|documented|confirmed|known|detected|found"
    "|seen|vorhanden|presente|tak".split("|")
)
FALSE: Final = frozenset(
    "no|n|false|f|0|0.0|neg|negative|negativ|negativa|negatif|-ve|absent|none|nil|nein|non|nao"
    "|never|unchecked|unticked|falsch|falso|faux|negativo|nie|nunca|jamais|mai|not|geen|keine"
    "|kein|keinen|aucun|aucune|nessun|nessuna|nessuno|ningun|ninguna|ninguno|nenhum|nenhuma|sin"
    "|sem|pas|pas de|ohne|without|no evidence|no evidence of|none seen|not seen"
    "|none found|not found|none detected|not detected|undetected|not present|no sign|no signs"
    "|no signs of|no prior|no previous|no history|no history of|never had|negative for|neg for"
    "|kein hinweis|kein hinweis auf|kein nachweis|nicht nachgewiesen|sin evidencia"
    "|sin evidencia de|no detectado|no detectada|ausente|denies|denied|ruled out"
    "|ausencia|ausencia de|assente|assenza|assenza di|absence|absence de|absence of|absente"
    "|kein hinweis fur|keine hinweise auf|keine zeichen von|nessuna evidenza di|niega|nega".split(
        "|"
    )
)
DOUBTED: Final = frozenset(
    "suspected|suspicious|possible|possibly|probable|probably|maybe|perhaps|equivocal|uncertain"
    "|questionable|indeterminate|sospecha|sospechado|verdacht|moglich|suspecte|sospetto"
    "|suspeito".split("|")
)
"""Neither yes nor no: such a cell is said, and what it asks is left open."""
SHORT: Final = frozenset("t f x 1 0 1.0 0.0 + -ve +ve y n j".split()) - {
    "y",
    "n",
    "j",
    "+ve",
    "-ve",
}
"""Answers that beside more words are something else: numbers, and letters of other words."""
_CUT: Final = frozenset(
    w for w in FALSE if w.endswith((" of", " for", " auf", " de", " di", " fur", " von"))
)
"""Answers whose object is missing where nothing follows: the cell was cut."""
_BY_LENGTH: Final = sorted((TRUE | FALSE) - _CUT, key=len, reverse=True)
ANSWER: Final = (
    rf"(?P<answer>{'|'.join(map(escape, _BY_LENGTH))})"
    r"(?P<joint> ?[(\[,;:]| - | |$)(?P<rest>.*)"
)
_METHOD: Final = (
    r"(?:pet|pet[-/ ]?ct|ct|mri|mrt|csf|lp|imaging|fdg(?:-pet)?|flow|smear|biopsy|bx|us|echo"
    r"|scan|x-?ray|emg|bm)"
)
LOOKED: Final = rf"^(?:(?:on |by )?{_METHOD}(?:[ /]{_METHOD})*(?: ?: ?| ))"
"""How something was looked for, before the answer."""
_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY: Final = (
    r"(?:(?:19|20)\d\d-\d\d(?:-\d\d)?|(?:\d\d?[./-]){0,2}(?:19|20)\d\d(?! ?[-\u2013])"
    rf"|(?:\d\d? )?{_MONTH}[ -](?:19|20)\d\d)"
)
"""A day, a month or a year."""
DATED: Final = rf"(?:in|on|by) |{DAY}"
_N: Final = r"[1-9]\d?(?:[.,]\d)?"
_AMOUNT: Final = (
    rf"(?:{_N}(?: ?x ?{_N})* ?(?:cm|mm)|x ?[1-9]|[1-9] ?x(?!\w)|[1-9](?:st|nd|rd)"
    r"|[1-9]\d? ?(?:x|times)?(?: ?(?:/|per|a) ?(?:week|wk|sem|semana|semaine|woche))"
    r"|[1-9]\d? (?:weeks?|months?|years?)(?: ago)?"
    r"|[1-9]\d? (?=lesions?|sites?|mass|nod|tumou?rs?|plasmacytomas?))"
)
_GLUE: Final = r"[ ,.;/()':]"
DETAIL: Final = (
    rf"(?:(?:{DAY}|{_AMOUNT}|{_METHOD}|{_MONTH}"
    r"|in|on|by|at|of|since|seit|desde|depuis|from|and|und|the|dx|diagnosis|relapse"
    r"|proven|confirmed|known|weekly|daily|wochentlich|mwf|tts|tiw|permanent|chronic|once|twice"
    r"|hd|capd|pd|h[ae]?emodialysis|peritoneal|dialysis|av|fistula|shunt|catheter"
    r"|soft|tissue|mass(?:es)?|lesions?|tumou?rs?|nodules?|nodes?|lymph|plasmacytomas?|sites?"
    r"|liver|hepatic|skin|cutaneous|lungs?|pleural?|effusion|pericardi\w*|kidneys?|renal"
    r"|spleen|cns|breast|testis|testes|pancrea\w*|muscle|orbit\w*|sinus\w*|retroperitone\w*|brain"
    r"|mening\w*|leptomening\w*|cord|epidural|chest|abdom\w*|pelvi\w*|neck|head|bowel|gi|leg"
    r"|arm|extramedullary|multiple|single|several|left|right|bilateral|new"
    rf"|asct|auto|autologous|tandem|transplant|mel(?:phalan)? ?(?:200|140)?|hdt)(?!\w)|{_GLUE})*"
)
"""What may stand behind a yes: when, where, how it was seen. Other words may take it back."""
LOOKED_ONLY: Final = rf"(?:(?:{DAY}|{_METHOD}|{_MONTH}|in|on|by|at|of|dx|diagnosis)(?!\w)|{_GLUE})*"
"""What may stand behind a no: when and how it was looked for."""
_NAMES: Final = {
    "dialysis": "dialysis|dialyse|dialisis|dialise|dialisi|ha?emodialysis|hd|hemodialise"
    "|hemodialisis|hemodialyse|ha?modialyse|emodialisi",
    "prior_transplant": rf"{AUTO}|transplant(?:ation|ed)?|trasplante|transplantation",
    "emd": "emd|extramedullary(?: disease| lesions?| involvement)?"
    "|extramedullare[rsn]? (?:manifestation(?:en)?|erkrankung|befall|herde|lasionen)"
    "|(?:enfermedad|afectacion|lesiones) extramedular(?:es)?|doenca extramedular"
    "|(?:malattia|lesioni) extramidollar[ei]|(?:maladie|lesions?|atteinte) extramedullaires?",
    "cns": "(?:cns|zns|snc)(?:[ -](?:involvement|disease|befall|beteiligung|lesions?|myeloma))?"
    "|(?:afectacion|infiltracion|envolvimento) (?:del|do) snc"
    "|(?:coinvolgimento|interessamento) del snc"
    "|atteinte (?:du snc|neuromeningee)",
    "pcl": "s?pcl|plasma cell leuk[a]?emia|lcp|plasmazell(?:en)?leukamie"
    "|leucemia (?:de|a) (?:celulas plasmaticas|plasmacellule)|leucemia plasmacellulare"
    "|leucemie a plasmocytes",
}
NAMED: Final = {
    field: (
        (rf"(?:{name})(?: ?[:=] ?| - | )(?P<answer>.+)"),
        (rf"(?P<answer>[^(,;]+?) (?:{name})"),
    )
    for field, name in _NAMES.items()
}
"""The name of what is asked, before and behind an answer."""
ALONE: Final = {
    "dialysis": (
        r"(?P<not>no |not |non-|nicht )?(?:on |en |em |in )?"
        r"(?:(?:(?:peritoneal|chronic|maintenance) )?(?:ha?e?mo)?d[iy]al[iy]s[ei]s?"
        r"(?:[- ]dependent)?|dialysepflichtig|i?hd|capd)(?P<detail>(?: [^-].*)?)"
    ),
    "pcl": r"(?P<not>no )?(?:s?pcl|(?:secondary )?plasma cell leuka?emia)(?P<detail>)",
    "cns": r"(?P<not>no )?lepto-?meningeal(?: disease| involvement)?(?P<detail>)",
    "prior_transplant": (
        r"(?P<not>(?:no|never)(?: prior| previous)? )?(?:prior |previous )?(?:[1-3] )?"
        rf"(?:{AUTO})(?P<detail>(?: ?\(?(?:x ?[12]|{DAY}).*)?)"
    ),
}
"""What was done, named without an answer."""
_GRAFT: Final = (
    rf"(?:(?:prior )?(?:{AUTO}|transplant(?:ation)?|transplante?|trasplante|stem cells?))"
)
_WHO: Final = r"(?:(?:the )?(?:pt|patient|paciente|er|sie|was|is|were) )*"
_DENIED: Final = (
    r"(?:declined|declines|refused|refuses|refusal|deferred|ineligible|not eligible|non[- ]eligible"
    r"|not(?: an?)?(?: asct)? candidate|no candidat[oa]|no elegible|nicht geeignet|ungeeignet"
    r"|abgelehnt|lehnt ab|rechazad[oa]|rechaza|refuse|refusee|rifiutat[oa]|recusad[oa]|unfit"
    r"|not fit|not transplanted|nicht transplantiert|no trasplantad[oa])"
)
_NOT_DONE: Final = (
    r"(?:not (?:done|performed|received|given)|never (?:done|performed|received)"
    r"|nicht (?:durchgefuhrt|erfolgt|gemacht)|no (?:realizad[oa]|hecho)|non (?:fait|realise[e]?"
    r"|eseguito)|nao realizado|not pursued)"
)
_REASON: Final = (
    r"(?: ?[(,:-]? ?(?:due to |because of |for |by |wegen |por )?(?:(?:advanced |old )?age|alter"
    r"|edad|frail\w*|comorbidit\w+|unfit|performance(?: status)?|ps|renal(?: failure)?|cardiac"
    r"|heart failure|(?:pt|patient)(?:'?s)?(?: (?:choice|preference|decision|wish))?|choice"
    r"|preference|covid)\)?)*"
)
"""Why it was not done: anything else behind may say that it was done after all."""
NOT_TRANSPLANTED: Final = (
    rf"{_GRAFT}[ :,-]*{_WHO}(?:{_DENIED}|{_NOT_DONE}){_REASON}"
    rf"|{_WHO}{_DENIED}(?:(?: for)? {_GRAFT})?{_REASON}"
    rf"|(?:not |non-?){_GRAFT}[ -](?:eligible|candidate)|{_GRAFT}[ -]ineligible|tie|nte|tne"
    r"|(?:stem cells? )?(?:harvested|collected),? (?:but )?(?:not|never)"
    r" (?:transplanted|used|given)"
)
"""That no transplant was done, or that none can be."""
