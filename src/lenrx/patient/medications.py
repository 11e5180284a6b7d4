"""Lists of other medicines: how a name is read, and what the list says of an interaction class.

A medicine counts as taken only where nothing but its dose, form or schedule stands beside its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

from lenrx.catalogue.conditions import Evaluation
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.medicines import LONGEST
from lenrx.catalogue.names import key, known, split


class UnreadMedicine(ValueError):
    """A medicine of which it is not plain whether it is taken: why, and the words."""

    def __init__(self, reason: str, word: str) -> None:
        super().__init__(reason)
        self.word = word


def medicines(texts: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of medicines and classes, and in small letters what nobody mapped. Raises UnreadMedicine.

    None of them taken is an empty list.
    """
    items = [item for text in texts for item in split(re.sub(_DECIMAL, ".", tidied(text)))]
    if len(items) == 1 and _letters(items[0]).strip(" .") in NOBODY:
        return ()
    return tuple(sorted({name for item in items for name in _read(item, catalogue)}))


def tidied(text: str) -> str:
    """A list without the signs of trade names, every line its own item."""
    return re.sub("[\r\n]+|\u2022", "; ", re.sub("[\u2122\u00ae\u00a9]", "", text).strip())


_DECIMAL: Final = r"(?<=\d),(?=\d)"
NOBODY: Final = frozenset(
    "none|no|nil|nothing|nihil|no medication|no medications|no other medication"
    "|no other medications|no medicines|no other medicines|no concomitant medication"
    "|no concomitant medications|no regular medication|no regular medications|no meds|none taken"
    "|keine|kein|nein|keine medikamente|keine medikation|keine begleitmedikation"
    "|keine dauermedikation|ninguna|ninguno|ningun medicamento|sin medicacion|nada|aucun|aucune"
    "|aucun medicament|aucun traitement|nessuno|nessuna|nessun farmaco|nenhum|nenhuma|geen"
    "|geen medicatie|brak".split("|")
)
"""What says that no other medicine is taken, where it is all that is said."""


@lru_cache(8_000)
def _read(item: str, catalogue: Catalogue) -> tuple[str, ...]:
    """What one item names. An item is read as taken or refused, never as less than it says."""
    if "?" in item:
        raise UnreadMedicine(_DENIED, item)
    if re.search(_IN_A_YEAR, item):
        raise UnreadMedicine("names a year and not whether it is taken; write the name alone", item)
    if re.search(_NO_DOSE, item):
        raise UnreadMedicine("says a dose of zero; list only what is taken", item)
    if found := _named(item, catalogue) or _named(_bared(item), catalogue):
        return found
    if len(item) > LONGEST:
        raise UnreadMedicine("is too long for a medicine; separate medicines with ;", item)
    heads, inside = _opened(item)
    names = [name for part in heads for name in _part(part, item, catalogue)]
    for group in inside:
        names += _inside(group, names, item, catalogue)
    if not names:
        raise UnreadMedicine(_NAMELESS, item)
    return tuple(dict.fromkeys(names))


def _opened(item: str) -> tuple[list[str], list[str]]:
    """The names of an item, joined by plus and its like, and what stands in parentheses."""
    inside = [each for each in re.findall(r"[(\[]([^()\[\]]*)[)\]]", item) if _bared(each)]
    head = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", item)
    return [part for part in re.split(_JOINED, head) if part.strip()] or [""], inside


_JOINED: Final = (
    r"(?i) ?[+&] ?|(?<=[^\W\d]{3})/(?=[^\W\d]{3})"
    r"| (?:and|plus|with|und|mit|y|et|e|con|avec) "
)


def _part(part: str, item: str, catalogue: Catalogue) -> list[str]:
    """One name without what stands beside it, or an unmapped one as it is written."""
    if found := _named(part, catalogue) or _named(plain := _bared(part), catalogue):
        return list(found)
    if not plain:
        return []
    _refuse_denied(plain, item)
    if (why := re.fullmatch(_FOR, plain)) and (found := _named(why[1], catalogue)):
        return list(found)
    if not re.fullmatch(_NAME, plain) or plain != _bared(plain):
        raise UnreadMedicine(_NAMELESS, item)
    return [plain]


_FOR: Final = r"(.+?) (?:for|fur|para|pour|bei|wegen) .+"
"""A medicine and what it is taken for."""
_NAME: Final = r"(?=.*[^\W\d_]{2})[^\W_](?:[\w .'/-]*[^\W_])?"
"""What may be the name of a medicine that nobody mapped."""
_NAMELESS: Final = "names no medicine; write its name, or leave it out"


def _inside(group: str, names: list[str], item: str, catalogue: Catalogue) -> list[str]:
    """What parentheses add: the same medicine by another name, others, or words in doubt."""
    plain = _bared(group)
    if found := _named(group, catalogue) or _named(plain, catalogue):
        mapped = (*catalogue.interacting, *catalogue.interactions)
        # The name in front is a brand that nobody entered.
        names[:] = [each for each in names if each in mapped]
        return list(found)
    _refuse_denied(plain, item)
    if any(each in catalogue.interacting or each in catalogue.interactions for each in names):
        raise UnreadMedicine(_MORE, item)
    return []


_MORE: Final = (
    "says more of a medicine than that it is taken; write the name alone, or leave it out if it is "
    "not taken"
)


_DENIED: Final = "says no, no more, not yet or perhaps; list only what is taken"


def _refuse_denied(plain: str, item: str) -> None:
    """Refuse words that say no or no more of a name; a name among other words is one by itself."""
    words = [each for each in re.split(r"[\s,:;=/-]+", plain) if each]
    if any(word.strip(".?") in _NOT for word in words) or "?" in plain:
        raise UnreadMedicine(_DENIED, item)


_NOT: Final = frozenset(
    "no not never none nil nothing without w o wo stop stopped stopping stops discontinued "
    "discontinue discontinuation dc ceased cease held hold paused pause off past previous "
    "previously former formerly prior ex until till ended end completed finished last allergic "
    "allergy allergies intolerant intolerance avoid avoided declined refused planned plan consider "
    "considered recommended future start starting pending unknown unclear maybe possibly neg "
    "negative denies denied history hx kein keine keinen keiner nicht nie ohne abgesetzt beendet "
    "gestoppt pausiert bis fruher ehemals vorher allergie geplant sin nunca suspendido suspendida "
    "suspendio hasta antes previo previa alergia retirado retirada sans pas arrete arretee stoppe "
    "jamais jusqu avant see siehe ver voir vedi non senza sospeso sospesa fino mai prima allergia "
    "sem nao parou suspenso "
    "ate nunca geen niet gestopt tot n nein nee niega nega nenhum nenhuma nessun nessuna nessuno "
    "aucun aucune ningun ninguna ninguno excluded exclu exclue escluso esclusa ausgeschlossen "
    "ausschluss ruled ausencia "
    "descartado descartada false falso falsch faux absent absence ausente assente lacks "
    "unlikely suspected verdacht sospecha resolved zero unchecked negativ negativo negatif "
    "fehlt z.a".split()
)
"""Words after which a name may not be taken, or not yet, or no more."""
_NO_DOSE: Final = (
    r"(?i)(?<![\d.,-])0+(?:[.,]0+)? ?(?:mg|mcg|\u03bcg|\u00b5g|g|ml|x|tabl?|units?|ie|iu|ui)\b"
    r"|(?<![\d.,-])0-0-0(?:-0)?(?![\d-])|(?<=[a-z]) 0+$"
)
_IN_A_YEAR: Final = r"(?<=\w) (?:19|20)\d\d$"
_N: Final = r"\d+(?:[.,]\d+)?"
_BESIDE: Final = (
    rf"(?i)(?<![\w.,]){_N}(?: ?- ?{_N})? ?(?:mg|mcg|\u03bcg|\u00b5g|ug|g|ml|iu|ie|ui|units?|mmol|%)"
    rf"(?: ?(?:/|per) ?(?:{_N} ?)?(?:ml|kg|m2|day|d|week|tag|h|hr|dosis|dose|dia|jour|die))?(?!\w)"
    r"|(?<![\w-])\d(?:[.,/]\d)?(?:-\d(?:[.,/]\d)?){2,3}(?![\w-])"
    rf"|(?<!\w)\d+ ?x ?(?={_N} ?(?:mg|mcg|g|ml|ie|iu))"
    r"|(?<!\w)(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mie|jue|vie)"
    r"(?:[/,+]|(?!\w))){2,7}"
    r"|(?<!\w)\d+ ?x(?: ?(?:/ ?)?\d*(?: ?(?:/ ?)?(?:day|daily|d|week|tag|tgl|dia|wo))?)?(?!\w)"
    r"|(?<!\w)q ?\d+ ?h?(?!\w)"
    r"|(?<!\w)(?:every|cada|alle|ogni|toutes les) \d+ ?(?:h|hours?|horas|stunden|heures|ore|days?"
    r"|weeks?)(?!\w)|(?<!\w)\d/\d\d? ?h(?!\w)"
    r"|(?<!\w)(?:since|seit|desde|depuis|dal) (?:\d\d?[/.-]){0,2}(?:19|20)\d\d(?!\w)"
    r"|(?<!\w)(?:once|twice|thrice|one|two|three|times?|per|a|al|par|pro|die)"
    r"(?= (?:a |per )?(?:daily|day|week|weekly|dia|jour|tag|times?)(?!\w))"
    r"|(?<!\w)(?:daily|day|week|weekly|taglich|tgl|wochentlich|diario|diaria|dia|jour|giorno|od"
    r"|bd|bid|tid|tds|qid|qds|qd|qod|om|nocte|mane|prn|p\.r\.n|as needed|bei bedarf|si precisa"
    r"|p\.? ?o|s\.? ?c|i\.? ?v|i\.? ?m|oral(?:ly)?|intravenous(?:ly)?|subcutaneous(?:ly)?"
    r"|tablets?|tabl?s?|tabletten?|capsules?|caps?|kapseln?|comprimidos?|comprimes?|cps?|cpr"
    r"|compresse|capsulas?|gelules?|injections?|inj|infusions?|solution|suspension|sachets?"
    r"|monthly|monatlich|mensual|mensuel|forte|patch|pflaster|parche|tropfen|gotas|gouttes"
    r"|prophylaxis|prophylactic(?:ally)?|prophylaxe|prophylaktisch|profilaxis|profilassi"
    r"|xr|sr|er|xl|mr|cr|la|ret|retard|depot|extended release"
    r"|hydrochloride|hydrochlorid|hcl|clorhidrato|chlorhydrate|cloridrato|sul(?:ph|f)ate?|sodium"
    r"|natrium|sodico|calcium|succinate?|tartrate?|bes[yi]late?|maleate?|mesylate?|fumarate?"
    r"|citrate?|phosphate?|bisulfate?|(?:mono|di|tri)?hydrate?"
    r"|ratiopharm|teva|accord|sandoz|zentiva|mylan|viatris|stada|hexal|aristo|aurobindo|krka"
    r"|ongoing|current(?:ly)?|continu(?:ed|ous|es|ing)|regular(?:ly)?|long[- ]term|dauerhaft"
    r"|weiterhin|actual|fest|yes|ja|si|oui|taking|takes|taken|receiving|receives)(?!\w)\.?"
)
"""Dose, schedule, route, form, salt and maker: words that say nothing but how it is taken."""


def _letters(text: str) -> str:
    apart = normalize("NFKD", text.lower().replace("\u00df", "ss"))
    return " ".join("".join(each for each in apart if not combining(each)).split())


@lru_cache(8_000)
def _bared(text: str) -> str:
    """A name without what stands beside it, in small letters without accents."""
    plain = " ".join(re.sub(_BESIDE, " ", _letters(text)).split())
    while (shorter := re.sub(r"^[\s:.,=*\u2022-]+|[\s:.,=*()\[\]-]+$| \d+$", "", plain)) != plain:
        plain = shorter
    return plain


def _named(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The medicine or class of this name, or the myeloma drugs that it stands for."""
    if found := _indexed(text, catalogue):
        return (found,)
    if len(key(text)) < _SHORTEST:
        return ()
    myeloma = known(text, catalogue)
    # PI is a protease inhibitor too: a class is no medicine that is taken.
    return myeloma.items if myeloma and {*myeloma.items} <= {*catalogue.drugs} else ()


_SHORTEST, _FOLDED = 3, 4
"""Letters of a myeloma drug among other medicines (K may be potassium), and of what is folded."""


def _indexed(text: str, catalogue: Catalogue) -> str | None:
    index, plain = _index(catalogue), _letters(text)
    return index.get(key(plain)) or (index.get(folded(plain)) if len(plain) > _FOLDED else None)


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> dict[str, str]:
    """Every name of a medicine and a class by its letters, and folded where that is no other's."""
    found: dict[str, str] = {}
    every = [(_letters(name), owner) for name, owner in names(catalogue)]
    for name, owner in every:
        found.setdefault(key(name), owner)
    for name, owner in every:
        found.setdefault(folded(name), owner)
    return found


def names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every name that a list may hold, with the id it stands for."""
    for medicine in catalogue.medicines.values():
        for name in (medicine.id, *medicine.brands, *medicine.spellings):
            yield name, medicine.id
    for name in catalogue.interacting:
        yield name, name
    for each in catalogue.interactions.values():
        for name in (each.id, each.name, *each.spellings):
            yield name, each.id
            yield f"{name}s", each.id


@lru_cache(4_000)
def folded(name: str) -> str:
    """One spelling for what languages write with th or t, ph or f, y or i, k or c, and an end.

    Word by word: what stands beside a name (`no`) is no ending of it.
    """
    return "".join(_folded(key(word)) for word in re.split(r"[\s-]+", name))


def _folded(word: str) -> str:
    if len(word) <= _FOLDED:
        return word
    for written, one in (("th", "t"), ("ph", "f"), ("y", "i"), ("k", "c"), ("oe", "e")):
        word = word.replace(written, one)
    return re.sub(r"[aeiou]$", "", re.sub(r"(.)\1", r"\1", word))


_NOT_TAKEN: Final = Evaluation(False)


def taken(
    field: str, name: str, stated: tuple[str, ...] | None, catalogue: Catalogue
) -> Evaluation:
    """Whether a medicine, or one of a class, is in a list; what nobody mapped leaves it open."""
    if stated is None:
        return Evaluation(None, (field,))
    if any(name == each or name in catalogue.interacting.get(each, ()) for each in stated):
        return Evaluation(True)
    doubts = tuple(f"{field}.{each}" for each in stated if _may_be(each, name, catalogue))
    return Evaluation(None, doubts) if doubts else _NOT_TAKEN


def _may_be(stated: str, name: str, catalogue: Catalogue) -> bool:
    """Whether what is stated, a class or a name that nobody mapped, may stand for `name`."""
    if stated in catalogue.interacting:
        return False
    if stated not in catalogue.interactions:
        return True
    wanted = {name} if name in catalogue.interacting else _members(name, catalogue)
    return not wanted.isdisjoint(_members(stated, catalogue))


def _members(name: str, catalogue: Catalogue) -> frozenset[str]:
    return frozenset(each for each, classes in catalogue.interacting.items() if name in classes)


def told(stated: Iterable[str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """What is said of medicines that nobody mapped: a code, and the words."""
    for each in stated:
        if each in catalogue.interacting or each in catalogue.interactions:
            continue
        if each in catalogue.drugs or catalogue.drugs_in(each):
            words = f"{each} among other medicines: state a myeloma drug that was given in exposed"
            yield "myeloma-drug", words
        else:
            near = _near(each, catalogue)
            hint = f"; nearest: {near}" if near else ""
            yield (
                "medicine-unknown",
                f"{each}: not known here, so whether it interacts is open{hint}",
            )


@lru_cache(4_000)
def _near(name: str, catalogue: Catalogue) -> str:
    from difflib import get_close_matches

    wanted = folded(name)
    near = get_close_matches(wanted, _index(catalogue), 1, _CLOSE) if len(wanted) > 4 else []
    return _index(catalogue)[near[0]] if near else ""


_CLOSE: Final = 0.8
"""Names of medicines that look alike may be two: a slip is said, never forgiven."""
