"""Cells that hold a word: flags, sex, frailty, the country for the label, a day."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.intake.cells.base import AUTO, CellError, Meaning, bare
from lenrx.intake.cells.marks import OPEN, TICKED, ticked
from lenrx.intake.cells.numbers import ON_DIALYSIS

_TRUE: Final = frozenset(
    "yes y true t 1 1.0 + +ve pos positive positiv present si oui ja j sim checked ticked wahr"
    " verdadero vrai vero positivo positiva documented confirmed known tak".split()
)
_FALSE: Final = frozenset(
    "no n false f 0 0.0 neg negative negativ -ve absent none nein non nao never unchecked unticked"
    " falsch falso faux negativo nie nunca jamais mai not geen keine kein sin".split()
)
_SEXES: Final = {
    "female": "woman femenino femenina mujer femme feminin weiblich w donna femmina feminino vrouw"
    " girl frau".split(),
    "male": "man masculino hombre homme masculin mannlich maennlich uomo maschio herr boy".split(),
}
_US: Final = "usa unitedstates unitedstatesofamerica theunitedstates america puertorico".split()
_EU: Final = (
    "europe europeanunion at austria osterreich oesterreich be belgium belgie belgique belgien "
    "bg bulgaria hr croatia hrvatska cy cyprus cz czechia czechrepublic cesko dk denmark danmark "
    "ee estonia eesti fi finland suomi fr france de germany deutschland gr greece hellas "
    "hu hungary magyarorszag ie ireland eire it italy italia lv latvia latvija lt lithuania "
    "lietuva lu luxembourg luxemburg mt malta nl netherlands thenetherlands nederland holland pl "
    "poland polska pt portugal ro romania sk slovakia slovensko si slovenia slovenija es spain "
    "espana se sweden sverige norway norge iceland island liechtenstein "
    # as German, Spanish, French, Italian, Portuguese, Dutch and Danish have them
    "bulgarien kroatien zypern tschechien tschechischerepublik danemark estland finnland "
    "frankreich griechenland ungarn irland italien lettland litauen niederlande polen rumanien "
    "slowakei slowenien spanien schweden norwegen "
    "alemania belgica croacia chipre chequia republicacheca dinamarca eslovaquia eslovenia "
    "finlandia francia grecia hungria irlanda letonia lituania luxemburgo paisesbajos polonia "
    "rumania suecia noruega islandia "
    "allemagne autriche bulgarie croatie chypre tchequie republiquetcheque estonie finlande grece "
    "hongrie irlande italie lettonie lituanie paysbas pologne roumanie slovaquie slovenie espagne "
    "suede norvege islande "
    "germania belgio croazia cipro repubblicaceca danimarca ungheria lettonia lussemburgo "
    "paesibassi olanda portogallo slovacchia spagna svezia norvegia islanda "
    "alemanha croacia franca letonia holanda paisesbaixos romenia espanha "
    "duitsland oostenrijk frankrijk griekenland italie hongarije ierland letland litouwen "
    "roemenie spanje zweden noorwegen tyskland ostrig ostrig frankrig italien spanien "
    "repceca repcheca czechrep ceskarepublika"
).split()


_OWN_LABELS: Final = frozenset(
    "uk gb gbr unitedkingdom greatbritain britain england scotland wales northernireland "
    "vereinigtes"
    " reinounido royaumeuni ca can canada kanada ch che switzerland schweiz suisse svizzera suiza"
    " au aus australia nz newzealand jp jpn japan cn china kr korea southkorea in india il israel"
    " tr turkey turkiye br brazil brasil mx mexico ar argentina cl chile co colombia za southafrica"
    " ru russia ua ukraine rs serbia ba bosnia al albania sg singapore tw taiwan hk "
    "hongkong".split()
)


def flag(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Yes or no, in a word or with what was found in parentheses or behind a comma."""
    word, name = bare(_box(text)), field.replace("_", " ")
    if field == "dialysis" and (match := re.fullmatch(ON_DIALYSIS, word)):
        return ((field, not match["not"]),), "not on dialysis" if match["not"] else "on dialysis"
    if field == "prior_transplant" and re.fullmatch(
        rf"{AUTO}(?: ?x ?[12]| \(?(?:19|20)\d\d\)?)?|x ?[1-3]|[1-3] ?x", word
    ):
        return ((field, True),), f"{name}: yes"
    if field == "emd" and re.search(r"paras[ck]el|paraos|plasm[oa]c|plasmoz", word.split(" ")[0]):
        reason = "a plasmacytoma beside bone is extramedullary to some and not to others; write it"
        raise CellError(reason, text)
    first, rest = _answer(_without_name(field, word))
    if first not in _TRUE | _FALSE or (rest and first in "tf10"):
        return None
    if not (_DETAIL if first in _TRUE else _LOOKED_ONLY).fullmatch(rest):
        raise CellError("says more than yes or no, which may take it back; write one of them", text)
    return ((field, first in _TRUE),), f"{name}: {'yes' if first in _TRUE else 'no'}"


_NAMES: Final = {
    "dialysis": "dialysis|dialyse|dialisis",
    "prior_transplant": AUTO,
    "emd": "emd|extramedullary(?: disease)?",
    "cns": "cns(?: involvement| disease)?",
    "pcl": "pcl|plasma cell leuk[a]?emia",
}


def _without_name(field: str, word: str) -> str:
    """An answer without the name of what is asked: `dialysis: no`, `no CNS involvement`."""
    name = _NAMES.get(field)
    if name is None:
        return word
    if match := re.fullmatch(rf"(?:{name}) ?[:=-] ?(.+)|(no|yes|nein|kein|keine) (?:{name})", word):
        return str(match[1] or match[2])
    return word


_LOOKED: Final = re.compile(
    r"^(?:(?:pet|pet[-/ ]ct|ct|mri|mrt|csf|lp|lumbar puncture|imaging|fdg-pet|on) )+|[.]$"
)
_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DETAIL: Final = re.compile(
    rf"(?:(?:\d[\d.,/x-]*|{_MONTH}|[x~]"
    r"|in|on|by|at|of|since|seit|desde|depuis|from|and|und|the|dx|diagnosis|relapse|biopsy|bx"
    r"|proven|confirmed|known|cm|mm|week(?:ly)?|wk|times|per|daily|mwf|tts|tiw|permanent|chronic"
    r"|pet|pet-?ct|ct|mri|mrt|us|echo|csf|lp|fdg|imaging|scan|smear|flow|emg|bm|"
    r"x-?ray|hd|capd|pd|h[ae]?emodialysis|dialysis|av|fistula|shunt|catheter"
    r"|soft|tissue|mass(?:es)?|lesions?|tumou?rs?|nodules?|nodes?|lymph|plasmacytomas?|sites?"
    r"|liver|hepatic|skin|cutaneous|lungs?|pleura[l]?|pleural|effusion|pericardi\w*|kidneys?|renal"
    r"|spleen|breast|testis|testes|pancrea\w*|muscle|orbit\w*|sinus\w*|retroperitone\w*|brain"
    r"|mening\w*|leptomening\w*|cord|epidural|chest|abdom\w*|pelvi\w*|neck|head|bowel|gi|leg"
    r"|arm|extramedullary|multiple|single|several|left|right|bilateral|new"
    r"|asct|auto|autologous|tandem|transplant|mel\w*|hdt|st|nd|months?|years?|ago)(?!\w)"
    r"|[ ,.;/()'%:-])*",
)
"""What may stand behind an answer: when, where, how it was seen. Other words may take it back."""


_LOOKED_ONLY: Final = re.compile(
    rf"(?:(?:\d[\d./-]*|{_MONTH}|in|on|by|at|of"
    r"|pet|pet-?ct|ct|mri|mrt|us|csf|lp|fdg|imaging|scan|smear|flow|bm|x-?ray|dx|diagnosis|biopsy)"
    r"(?!\w)|[ ,.;/():-])*"
)
"""What may stand behind a no: when and how it was looked for."""


def _box(text: str) -> str:
    """A cell that is one box as a word."""
    found = ticked(text).strip()
    return {TICKED: "yes", OPEN: "no"}.get(found, found)


def _answer(word: str) -> tuple[str, str]:
    """The first word of an answer, without how it was looked for, and the rest."""
    word = _LOOKED.sub("", word.strip())
    match = re.fullmatch(r"(\+(?:ve)?|-ve|[\w.]+)(?:(?: ?[(\[,;:]| - | (?=\d))(.*))?", word)
    return (match[1], (match[2] or "").strip(" )]([,;:-")) if match else (word, "")


def sex(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Sex in the languages of charts."""
    word = bare(text)
    if word == "h":
        reason = "H for a man makes M a woman; write male or female in the whole column"
        raise CellError(reason, text)
    return next((((("sex", n),), n) for n, words in _SEXES.items() if word in words), None)


_FRAILTIES: Final = {
    "fit": "fit robust robusto robuste imwg0 score0 notunfit",
    "intermediate": "intermediate intermediatefit intermediatefitness prefrail imwg1 score1 "
    "intermedio intermedia intermediaire intermediar intermediario intermediaria",
    "frail": "frail fragil fragile gebrechlich kwetsbaar imwg2 imwg3 imwg4 imwg5 score2 score3 "
    "veryfrail",
}


def frailty(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Frailty by its grade."""
    word = bare(re.sub(r"\(?\bimwg\b\)?:?(?! ?\d)", "", text, flags=re.IGNORECASE)).strip()
    if re.fullmatch(r"(?:un|not ?|non-?)(?:fit|frail)", word):
        raise CellError("leaves open which of two grades; write fit, intermediate or frail", text)
    if re.search(r"cfs|rockwood|clinical frailty|g8|cga|hct-?ci|r-?mci", word):
        raise CellError("another score; write fit, intermediate or frail of the IMWG index", text)
    if re.search(r"\((?!(?:imwg|score)?[ :=]*\d?\)|not (?:fit|frail)\)|gfi\)).*\)", word):
        raise CellError("says more than a grade, which may take it back; write the grade", text)
    name = key(re.sub(r"\(.*\)", "", word)) if "?" not in word else ""
    found = next((n for n, words in _FRAILTIES.items() if name in words.split()), None)
    return (((field, found),), found) if found else None


_HISTORIES: Final = {
    "partial": "partial incomplete unvollstandig lueckenhaft incompleta incompleto parziale "
    "parcial",
    "complete": "complete full vollstandig completa completo complet entire all",
}


def history(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Whether the list of drugs is complete."""
    word = bare(text)
    found = next((n for n, words in _HISTORIES.items() if word in words.split()), None)
    return (((field, found),), f"history: {found}") if found else None


_LIVERS: Final = {
    "none": "normal wnl none no nil keine ninguna unremarkable unauffallig ob normalfunction ok "
    "intact preserved",
    "mild": "mild leicht leve legere lieve childpugha childa cpa mildimpairment grade1ncimild",
    "moderate": "moderate mittel moderada moderado modere moderato childpughb childb cpb "
    "moderateimpairment",
    "severe": "severe schwer grave severa severo childpughc childc cpc severeimpairment",
}


def hepatic(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Hepatic impairment by its grade, or by the class of Child and Pugh."""
    word = re.sub(
        r"\((?:nci|nci-odwg|odwg|score)?\)|\bnci(?:-odwg)?\b|\bclass\b|\bscore\b", "", bare(text)
    )
    word = re.sub(r"(?<=[abc]) ?\(?(?:[5-9]|1[0-5])(?: points?)?\)?$", "", word.strip())
    name = key(re.sub(r"\b(?:liver|function|lfts?|hepatic|impairment)\b", "", word))
    found = next((n for n, words in _LIVERS.items() if name in words.split()), None)
    if found is None or "?" in text:
        return None
    said = f"hepatic impairment: {found}" + (" (by Child-Pugh)" if "c" in name[:1] else "")
    return ((field, found),), said


def region(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """The label that counts in a country."""
    word = "" if "?" in text else key(bare(text))
    if word in _US or word in _EU:
        found = "us" if word in _US else "eu"
        return ((field, found),), f"the {found.upper()} label"
    if word in _OWN_LABELS:
        reason = (
            "a country with labels of its own, which are neither us nor eu and not in the "
            "catalogue; "
            "leave it empty to ask both"
        )
        raise CellError(reason, text)
    raise CellError(
        "must be us or eu, the labels of the catalogue; leave it empty to ask both", text
    )


def day(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """A date that cannot be misread."""
    text = re.sub(r"[T ]\d\d:\d\d(:\d\d)?(\.\d+)?$", "", text)
    match = re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text)
    if match and (int(match[1]) > 12) == (int(match[2]) > 12):
        raise CellError("day and month cannot be told apart; write the date like 2026-11-22")
    orders = ["%d/%m/%Y" if int(match[1]) > 12 else "%m/%d/%Y"] if match else []
    days = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y")
    for order in (*orders, *days):
        try:
            found = datetime.strptime(text, order).date().isoformat()
        except ValueError:
            continue
        return ((field, found),), found
    return None
