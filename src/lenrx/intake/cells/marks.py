"""Marks beside a name: what says yes, no or unknown of it, in words, letters, signs and boxes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from lenrx.catalogue.names import split
from lenrx.intake.cells.base import CellError, bare

Mark = Literal["yes", "no", "unknown", "resisted", "unresisted"]

TICKED, OPEN = "\u2611", "\u2610"
_TICKS: Final = "\u2611\u2612\u2713\u2714\u2705\U0001f5f9\U0001f5f8\U0001f5f7"
_OPENS: Final = "\u2610\u25a1\u25fb\u25fd\u2b1c\u25a2\u2b1a"
_BOXES: Final = str.maketrans(
    {**dict.fromkeys(_TICKS, f" {TICKED} "), **dict.fromkeys(_OPENS, f" {OPEN} ")}
)
_TYPED: Final = re.compile(r"\[ ?[_.]? ?\]|\( ?_? ?\)|\{ ?\}|(?P<tick>[\[({] ?[xX] ?[\])}])")
_STRANGE: Final = re.compile(
    r"[^\w\s.,;:"
    r"|/()\[\]{}'\"\u2019`\u00b4&+\-<>=%#@*^\u00b0?!~\u00b1\u2248\u2192\u21d2\u2610\u2611]"
    r"|[\u00d8\u00f8]|(?<![A-Za-z])_|_(?![A-Za-z])"
)
"""What no reader of names knows: crosses, circles, emojis, a struck O, a line to fill in."""
YES: Final = frozenset(
    "|yes|y|1|+|++|+++|+ve|ve+|true|x|ja|j|si|oui|sim|pos|positive|positiv|positivo|positiva"
    "|positif|positiv|positivas|positivos|tak|obecny|presenti|mis en evidence"
    "|present|presente|vorhanden|detected|found|seen|identified|checked|ticked|confirmed|given"
    "|reactive|seropositive|detectable|reaktiv|reactivo|reattivo|reagente|reactif|soropositivo"
    "|received|had|nachgewiesen|detectado|wahr|verdadero|vrai|vero".split("|")[1:]
)
NO: Final = frozenset(
    "|no|n|not|never|0|-|--|-ve|ve-|false|none|nil|neg|negative|negativ|negativo|negativa|negatif"
    "|absent|absence|absence of|ausente|abwesend|nein|nicht|kein|keine|keinen|nie|ohne|non|pas"
    "|pas de"
    "|aucun|aucune|sans|jamais|nao|nunca|sin|sem|nenhum|ninguno|ninguna|senza|nessuno|nessuna|mai"
    "|geen|niet|without|w/o|unchecked|unticked|denies|denied|not given|never given|not received"
    "|never received|not had|never had|not detected|undetected|not found|not seen|not present"
    "|not identified|none detected|no evidence|no evidence of|negative for|neg for|ruled out"
    "|absente|absents|assente|assenti|ausentes|negatives|negativos|negativas|negativi|nie|brak"
    "|excluded|free of|none of|keine von|ninguno de|aucun de|nessuno di"
    "|naive|naive to|unexposed|not exposed|nicht nachgewiesen|non detecte|no detectado"
    "|no detectada|falsch|falso|faux|no history of|no hx of|no h/o|no prior|no previous|no known"
    "|non-reactive|nonreactive|non reactive|not reactive|seronegative|not present"
    "|no reactivo|nicht reaktiv|pas d|nao reagente|non reattivo|non reactif|nao reativo"
    "|nao detectado|nao detectada|soronegativo|seronegativo"
    "|nicht nachweisbar|kein nachweis|kein nachweis von|kein nachweis einer|no se detecta"
    "|ausencia de|absence de|nunca recibio|wt|wild type|wildtype|wild-type|does not have"
    "|not have|lacks|nor|neither"
    "|kein hinweis auf|kein hinweis fur|keine hinweise auf|keine hinweise fur|kein anhalt fur"
    "|keine anzeichen fur|keine anzeichen von|keine zeichen von|keine zeichen einer"
    "|keine zeichen eines|ohne hinweis auf|ohne anhalt fur|ohne nachweis von|ohne zeichen von"
    "|ohne zeichen einer|ausschluss von|ausschluss einer|ausschluss eines|kein zustand nach"
    "|sin evidencia de|sin signos de|sin datos de|sin historia de|sin antecedente de"
    "|sin antecedentes de|no evidencia de|no presenta|no tiene|no refiere|niega|nega"
    "|ninguna evidencia de|no hay evidencia de|sem evidencia de|sem sinais de|sem historia de"
    "|nao tem|nao apresenta|nenhuma evidencia de"
    "|assenza di|assenza d|assenza|senza evidenza di|senza segni di|nessun segno di"
    "|nessuna evidenza di|non evidenza di|nessuna storia di|esclusa|escluso|non ha"
    "|pas de signe de|pas de signes de|aucun signe de|sans signe de|sans signes de"
    "|sans antecedent de"
    "|keinerlei|weder|sans signe d|sans signes d|aucun signe d|pas de signe d|sans antecedent d"
    "|absence d|absence de signe de|absence de signe d|pas d antecedent de|aucun antecedent de"
    "|no signs of|no sign of|without evidence of|without signs of|no documented|no diagnosis of"
    "|does not have|has no|never diagnosed with|geen aanwijzingen voor|geen tekenen van"
    "".split("|")[1:]
)
UNKNOWN: Final = frozenset(
    "|?|??|???|u|unk|unknown|unclear|not known|not sure|not certain|not documented|not stated"
    "|not done|not tested|not available|not assessed|nd|n/a"
    "|na|n/k|nk|n/d|pending|awaited|failed|?unk|? unk|refractory ?unk|refractory ?|possible"
    "|possibly"
    "|probable|suspected|maybe|perhaps|questionable|equivocal|inconclusive|indeterminate|unsure"
    "|verdacht auf|v.a|v.a.|sospecha de|suspicion de"
    "|uncertain|unbekannt|unklar|desconocido|inconnu|sconosciuto|desconhecido|not performed"
    "|nicht bestimmt|nicht untersucht|nicht durchgefuhrt|nicht gemacht|nicht erfolgt"
    "|nicht auswertbar|nicht beurteilbar"
    "|nicht getestet|nicht erhoben"
    "|nicht verfugbar|ausstehend|no realizado|no realizada|no hecho|no hecha|no evaluado"
    "|no evaluable|no disponible|pendiente|non fait|non faite|non realise|non disponible"
    "|en attente|non eseguito|non eseguita|in attesa|nao realizado|nao disponivel|niet gedaan"
    "|niet bepaald|not evaluated|not evaluable|not measured|not reported|awaiting|insufficient"
    "|r/o|rule out|status unknown".split("|")[1:]
)
RESISTED: Final = frozenset(
    "|refractory|refr|ref|refractory to|refr to|ref to|refractario|refractario a|refractaria"
    "|refraktar|refraktaer|refraktar auf|refractaire|refractaire a|refrattario|refrattario a"
    "|refratario|refratario a|refrattaria|resistant|resistant to|resistente|progressed"
    "|progressed on"
    "|progression|progression on|progressing on|pd on|failed|failure|failed on|relapsed on"
    "|biochemical pd|pd biochemical|biochemical progression|biochemical relapse|clinical pd"
    "|clinical progression|clinical relapse|slow pd|rapid pd|pd on maint|pd on maintenance"
    "|pd unter|progress unter|progression unter|progression sous|progresion con|primar refraktar"
    "|primary refractory|progresion|progressao|nonresponsive|non-responsive|no response".split("|")[
        1:
    ]
)
UNRESISTED: Final = frozenset(
    "|not refractory|not refr|not ref|non-refr|nonref|non-ref|non ref|non refr"
    "|non-refractory|non refractory"
    "|nonrefractory|not refractory to|sensitive"
    "|sens|sensible|sensibel|responsive"
    "|not resistant|no refractario|nicht refraktar|non refractaire"
    "|non refrattario|nao refratario|unrefractory|still sensitive|never refractory"
    "|no refractory|progression free|progression free on|no progression|no progression on"
    "|without progression|no pd|not progressed|not progressed on|never progressed|pfs on"
    "".split("|")[1:]
)
_TOWARDS: Final = tuple("to on a al auf gegen au aux ao aos alla for fur para pour".split())
"""What stands between a mark and what it marks, and may begin a list."""


def _with_towards(words: frozenset[str]) -> frozenset[str]:
    own = {each for each in words if len(each) > _ABBREVIATED and each[0].isalpha()}
    return words | {f"{each} {to}" for each in own for to in _TOWARDS}


_ABBREVIATED: Final = 3
_KINDS: Final[tuple[tuple[Mark, frozenset[str]], ...]] = (
    ("unresisted", _with_towards(UNRESISTED)),
    ("resisted", _with_towards(RESISTED)),
    ("no", NO),
    ("yes", YES),
    ("unknown", UNKNOWN),
)
KINDS: Final[dict[str, Mark]] = {word: kind for kind, words in reversed(_KINDS) for word in words}
MOST_WORDS: Final = 4
"""In one mark."""


def ticked(text: str) -> str:
    """`text` with every box, typed or drawn, as one of two signs. Raises CellError for others."""
    if (
        text.isascii()
        and "[" not in text
        and "(" not in text
        and "{" not in text
        and "_" not in text
    ):
        return text
    text = _TYPED.sub(lambda found: f" {TICKED if found['tick'] else OPEN} ", text)
    text = " ".join(text.translate(_BOXES).replace("\ufe0f", "").split())
    if strange := _STRANGE.search(text):
        raise CellError("holds a sign that may say yes or no; write the word", strange[0])
    return text


_LEADS: Final = re.compile(rf" ?[;,|]? ?([{TICKED}{OPEN}]) ?")


def apart(text: str) -> str:
    """Boxes that stand before or behind each of several names, as items of a list, box last."""
    if TICKED not in text and OPEN not in text:
        return text
    parts = split(text)
    if all(_boxes(each) <= 1 for each in parts):
        return "; ".join(_behind(each) for each in parts if each)
    first, last = text[0] in TICKED + OPEN, text[-1] in TICKED + OPEN
    if first == last:
        raise CellError("holds boxes between names; separate the names with ;")
    pieces = _LEADS.split(text)
    pairs = (
        list(zip(pieces[1::2], pieces[2::2], strict=False))
        if first
        else [(box, name) for name, box in zip(pieces[0::2], pieces[1::2], strict=False)]
    )
    return "; ".join(_behind(f"{box} {name.strip(' ;,|')}") for box, name in pairs)


def _boxes(text: str) -> int:
    return text.count(TICKED) + text.count(OPEN)


def _behind(part: str) -> str:
    """An item with its one box behind the name, as a word."""
    if not _boxes(part):
        return part
    if part[0] not in TICKED + OPEN and part[-1] not in TICKED + OPEN:
        raise CellError("holds a box inside a name; write yes or no behind it", part)
    if any(
        word.isalpha() and mark(word) == "no" for word in part.strip(f" {TICKED}{OPEN}").split()[1:]
    ):
        raise CellError("holds a box and a no; keep one", part)
    if OPEN in part and re.search(r"\+.*\w|(?i:\by\b)", part):
        raise CellError("holds an open box and a plus or y, which may say yes; write no", part)
    return f"{part.strip(f' {TICKED}{OPEN}')} : {'yes' if TICKED in part else 'no'}"


@lru_cache(8_000)
def mark(words: str) -> Mark | None:
    """What a word or a few of them say as a mark."""
    # Pd is a regimen, and written so.
    return "resisted" if words == "PD" else KINDS.get(bare(words).strip(" .:=") or words)


def leading(words: list[str]) -> tuple[Mark | None, list[str]]:
    """The mark that words begin with, the longest, and what follows it."""
    for end in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        if found := mark(" ".join(words[:end])):
            return found, words[end:]
    return None, words


def trailing(words: list[str]) -> tuple[Mark | None, list[str]]:
    """The mark that words end with, the longest, and what stands before it."""
    for start in range(max(1, len(words) - MOST_WORDS), len(words)):
        if found := mark(" ".join(words[start:])):
            return found, words[:start]
    return None, words


def announces(text: str) -> bool:
    """Whether a text begins with a mark that may be for a list: `not refractory to`, `no:`."""
    first, sign, _ = re.split(r" ?([:=])", f"{text}:", maxsplit=1)
    if sign and len(first) < len(text) and mark(first):
        return True
    words = text.split()
    found, rest = leading(words)
    lead = words[: len(words) - len(rest)]
    return found is not None and len(lead) > 1 and bare(lead[-1]) in _TOWARDS
