"""Cells that hold a word: flags, sex, frailty, the country for the label, a day."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.intake.cells.base import CellError, Meaning, bare
from lenrx.intake.cells.marks import OPEN, TICKED, ticked
from lenrx.intake.cells.spellings.flags import (
    ALONE,
    ANSWER,
    DATED,
    DAY,
    DETAIL,
    DOUBTED,
    FALSE,
    LOOKED,
    LOOKED_ONLY,
    NAMED,
    NOT_TRANSPLANTED,
    SHORT,
    TRUE,
)

_SEXES: Final = {
    "female": "\u2640 woman femenino femenina mujer"
    " femme feminin weiblich w donna femmina feminino vrouw"
    " girl frau fem feminina mulher hembra mulier kvinna kvinde".split(),
    "male": "\u2642 varon mann masc mas homem jongen man"
    " masculino hombre homme masculin mannlich maennlich uomo maschio herr boy".split(),
}
_US: Final = (
    "usa eeuu eua unitedstates unitedstatesofamerica theunitedstates america puertorico fda usfda "
    "etatsunis estadosunidos statiuniti vereinigtestaaten".split()
)
_EU: Final = (
    "europe europeanunion ue eu27 eea ewr ema eueea eueftaeea europaischeunion unioneuropea "
    "unioneeuropeenne uniaoeuropeia at austria osterreich oesterreich be belgium belgie belgique "
    "belgien bg bulgaria hr croatia hrvatska cy cyprus cz czechia czechrepublic cesko dk denmark "
    "danmark ee estonia eesti fi finland suomi fr france de germany deutschland gr greece hellas "
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
    "hongkong grossbritannien vereinigteskonigreich inglaterra angleterre inghilterra regnounito"
    " granbretana grandebretagne schottland escocia nireland nhs mhra swissmedic anvisa"
    " healthcanada pmda tga".split()
)


def flag(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Yes or no, in a word or with what was found, when and how; any other word is an error."""
    if len(text) > LONGEST:
        raise CellError("is too long for a yes or a no; write one of them")
    word, name = bare(_box(text)).strip(" .;,"), field.replace("_", " ")
    if word in DOUBTED:
        return (), f"{name}: not known"
    if field == "prior_transplant" and re.fullmatch(rf"x ?[1-3]|[1-3] ?x|{DAY}", word):
        return ((field, True),), f"{name}: yes"
    if field == "prior_transplant" and re.fullmatch(NOT_TRANSPLANTED, word):
        return ((field, False),), f"{name}: no"
    if field == "dialysis" and re.fullmatch(rf"(?:(?:on )?(?:hd|capd|pd) )?{SINCE} {DAY}", word):
        return ((field, True),), "on dialysis"
    if field == "emd" and re.search(r"paras[ck]el|paraos|plasm[oa]c|plasmoz", word.split(" ")[0]):
        reason = "a plasmacytoma beside bone is extramedullary to some and not to others; write it"
        raise CellError(reason, text)
    if field == "dialysis" and _ONCE.search(word) and not _SINCE.search(word):
        raise CellError("leaves open whether it goes on; write yes or no", text)
    found = _named_alone(field, word)
    if found is None:
        found = _answered(_without_name(field, word))
    if found is None:
        return None
    told = f"{name}: {'yes' if found else 'no'}"
    if field == "dialysis" and re.fullmatch(ALONE[field], word):
        told = "on dialysis" if found else "not on dialysis"
    return ((field, found),), told


_ONCE: Final = re.compile(r"^(?!no|not|none|never|nein|non).*(?:(?:19|20)\d\d|at (?:dx|diagnosis))")
SINCE: Final = "(?:since|seit|desde|depuis|dal|from|ab)"
_SINCE: Final = re.compile(rf"\b{SINCE}\b")
"""On dialysis once, by its date, and since a date."""


def _named_alone(field: str, word: str) -> bool | None:
    """The answer of a cell that names what was done, `HD MWF` or `no prior ASCT`."""
    match = re.fullmatch(ALONE[field], word) if field in ALONE else None
    if match is None or not re.fullmatch(DETAIL, match["detail"]):
        return None
    return match["not"] is None


def _without_name(field: str, word: str) -> str:
    """An answer without the name of what is asked: `dialysis: no`, `no CNS involvement`."""
    if field not in NAMED:
        return word
    before, behind = NAMED[field]
    if match := re.fullmatch(before, word):
        return str(match["answer"])
    match = re.fullmatch(behind, word)
    if match and match["answer"] in TRUE | FALSE:
        return "yes" if match["answer"] in TRUE else "no"
    return word


def _answered(word: str) -> bool | None:
    """What an answer says. Raises CellError for a word beside it that may take it back."""
    match = re.fullmatch(ANSWER, re.sub(LOOKED, "", word))
    if match is None:
        return None
    answer, joint, rest = match["answer"], match["joint"], match["rest"].strip(" )]([,;:")
    if rest and answer in SHORT:
        return None
    beside = DETAIL if answer in TRUE else LOOKED_ONLY
    if not joint.strip() and answer in FALSE and rest and not re.match(DATED, rest):
        return None
    if not re.fullmatch(beside, rest):
        known = re.match(beside, rest)
        left = rest[known.end() if known else 0 :].split()
        reason = "says more than yes or no, which may take it back; write one of them"
        raise CellError(reason, left[0] if left else rest)
    return answer in TRUE


LONGEST: Final = 200
"""Letters of a cell that holds a word or a number; anything longer is prose."""


def _box(text: str) -> str:
    """A cell that is one box as a word."""
    found = ticked(text).strip()
    return {TICKED: "yes", OPEN: "no"}.get(found, found)


def sex(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Sex in the languages of charts."""
    word = bare(text).strip(" .")
    if word == "h":
        reason = (
            "H for a man makes M a woman; write male or female in the whole column, or say what "
            "both mean (values: in the map)"
        )
        raise CellError(reason, text)
    if word == "v":
        raise CellError("may be varon, a man, or vrouw, a woman; write the word", text)
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
    if "score" in word and not re.search(r"(?i)imwg", text):
        raise CellError("of which score is not said; write fit, intermediate or frail", text)
    outer, _, inner = (each.strip(" )]") for each in word.replace("[", "(").partition("("))
    name = key(outer) if "?" not in word else ""
    found = next((n for n, words in _FRAILTIES.items() if name in words.split()), None)
    if found and inner and not re.fullmatch(_BESIDE_GRADE[found], inner):
        raise CellError("says more than a grade, which may take it back; write the grade", text)
    return (((field, found),), found) if found else None


_SCORED: Final = r"(?:imwg|score|gfi)?[ :=]*"
_BESIDE_GRADE: Final = {
    "fit": rf"{_SCORED}0?|not frail",
    "intermediate": rf"{_SCORED}1?|not frail|not fit",
    "frail": rf"{_SCORED}[2-5]?|not fit",
}
"""What in parentheses says a grade once more: the score that goes with it, or no other grade."""


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
    short = re.fullmatch(r"(\d\d?)-([A-Za-z]{3})-([0-2]\d)", text)
    text = f"{short[1]}-{short[2]}-20{short[3]}" if short else text
    days = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y")
    for order in (*orders, *days):
        try:
            found = datetime.strptime(text, order).date().isoformat()
        except ValueError:
            continue
        return ((field, found),), found
    return None
