"""A long table of courses: read once, kept by patient, handed out as the courses of one.

What is kept of a patient is one text, so that a table of a million courses fits into memory.
A line that cannot be read stops the run: it may be anybody's course.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from lenrx.intake.courses.cells import is_radiotherapy
from lenrx.intake.courses.fields import unread_reason
from lenrx.intake.courses.files import opened
from lenrx.intake.courses.names import ranked
from lenrx.patient.course_dates import MOST_DAYS, are_days, counted
from lenrx.patient.patient import UNSTATED, PatientError

_CELL, _ROW = "\x1f", "\x1e"
_DATES: Final = ("start", "stop", "progression")
_FILLED: Final = (
    *("drugs", "drugs_more", "other", "start", "stop", "response", "stopped_for", "progression"),
    "refractory",
)
_OUTCOME: Final = re.compile(
    r"outcome|status|result|refract|resist|progress|relapse|respon|toxic|toler|effect|failure|event"
    r"|death|died|remission|reason|resultado|ergebnis|verlauf|resultat|esito|transpl|asct",
    re.IGNORECASE,
)
"""What a column may be called that says how a course ended, or of a transplant."""
_NOT_TREATMENT: Final = re.compile(
    r"lab|status|specimen|imaging|diagnos|surg|sampl|sequenc|follow|toxicit|patholog|measure|visit"
    r"|demograph|baseline|procedure",
    re.IGNORECASE,
)
_CHOICE: Final = re.compile(r"(.+?) ?\(choice ?= ?(.+)\)|(.+)___(.+)")
_SLASHED: Final = re.compile(r"(\d\d?)([/-])(\d\d?)\2(\d{4})(?=$|[T ])")
_CHECKED: Final = frozenset(("checked", "1", "1.0", "yes", "true", "x"))
_DATED: Final = re.compile(r"(?<!\d)(?:19\d\d|20[0-8]\d)(?!\d)")
"""A year before those that stand for an open end."""
_LISTED: Final = 5


_BENEATH: Final = (
    "a row without an id stands beneath the courses of this patient in the table of courses, and "
    "may be one more of them: write the id in every row"
)
_TWINS: Final = (
    "the table of courses has this id in capitals and in small letters: one patient, or two? Write "
    "it alike, or as two ids"
)


class CourseTable:
    """The courses of every patient of a table, and what is to be said of the table."""

    def __init__(
        self,
        fields: Iterable[str],
        rows: Iterable[Mapping[str, str]],
        *,
        from_baseline: bool = False,
    ) -> None:
        self._fields = [each for each in fields if each != "id"]
        self._texts: dict[str, str] = {}
        self.rows = 0
        self.left_out = 0
        """Rows that are no treatment."""
        self.nameless = 0
        """Rows without an id."""
        self.doubted: dict[str, str] = {}
        """Patients of whom it is not plain which courses are theirs, each with the reason."""
        self._above = ""
        self.said: list[str] = []
        self.columns_left: list[str] = []
        self.met: set[str] | None = None
        """The ids that a table of patients asked for, once it was read to its end."""
        self.without = 0
        self._numbered = from_baseline
        self._first_is_day = self._second_is_day = 0
        self._numbers, self._dates = dict[str, int](), dict[str, int]()
        self._reasons = Counter[str]()
        for row in rows:
            self._take(row)
        self._doubt_twins()

    def _take(self, row: Mapping[str, str]) -> None:
        name = plain(row.get("id", ""))
        if _is_blank(row):
            self.left_out += any(value for value in row.values())
            return
        if not name:
            self.nameless += 1
            if self._above:
                self.doubted[self._above] = _BENEATH
            return
        self.rows += 1
        self._above = name
        self._look_at(row)
        cells = (row.get(field, "") for field in self._fields)
        text = _CELL.join(each.replace(_CELL, " ").replace(_ROW, " ") for each in cells)
        known = self._texts.get(name)
        self._texts[name] = text if known is None else f"{known}{_ROW}{text}"

    def _doubt_twins(self) -> None:
        """Doubt ids that differ in case alone: one patient, or two."""
        twins = Counter(each.casefold() for each in self._texts)
        if len(twins) < len(self._texts):
            alike = (each for each in self._texts if twins[each.casefold()] > 1)
            self.doubted |= dict.fromkeys(alike, _TWINS)

    def _look_at(self, row: Mapping[str, str]) -> None:
        """Whether numbers are days, and which part of 3/14/2019 is the day, over the table."""
        stated = [(field, row[field]) for field in _DATES if row.get(field)]
        dates = [value for _, value in stated]
        days = [value for field, value in stated if not _tells_whether(field, counted(value))]
        self._numbered = self._numbered or are_days(days)
        for field, value in stated:
            self._clock(field, value)
        if reason := row.get("stopped_for"):
            self._reasons[reason] += 1
        for found in filter(None, map(_SLASHED.match, dates)):
            self._first_is_day += int(found[1]) > 12
            self._second_is_day += int(found[3]) > 12

    def _clock(self, field: str, value: str) -> None:
        """Note where a date is a number of days, and where a day of the calendar."""
        number = counted(value)
        if number is None:
            if _DATED.search(value):
                self._dates.setdefault(field, self.rows)
        elif are_days([number]) and not _tells_whether(field, number):
            self._numbers.setdefault(field, self.rows)

    def refuse_two_clocks(self) -> None:
        """Refuse days from a baseline beside dates. Raises PatientError."""
        if self._numbers and self._dates:
            field, row = next(iter(self._numbers.items()))
            dated, at = next(iter(self._dates.items()))
            problem = (
                f"course {row} of the table holds a number of days, and {dated} of course {at} a "
                "date; write dates, or days from one baseline"
            )
            raise PatientError(field, problem)

    def __len__(self) -> int:
        """How many patients there are."""
        return len(self._texts)

    @property
    def ids(self) -> Iterator[str]:
        """The patients, in order of their first row."""
        return iter(self._texts)

    def of(self, name: str) -> list[dict[str, Any]] | None:
        """The courses of one patient; None where the table has none."""
        text = self._texts.get(name)
        if text is None:
            return None
        return [self._course(each.split(_CELL)) for each in text.split(_ROW)]

    def _course(self, cells: Sequence[str]) -> dict[str, Any]:
        found = {field: value for field, value in zip(self._fields, cells, strict=True) if value}
        for field in _DATES:
            if field in found:
                found[field] = self._day(field, found[field])
        return found

    def _day(self, field: str, text: str) -> str:
        number = counted(text) if self._numbered else None
        if number is not None and abs(number) <= MOST_DAYS and (field, number) != ("stop", 9999):
            return text if _tells_whether(field, number) else f"day {number}"
        if self._first_is_day and not self._second_is_day:
            return _SLASHED.sub(_day_first, text)
        if self._second_is_day and not self._first_is_day:
            return _SLASHED.sub(_month_first, text)
        return text

    def notes(self) -> list[str]:
        """What the user is told of the table."""
        found = [*self.said]
        if self._numbered:
            found.append("numbers in its dates are days from a baseline")
        if bool(self._first_is_day) != bool(self._second_is_day):
            order = "day/month/year" if self._first_is_day else "month/day/year"
            found.append(f"dates are read as {order}: some of them can be nothing else")
        telling = [each for each in self.columns_left if _OUTCOME.search(each)]
        if telling:
            found.append(
                f"not read: {', '.join(telling[:_LISTED])}; what it says of progression, response "
                "or transplant is lost unless the column is named, as in --course-column "
                "response=COLUMN"
            )
        if unread := sum(n for text, n in self._reasons.items() if unread_reason(text)):
            found.append(f"reasons to stop that are not read, as if not stated: {unread}")
        if self.columns_left:
            listed = ", ".join(self.columns_left[:_LISTED])
            more = len(self.columns_left) - _LISTED
            found.append(f"columns left out: {listed}" + (f" and {more} more" if more > 0 else ""))
        if self.left_out:
            found.append(f"rows that are no treatment, left out: {self.left_out}")
        if self.nameless:
            found.append(f"rows without an id, which belong to nobody: {self.nameless}")
        return found


def _tells_whether(field: str, number: int | None) -> bool:
    """Whether a number says that it progressed or not, rather than when."""
    return field == "progression" and number in (0, 1)


def _day_first(found: re.Match[str]) -> str:
    return _iso(found, int(found[3]), int(found[1]))


def _month_first(found: re.Match[str]) -> str:
    return _iso(found, int(found[1]), int(found[3]))


def _iso(found: re.Match[str], month: int, day: int) -> str:
    """A day as ISO; one that is not in the calendar as written, to be refused as such."""
    try:
        return date(int(found[4]), month, day).isoformat()
    except ValueError:
        return found[0]


def plain(name: Any) -> str:
    """An id as text: a number that a table made a fraction is the number again."""
    text = str(name).strip()
    if text.lower() in UNSTATED:
        return ""
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _is_blank(row: Mapping[str, str]) -> bool:
    """Whether a row is no treatment: it names none, and nothing says that there was one."""
    if row.get("drugs") or row.get("drugs_more"):
        return bool(_NOT_TREATMENT.search(row.get("kind", ""))) and not row.get("response")
    kind = row.get("kind", "")
    if is_radiotherapy(kind) or re.search(r"transplant|\bh?sct\b", kind, re.IGNORECASE):
        return False
    if row.get("transplant") or row.get("intent"):
        return False
    return bool(_NOT_TREATMENT.search(kind)) or not any(row.get(field) for field in _FILLED)


def read_table(
    path: str,
    encoding: str = "utf-8",
    names: Mapping[str, str] | None = None,
    *,
    from_baseline: bool = False,
) -> CourseTable:
    """The courses of a file of any form that patients come in. Raises PatientError."""
    where = Path(path).name
    with Path(path).open("rb") as source:
        try:
            read = opened(path, source, encoding, (names or {}).values())
            columns, left, said = _columns(read.header, names or {})
            found = (_fielded(row, columns) for row in read.rows)
            table = CourseTable(columns, found, from_baseline=from_baseline)
            said += [f"totals or notes under the table, passed over: {len(read.passed)}"] * bool(
                read.passed
            )
            table.refuse_two_clocks()
        except PatientError as error:
            raise PatientError(where, f"{error.field}: {error.problem}") from None
    if not len(table):
        raise PatientError(where, "holds no course: there is nothing to read")
    table.columns_left, table.said = left, [*read.said, *said]
    return table


_Columns = dict[str, list[tuple[str, str | None]]]
"""For each field its columns, each with the drug that a mark in it stands for."""


def _columns(
    header: Sequence[str], names: Mapping[str, str]
) -> tuple[_Columns, list[str], list[str]]:
    """Which column is which field, which are left out, and what is said of it."""
    best: dict[str, tuple[int, str]] = {}
    found: _Columns = {}
    said, taken = list[str](), set[str]()
    for field, column in names.items():
        if column not in header:
            raise PatientError("header", f"column {column} is not in the file")
        found[field] = [(column, None)]
        taken.add(column)
    for column in header:
        choice, known = _choice(column), ranked(column)
        if column in taken or not column:
            continue
        if choice:
            found.setdefault("drugs", []).append((column, choice))
            taken.add(column)
        elif known and known[0] == "kind":
            found.setdefault("kind", []).append((column, None))
            taken.add(column)
        elif known and known[0] not in names:
            rank = (known[1], column)
            best[known[0]] = min(best.get(known[0], rank), rank)
    for field, (_, column) in best.items():
        found.setdefault(field, []).append((column, None))
        taken.add(column)
        if field not in ("id", *names) and ranked(column) != (field, -1):
            said.append(f"{field} from {column}")
    if "id" not in found or not found.keys() & {"drugs", "kind"}:
        lacking = "id" if "id" not in found else "drugs"
        # Without a header its first row is one of patients: only names of columns are shown.
        names_known = [each for each in header if ranked(each)]
        shown = (
            f"columns known here: {', '.join(names_known[:8])}"
            if names_known
            else ("no name of a column is known here: the first row must hold the names of columns")
        )
        raise PatientError(
            "header", f"no column is {lacking}: name it (--course-column {lacking}=COLUMN); {shown}"
        )
    left = [each for each in header if each and each not in taken]
    return found, left, [f"columns: {', '.join(said)}"] if said else []


def _choice(column: str) -> str | None:
    """The drug of a check box of REDCap, one column for each. Raises PatientError for a code."""
    match = _CHOICE.fullmatch(column)
    if not match:
        return None
    base, choice = match[1] or match[3], match[2] or match[4]
    known = ranked(base)
    if known is None or known[0] not in ("drugs", "drugs_more"):
        return None
    if choice.isdigit():
        problem = f"column {column} is a code; export labels in place of raw values"
        raise PatientError("header", problem)
    return choice


def _fielded(row: Mapping[str, Any], columns: _Columns) -> dict[str, str]:
    return {field: _joined(row, wanted) for field, wanted in columns.items()}


def _joined(row: Mapping[str, Any], wanted: Sequence[tuple[str, str | None]]) -> str:
    if len(wanted) == 1 and wanted[0][1] is None:
        return _text(row.get(wanted[0][0]))
    found = list[str]()
    for column, choice in wanted:
        text = _text(row.get(column))
        if choice is None:
            found.append(text)
        elif text.lower() in _CHECKED:
            found.append(choice)
    return "; ".join(filter(None, found))


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    text = str(value).strip()
    return "" if text.lower() in _BLANK else text


_BLANK: Final = frozenset(("nan", "nat", "<na>", "null", "na", "n/a", "#n/a"))
