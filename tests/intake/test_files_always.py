"""What holds of every file: no row is lost or made, no error of Python is told."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenrx.batch.plan import Opened, Plan, opened
from lenrx.intake.rows import Passed, Problem
from lenrx.intake.tables import document
from lenrx.patient.patient import PatientError

SIGNS: Final = ",;\t|"
HEADER: Final = ("id", "refractory", "egfr", "note")
LAYOUTS: Final = ("list", "around", "one by one")
ENDS: Final = ("\n", "\r\n", "\r")
PYTHON: Final = re.compile(
    r"Error|Traceback|Exception|strict mode|Expecting|Extra data|unexpected end|codec|0x"
)

cell = st.text(
    st.characters(exclude_characters="\0\r\n\ufeff", exclude_categories=["Cs", "Cc", "Cf"]),
    max_size=12,
)
ids = st.text("ABCDEFGH0123456789", min_size=1, max_size=6)
rows_of_cells = st.lists(st.tuples(ids, cell, cell, cell), min_size=1, max_size=12)


def plan(form: Any = "csv", **more: Any) -> Plan:
    from lenrx.intake.column_map import ColumnMap

    return Plan("t", form, (), ColumnMap({}, frozenset(["note"])), **more)


def read(content: bytes, form: Any = "csv", **more: Any) -> Opened:
    return opened(plan(form, **more), io.BytesIO(content))


def written(rows: Any, sign: str, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def stated(rows: Any) -> list[dict[str, str]]:
    return [dict(zip(HEADER[:3], row, strict=False)) for row in rows]


@settings(max_examples=150, deadline=None)
@given(
    rows_of_cells,
    st.sampled_from(SIGNS),
    st.sampled_from(ENDS),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_a_table_that_is_well_written_is_read_cell_for_cell(
    rows: list[Any], sign: str, end: str, encoding: str
) -> None:
    found = read(written([HEADER, *rows], sign, end).encode(encoding), delimiter=sign)
    assert list(found.rows) == stated(rows)
    unsaid = read(written([HEADER, *rows], sign, end).encode(encoding))
    assert list(unsaid.rows) == stated(rows)


@settings(max_examples=100, deadline=None)
@given(rows_of_cells, st.sampled_from(SIGNS), st.data())
def test_what_stands_between_rows_is_passed_and_numbers_stay(
    rows: list[Any], sign: str, data: Any
) -> None:
    lines: list[tuple[str, Any]] = []
    for row, plain in zip(rows, stated(rows), strict=True):
        lines.append((written([row], sign, "\n"), plain))
        for kind in data.draw(
            st.lists(st.sampled_from(["empty", "header", "comment"]), max_size=2)
        ):
            bare = {"empty": sign * 3, "header": sign.join(HEADER), "comment": "# x"}[kind]
            lines.append((f"{bare}\n", Passed(kind)))
    title = data.draw(
        st.sampled_from(["", "Cohort\n", "Cohort\n\n", "# a\n# b\n", f"sep={sign}\n"])
    )
    text = title + written([HEADER], sign, "\n") + "".join(each for each, _ in lines)
    assert list(read(text.encode()).rows) == [plain for _, plain in lines]


@settings(max_examples=200, deadline=None)
@given(st.lists(ids, min_size=1, max_size=10), st.data())
def test_a_stray_quote_never_makes_a_patient_of_two(names: list[str], data: Any) -> None:
    """Every row read is one line of the file as it stands; what is not is in an error's lines."""
    lines = [f"{name},lena,{place},ok" for place, name in enumerate(names)]
    broken = list(lines)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        at = data.draw(st.integers(0, len(broken[place])))
        broken[place] = broken[place][:at] + '"' + broken[place][at:]
    found = list(read("\n".join(["id,refractory,egfr,note", *broken, ""]).encode()).rows)
    told = sum(each.lines if isinstance(each, Problem) else 1 for each in found)
    assert told == len(lines)
    for each in found:
        if isinstance(each, dict):
            at = int(each["egfr"].replace('"', ""))
            assert each["id"].replace('"', "") == names[at]


patients = st.lists(
    st.fixed_dictionaries(
        {"id": st.text(max_size=8), "refractory": st.lists(st.text(max_size=8), max_size=2)},
        optional={"a": st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2)},
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(
    patients, st.sampled_from(["list", "around", "one by one"]), st.integers(1, 9), st.booleans()
)
def test_json_of_any_layout_is_cut_in_its_objects(
    rows: list[Any], how: str, chunk: int, ascii_only: bool
) -> None:
    indent = None if chunk % 2 else 1
    dumped = [json.dumps(each, indent=indent, ensure_ascii=ascii_only) for each in rows]
    text = {
        "list": f"[{','.join(dumped)}]",
        "around": f'{{"n": [1], "all": [{", ".join(dumped)}], "k": "]}}"}}',
        "one by one": "\n".join(dumped),
    }[how]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_CHUNK", chunk)
        cut = document.texts(io.BytesIO(text.encode()), "utf-8", plan().columns)
        assert [json.loads(each) for each in cut] == rows


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text('id,refractory\n\r;|\t"{}[]:#lena\u200b= 01', max_size=120).map(str.encode),
        st.text('{}[]":,id lena\\\n', max_size=80).map(str.encode),
    ),
    st.sampled_from([None, "csv", "tsv", "ndjson", "json"]),
    st.booleans(),
)
def test_whatever_a_file_holds_it_is_rows_or_one_sentence(
    content: bytes, form: Any, headed: bool
) -> None:
    content = b"id,refractory\n" + content if headed else content
    try:
        found = list(read(content, form, without_history=True, ignore_other=True).rows)
    except PatientError as error:
        assert not PYTHON.search(str(error).replace("--encoding", "")), error
        assert "\n" not in str(error)
        return
    for each in found:
        if isinstance(each, Problem):
            assert not PYTHON.search(each.reason), each
