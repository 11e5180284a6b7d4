"""Days of a course as charts write them: a day, a month, a year, a timestamp, a number of days.

A day is an ordinal, and what is known coarsely is every day it may mean. Days counted from a
baseline lie in a time of their own: only their order and the days between them matter.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from math import inf
from typing import Any, Final

from lenrx.catalogue.conditions import Interval
from lenrx.catalogue.names import key

ONGOING: Final[Interval] = (inf, inf)
BASELINE: Final = date(1000, 1, 1).toordinal()
"""The ordinal of day 0 where days are counted: before every date of a chart."""
MOST_DAYS: Final = 80_000
"""Days from a baseline; a larger number is a date without its signs, or a slip. The serial numbers
of a spreadsheet count days too, and lie below."""
NEVER: Final = 2090
"""From this year on a stop is a filler for "not yet"."""
_YEARS: Final = range(1900, 2100)
FIRST_DATE: Final = date(_YEARS[0], 1, 1).toordinal()
"""The first day of a chart; what lies before counts from a baseline."""
_OPEN: Final = frozenset(
    "ongoing todate present current currently now still stillon stillontreatment stillongoing"
    " ontreatment ontherapy continuing continued continues continue active open openended today"
    " untilnow tillnow none yet notyet notstopped notended nostop noend inprogress underway"
    " dauerhaft heute aktuell fortlaufend bisher hoy aujourdhui oggi hoje attuale enmarcha"
    " encurso actual laufend andauernd bisheute encours incorso emcurso inf infinity".split()
) - {"none", "yet"}
_MONTHS: Final = {
    name: at
    for at, names in enumerate(
        (
            "jan january januar enero ene janvier gennaio gen janeiro",
            "feb february februar febrero fevrier fev febbraio fevereiro",
            "mar march marz maerz mrz marzo mars marco",
            "apr april abril abr avril avr aprile",
            "may mai mayo maggio mag maio",
            "jun june juni junio juin giugno giu junho",
            "jul july juli julio juillet juil luglio lug julho",
            "aug august agosto ago aout",
            "sep sept september septiembre septembre settembre set setembro",
            "oct october oktober okt octubre octobre ottobre ott outubro",
            "nov november noviembre novembre novembro",
            "dec december dezember dez diciembre dic decembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME: Final = re.compile(
    r"(?:T| +)\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?[ap]m)?"
    r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?))?$",
    re.IGNORECASE,
)
_DAY_NUMBER: Final = re.compile(r"(?:(?:study )?day|d) ?([+-]?\d{1,5})", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[+-]?\d{1,8}(?:\.0+)?")
_ISO: Final = re.compile(
    r"(\d{4})(?:([-/. ])(\d\d?|[A-Za-z]{2,4}|-)(?:\2(\d\d?|[A-Za-z]{2,3}|-))?)?"
)
_QUARTER: Final = re.compile(r"(\d{4})[- ]?Q([1-4])|Q([1-4])[- /]?(\d{4})", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"(?:(\d\d?|un|unk)(?:\.|st|nd|rd|th)?[- /]*)?([^\W\d_]{3,10})\.?[- /,]*"
    r"(?:(\d\d?),? +)?(\d{4})",
    re.IGNORECASE,
)
_MONTH_YEAR: Final = re.compile(r"(\d\d?)[/.-](\d{4})")
_THREE: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4})")
_SHORT_NAMED: Final = r"(\d\d?)[- /.]+([^\W\d_]{3,10})\.?[- /.]+(\d\d)"
"""A day, the name of a month and a short year, as spreadsheets write dates: 1-Mar-19."""
_THIS_CENTURY, _LAST_CENTURY = range(30), range(70, 100)
"""Short years of which it is plain in which century they lie."""
_MONTHS_OF_YEAR: Final = 12
_BLANK: Final = frozenset(("00", "0", "un", "unk", "uk", "xx", "nk", "-"))
"""In place of a month or a day that is not known."""
WANTED: Final = "must be a date like 2026-11-22, or 2026-11 or 2026"
SHORT_YEAR: Final = "has a year of two digits; write a date like 2026-11-22"
_SHORT: Final = re.compile(r"\d\d?([/.-])\d\d?\1\d\d|[^\W\d_]{3,10}[ -/]+\d\d")
NO_DAY: Final = "names a day that its month does not have"
TWO_WAYS: Final = "may be day and month or month and day; write a date like 2026-11-22"


def counted(value: Any) -> int | None:
    """A plain whole number, which may be a day or a year."""
    if isinstance(value, bool | date):
        return None
    text = str(value).strip()
    return int(float(text)) if _NUMBER.fullmatch(text) else None


def are_days(values: Iterable[Any]) -> bool:
    """Whether the numbers among some dates count days: one of them at least is no year."""
    found = [number for each in values if (number := counted(each)) is not None]
    return any(each not in _YEARS and abs(each) <= MOST_DAYS and each != 9999 for each in found)


def is_calendar(value: Any) -> bool:
    """Whether a value is a day, month or year of the calendar, and no number of days."""
    text = str(value).strip()
    never = counted(value) is not None or _DAY_NUMBER.fullmatch(text) or key(text) in _OPEN
    return isinstance(value, date) or (not never and bool(re.search(r"\d{4}", text)))


def days_of(value: Any, *, numbered: bool = False) -> Interval:
    """The days that a value may mean. Raises ValueError, which never holds the value."""
    number = counted(value)
    if numbered and number is not None:
        return _from_baseline(number)
    return _days(value if isinstance(value, str) else str(value))


def stop_of(value: Any, *, numbered: bool = False) -> Interval:
    """The days on which a course may have stopped; ONGOING where it goes on."""
    if isinstance(value, str) and key(value) in _OPEN:
        return ONGOING
    number = counted(value)
    if number == 9999 or (numbered and number is not None and abs(number) > MOST_DAYS):
        return ONGOING
    found = days_of(value, numbered=numbered)
    return ONGOING if found[0] >= date(NEVER, 1, 1).toordinal() else found


def _from_baseline(number: int) -> Interval:
    if abs(number) > MOST_DAYS:
        raise ValueError(f"must be at most {MOST_DAYS} days from the baseline")
    return (BASELINE + number, BASELINE + number)


@lru_cache(maxsize=8_000)
def _days(text: str) -> Interval:
    plain = " ".join(text.split())
    plain = _TIME.sub("", plain)
    if found := _DAY_NUMBER.fullmatch(plain):
        return _from_baseline(int(found[1]))
    try:
        parts = _parts(plain)
    except (ValueError, KeyError) as error:
        no_day = isinstance(error, ValueError) and str(error).startswith("day is out")
        said = str(error) if str(error) in (TWO_WAYS, SHORT_YEAR) else NO_DAY if no_day else WANTED
        raise ValueError(said) from None
    year, first, last, day = parts
    if year not in _YEARS and year < NEVER:
        raise ValueError(WANTED)
    if not (1 <= first <= last <= _MONTHS_OF_YEAR and 0 <= day <= monthrange(year, last)[1]):
        raise ValueError(f"there is no such day, {_form(plain)}; {WANTED}")
    return _span(*parts)


def _form(text: str) -> str:
    """How a date that is none was read."""
    found = _THREE.fullmatch(text)
    if found is None:
        return "read as year, month, day" if text[:4].isdigit() else "by its month"
    month_first = found[2] != "." and int(found[3]) > _MONTHS_OF_YEAR >= int(found[1])
    return f"read as {'month/day/year' if month_first else 'day/month/year'}"


def _parts(text: str) -> tuple[int, int, int, int]:
    """Year, first month, last month, day; 0 for a day that is not known."""
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        return year, 3 * quarter - 2, 3 * quarter, 0
    if found := re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:\.0)?", text):
        return int(found[1]), int(found[2]), int(found[2]), int(found[3])
    if found := _ISO.fullmatch(re.sub(r"\.0$", "", text) if len(text) == 6 else text):
        return _iso(found[1], found[3], found[4])
    if found := _THREE.fullmatch(text):
        day, month = _ordered(int(found[1]), int(found[3]), dotted=found[2] == ".")
        return int(found[4]), month, month, day
    if found := _MONTH_YEAR.fullmatch(text):
        return int(found[2]), int(found[1]), int(found[1]), 0
    if found := _NAMED.fullmatch(text):
        month = _month(found[2])
        days = [each for each in (found[1], found[3]) if each]
        if len(days) > 1:
            raise ValueError(WANTED)
        return int(found[4]), month, month, _known(days[0]) if days else 0
    if found := re.fullmatch(_SHORT_NAMED, text):
        month = _month(found[2])
        return _whole_year(int(found[3])), month, month, int(found[1])
    raise ValueError(SHORT_YEAR if _SHORT.fullmatch(text) else WANTED)


def _whole_year(short: int) -> int:
    if short in _THIS_CENTURY:
        return 2000 + short
    if short in _LAST_CENTURY:
        return 1900 + short
    raise ValueError(SHORT_YEAR)


def _iso(year: str, month: str | None, day: str | None) -> tuple[int, int, int, int]:
    if not month or month.lower() in _BLANK:
        if day and day.lower() not in _BLANK:
            raise ValueError(WANTED)
        return int(year), 1, 12, 0
    at = int(month) if month.isdigit() else _month(month)
    return int(year), at, at, _known(day) if day else 0


def _known(day: str) -> int:
    return 0 if day.lower() in _BLANK else int(day)


def _month(name: str) -> int:
    from unicodedata import combining, normalize

    plain = "".join(each for each in normalize("NFKD", name.lower()) if not combining(each))
    if plain in ("un", "unk"):
        raise ValueError(WANTED)
    return _MONTHS[plain]


def _ordered(first: int, second: int, *, dotted: bool) -> tuple[int, int]:
    """Day and month of a date of three numbers, where only one order can be meant."""
    if dotted or first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    raise ValueError(TWO_WAYS)


def _span(year: int, first: int, last: int, day: int) -> Interval:
    start = date(year, first, day or 1)
    end = start if day else date(year, last, monthrange(year, last)[1])
    return (start.toordinal(), end.toordinal())
