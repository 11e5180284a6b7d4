"""A cohort as a whole: its summary counts what its rows say, and `diff` tells who changed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.batch import turns
from lenrx.batch.chart_review import Result
from lenrx.batch.output import Lines
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.report import cohort

COHORT: Final = """\
id,refractory,egfr,ecog,lvef,cytogenetics
A,lena,60,1,60,del17p
B,lena;bort,25,1,60,
C,lena;bort;dara,10,2,60,t(11;14)
D,lena;bort;carf;pom;dara,60,3,,
E,Jane Roe,60,1,60,
F,bort,60,1,60,
A,lena,,,,
H,lena,-3,x,60,
,lena;carf,>60,ECOG 1,55%,
"""
STATES: Final = {
    "lenalidomide-refractory": 2,
    "double-refractory": 2,
    "triple-class-refractory": 1,
    "penta-refractory": 1,
    "not lenalidomide-refractory": 1,
}
ASKED: Final = ("--as-of", "2026-11-23")
Record = dict[str, Any]


pytestmark = pytest.mark.usefixtures("one_catalogue")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every test runs, with a cohort in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cohort.csv").write_text(COHORT, encoding="utf-8")
    return tmp_path


def lenrx(*args: str) -> Any:
    result = CliRunner().invoke(cli.app, args)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def batch(*options: str, file: str = "cohort.csv") -> Any:
    return lenrx("batch", file, *ASKED, *options)


def records(text: bytes) -> list[Record]:
    return [json.loads(line) for line in text.splitlines()]


def summary(name: str = "summary.json") -> Record:
    found: Record = json.loads(Path(name).read_bytes())
    return found


def _counted(rows: list[Record]) -> Record:
    """A summary made of nothing but the lines of the rows."""
    read = [row for row in rows if "error" not in row]
    best = Counter(row["regimens"][0]["verdict"] for row in read)
    verdicts: Counter[tuple[str, str]] = Counter()
    excluded: Counter[tuple[str, str]] = Counter()
    for row in read:
        for each in row["regimens"]:
            verdicts[each["id"], each["verdict"]] += 1
            if each["verdict"] == "excluded":
                out = (("excludes", "met"), ("requires", "not met"))
                for one in each["findings"]:
                    if (one["effect"], one["status"]) in out:
                        excluded[each["id"], one["criterion"]] += 1
    return {
        "states": dict(Counter(row["patient"]["derived"]["state"] for row in read)),
        "options": [best["eligible"], best["conditional"], best["excluded"]],
        "verdicts": dict(verdicts),
        "excluded": dict(excluded),
        "missing": dict(Counter(one["field"] for row in read for one in row["open_questions"])),
        "settles": dict(
            Counter(one["field"] for row in read for one in row["open_questions"] if one["decides"])
        ),
    }


def _told(found: Record) -> Record:
    """The same of a summary."""
    return {
        "states": found["states"],
        "options": [found[name] for name in ("with_an_option", "only_conditional", "nothing_open")],
        "verdicts": {
            (each["id"], verdict): each[verdict]
            for each in found["regimens"]
            for verdict in ("eligible", "conditional", "excluded")
            if each[verdict]
        },
        "excluded": {
            (each["id"], one["criterion"]): one["rows"]
            for each in found["regimens"]
            for one in each["excluded_by"]
        },
        "missing": {each["field"]: each["rows"] for each in found["missing"]},
        "settles": {
            each["field"]: each["rows_with_a_regimen_it_settles"]
            for each in found["missing"]
            if each["rows_with_a_regimen_it_settles"]
        },
    }


def test_the_summary_has_the_counts_made_by_hand() -> None:
    result = batch("--summary-json", "summary.json")
    assert result.exit_code == 1
    found = summary()
    assert found["schema"] == "lenrx/summary/1"
    assert (found["rows"], found["unreadable"]) == (9, 2)
    assert found["unreadable_fields"] == {"ecog": 1, "egfr": 1, "refractory": 1}
    assert found["duplicate_ids"] == 1
    assert found["not_literal"] == 1
    assert found["states"] == STATES


@pytest.mark.parametrize("options", [(), ("--strict",), ("--on-label", "--region", "us")])
def test_the_summary_counts_what_the_rows_say(
    catalogue: Catalogue, options: tuple[str, ...]
) -> None:
    rows = records(batch("--summary-json", "summary.json", *options).stdout_bytes)
    found = summary()
    read = found["rows"] - found["unreadable"]
    assert found["rows"] == len(rows)
    assert found["unreadable"] == sum("error" in row for row in rows)
    assert sum(found["states"].values()) == read
    options_ = [found[name] for name in ("with_an_option", "only_conditional", "nothing_open")]
    assert sum(options_) == read
    assert [each["id"] for each in found["regimens"]] == list(catalogue.regimens)
    for each in found["regimens"]:
        assert each["eligible"] + each["conditional"] + each["excluded"] == read, each["id"]
    assert _told(found) == _counted(rows)
    assert all(each["question"].endswith("?") for each in found["missing"])


def test_the_most_frequent_comes_first() -> None:
    batch("--summary-json", "summary.json")
    found = summary()
    lists = [
        list(found["states"].values()),
        [each["rows"] for each in found["missing"]],
        *([one["rows"] for one in each["excluded_by"]] for each in found["regimens"]),
    ]
    assert all(counts == sorted(counts, reverse=True) for counts in lists)
    assert max(map(len, lists)) > 3


def test_the_summary_is_the_same_for_any_jobs_and_both_engines() -> None:
    batch("--summary-json", "plain.json")
    batch("--summary-json", "jobs.json", "-o", "out.ndjson", "--jobs", "3")
    batch("--summary-json", "engine.json", "--engine", "plain")
    plain = Path("plain.json").read_bytes()
    assert Path("jobs.json").read_bytes() == plain
    assert Path("engine.json").read_bytes() == plain


def test_the_summary_of_a_resumed_run_is_that_of_a_plain_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch("--summary-json", "plain.json")
    line, count = Lines.line, [0]

    def stopping(lines: Lines, result: Result) -> bytes:
        count[0] += 1
        if count[0] == 6:
            raise OSError(28, "No space left on device")
        return line(lines, result)

    with monkeypatch.context() as patch:
        patch.setattr(turns, "EVERY", -1.0)
        patch.setattr(turns, "CHUNK", 1)
        patch.setattr(Lines, "line", stopping)
        assert batch("--summary-json", "summary.json", "-o", "out.ndjson").exit_code == 2
    assert not Path("summary.json").exists()
    assert json.loads(Path("out.ndjson.part.state").read_bytes())["rows"] > 0
    batch("--summary-json", "summary.json", "-o", "out.ndjson", "--resume")
    assert Path("summary.json").read_bytes() == Path("plain.json").read_bytes()


def test_a_summary_in_place_of_the_rows_fits_eighty_columns() -> None:
    result = batch("--summary", "--width", "80")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "9 rows, 2 could not be read."
    assert lines[1] == "Not read: ecog 1, egfr 1, refractory 1."
    assert "With the id of an earlier row: 1." in lines
    shown = {" ".join(line.split()) for line in lines}
    for state, count in STATES.items():
        assert f"{state} {count} {100 * count / 7:.0f} %" in shown
    assert '"schema"' not in result.stdout
    assert "Jane" not in result.output


def test_a_summary_names_every_regimen(catalogue: Catalogue) -> None:
    text = batch("--summary", "--width", "120").stdout
    first = [line.split()[0] for line in text.splitlines() if line.strip()]
    assert set(catalogue.regimens) <= set(first)


def test_a_summary_of_nothing_is_drawn_too() -> None:
    Path("none.csv").write_text("id,age\n")
    result = batch("--summary", "--summary-json", "summary.json", file="none.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("0 rows, 0 could not be read.")
    assert summary()["with_an_option"] == 0


CHARTED: Final = (
    "MRN,Edad,Geschlecht,Refractario,FEVI,Nota\n1,71,F,Revlimid,60,x\n2,60,M,Len,55,y\n"
)


def test_proposed_columns_are_a_map_that_can_be_used() -> None:
    Path("chart.csv").write_text(CHARTED, encoding="utf-8")
    assert batch(file="chart.csv").exit_code == 2
    proposed = batch("--columns", file="chart.csv")
    assert (proposed.exit_code, proposed.stderr) == (0, "")
    Path("map.yaml").write_text(proposed.stdout, encoding="utf-8")
    mapped = records(batch("--map", "map.yaml", file="chart.csv").stdout_bytes)
    assert [row["patient"]["given"]["refractory"] for row in mapped] == [["lenalidomide"]] * 2
    assert [row["patient"]["given"]["lvef"] for row in mapped] == [60.0, 55.0]
    assert "Revlimid" not in proposed.stdout


def test_proposed_columns_of_json_are_a_map_too() -> None:
    rows = [{"Edad": 71, "Refractario": ["lena"], "Nota": "x"}, {"Edad": 60, "más": None}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    Path("chart.ndjson").write_text(text, encoding="utf-8")
    Path("map.yaml").write_text(batch("--columns", file="chart.ndjson").stdout, encoding="utf-8")
    result = batch("--map", "map.yaml", file="chart.ndjson")
    assert result.exit_code == 0
    first, second = (row["patient"]["given"] for row in records(result.stdout_bytes))
    assert (first["age"], first["refractory"], second["age"]) == (71.0, ["lenalidomide"], 60.0)


@pytest.mark.parametrize(
    ("options", "exit_code"),
    [
        (("--map", "refractory=Refractario", "--ignore-other"), 0),
        (("--map", "refractory=Refractario"), 2),
        (("--map", "refractory=Refractory", "--ignore-other"), 2),
        (("--map", "nothing=Refractario", "--ignore-other"), 2),
        (
            (
                "--map",
                "no-such-map.yaml",
            ),
            2,
        ),
        (("--map", "age=Edad", "--ignore", "Edad", "--ignore-other"), 2),
    ],
)
def test_a_column_is_mapped_ignored_or_refused(options: tuple[str, ...], exit_code: int) -> None:
    Path("chart.csv").write_text(CHARTED, encoding="utf-8")
    result = batch(*options, file="chart.csv")
    assert result.exit_code == exit_code
    assert len(result.stderr.splitlines()) == (0 if exit_code == 0 else 1)


def diff(before: str, after: str) -> list[Record]:
    result = lenrx("diff", before, after, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return records(result.stdout_bytes)


def results(name: str, rows: str, *options: str) -> str:
    """The results of some rows, in a file."""
    Path("rows.csv").write_text(rows, encoding="utf-8")
    output = CliRunner().invoke(cli.app, ["batch", "rows.csv", *(options or ASKED)]).stdout_bytes
    Path(name).write_bytes(output)
    return name


def test_the_same_results_have_no_change() -> None:
    same = results("a.ndjson", COHORT)
    assert diff(same, same) == []
    assert lenrx("diff", same, same).stdout == "No patient's options changed.\n"


def test_a_later_date_lists_whose_options_changed_and_why() -> None:
    before = results("before.ndjson", COHORT, "--as-of", "2023-06-01")
    after = results("after.ndjson", COHORT)
    found = {each["row"]: each for each in diff(before, after)}
    sides = [records(Path(name).read_bytes()) for name in (before, after)]
    changed = {
        then["row"]: [
            (one["id"], old[one["id"]], one["verdict"])
            for one in now["regimens"]
            if old[one["id"]] != one["verdict"]
        ]
        for then, now in zip(*sides, strict=True)
        if "error" not in now
        for old in [{one["id"]: one["verdict"] for one in then["regimens"]}]
    }
    told = {
        row: [(one["id"], one["before"], one["after"]) for one in each["regimens"]]
        for row, each in found.items()
    }
    assert told == {row: each for row, each in changed.items() if each}
    assert told
    for each in found.values():
        assert each["change"] == "options"
        assert each["basis"]["as_of"] == ["2023-06-01", "2026-11-23"]
        assert all(one["because"] for one in each["regimens"]), each


def test_only_the_patient_whose_row_changed_is_listed() -> None:
    before = results("before.ndjson", COHORT)
    after = results("after.ndjson", COHORT.replace("B,lena;bort,25", "B,lena;bort;pom,25"))
    (found,) = diff(before, after)
    assert (found["id"], found["row"], found["basis"]) == ("B", 2, {})
    reasons = {one["criterion"] for each in found["regimens"] for one in each["because"]}
    assert any("pomalidomide" in reason.lower() or "imid" in reason.lower() for reason in reasons)


def test_patients_are_matched_by_id_whatever_their_order() -> None:
    head, *rows = COHORT.splitlines()
    ids = [row for row in rows if row[0] in "BCDF"]
    before = results("before.ndjson", "\n".join([head, *ids, ""]))
    after = results("after.ndjson", "\n".join([head, *reversed(ids), ""]))
    assert diff(before, after) == []


def test_a_patient_in_one_file_only_is_listed_as_such() -> None:
    before = results("before.ndjson", COHORT)
    after = results("after.ndjson", COHORT.replace("B,lena", "Z,lena"))
    assert [(each["id"], each["change"]) for each in diff(before, after)] == [
        ("Z", "only in the later result"),
        ("B", "only in the earlier result"),
    ]


def test_ids_that_repeat_are_matched_first_to_first() -> None:
    rows = "id,refractory\nA,lena\nA,lena;bort;dara\n"
    before = results("before.ndjson", rows)
    assert diff(before, results("after.ndjson", rows)) == []
    later = results("after.ndjson", rows.replace("dara", "pom"))
    assert [(each["id"], each["row"], each["change"]) for each in diff(before, later)] == [
        ("A", 2, "options")
    ]
    fewer = results("fewer.ndjson", "id,refractory\nA,lena\n")
    assert [(each["row"], each["change"]) for each in diff(before, fewer)] == [
        (2, "only in the earlier result")
    ]


def test_a_row_that_can_be_read_no_more_or_at_last_is_told() -> None:
    good = results("good.ndjson", COHORT)
    bad = results("bad.ndjson", COHORT.replace("B,lena;bort,25", "B,lena;bort,Jane Roe"))
    (lost,) = diff(good, bad)
    assert (lost["id"], lost["change"]) == ("B", "can no longer be read")
    assert lost["error"]["field"] == "egfr"
    (found,) = diff(bad, good)
    assert (found["id"], found["change"]) == ("B", "could not be read before")
    assert diff(bad, bad) == []
    assert "Jane" not in lenrx("diff", good, bad).output


LINE: Final = '{"schema":"lenrx/review/1"}\n'


@pytest.mark.parametrize(
    "content",
    [b"id,age\n", b"{}\n", b"[]\n", b"\n", b"\xff\n", b"[" * 100_000 + b"\n", LINE.encode()],
    ids=["csv", "object", "list", "blank", "bytes", "deep", "no id"],
)
@pytest.mark.parametrize("side", [0, 1])
def test_what_is_no_result_is_one_line_and_exit_2(content: bytes, side: int) -> None:
    names = ["good.ndjson", results("good.ndjson", "id,refractory\nA,lena\n")]
    Path("bad.ndjson").write_bytes(content)
    names[side] = "bad.ndjson"
    result = lenrx("diff", *names)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("lenrx: bad.ndjson:1: not a line of lenrx/review/1")


def test_a_result_cut_short_is_refused_with_its_line() -> None:
    good = results("good.ndjson", COHORT)
    Path("cut.ndjson").write_bytes(Path(good).read_bytes()[:-20])
    result = lenrx("diff", good, "cut.ndjson")
    assert result.exit_code == 2
    assert "cut.ndjson:9: " in result.stderr


def test_a_result_that_is_not_there_is_one_line_and_exit_2() -> None:
    result = lenrx("diff", results("a.ndjson", COHORT), "no-such-file")
    assert result.exit_code == 2
    assert result.stderr.startswith("lenrx: no-such-file: cannot be read")
    assert len(result.stderr.splitlines()) == 1


def test_changes_fit_eighty_columns_and_say_how_many() -> None:
    before = results("before.ndjson", COHORT, "--as-of", "2023-06-01")
    after = results("after.ndjson", COHORT)
    count = len(diff(before, after))
    lines = lenrx("diff", before, after, "--width", "80").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == f"{count} patients changed."
    assert count > 1
    assert "A (row 1) as_of 2023-06-01 -> 2026-11-23" in lines
    assert any(" -> eligible" in line for line in lines)


def test_nothing_in_a_result_is_obeyed_by_the_terminal_or_taken_for_markup() -> None:
    ids = ["[/b]", "[red]x", "\x1b[31mred", "two\nlines"]
    for name, drug in (("a.ndjson", "lena"), ("b.ndjson", "lena; dara")):
        Path("rows.ndjson").write_text(
            "".join(json.dumps({"id": each, "refractory": drug}) + "\n" for each in ids)
        )
        Path(name).write_bytes(batch(file="rows.ndjson").stdout_bytes)
    result = lenrx("diff", "a.ndjson", "b.ndjson", "--color", "always")
    assert result.exit_code == 0
    assert "[/b] (row 1)" in result.stdout
    assert "[red]x (row 2)" in result.stdout
    assert "?[31mred (row 3)" in result.stdout
    assert "two?lines (row 4)" in result.stdout


def test_every_missing_field_is_in_the_json_and_the_first_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cohort, "MISSING", 3)
    result = batch("--summary", "--summary-json", "summary.json", "--width", "100")
    missing = summary()["missing"]
    assert len(missing) > cohort.MISSING
    words = " ".join(result.stdout.split())
    assert all(each["question"] in words for each in missing[: cohort.MISSING])
    assert missing[-1]["question"] not in words


def test_what_opens_a_regimen_is_what_no_longer_excludes_it(tmp_path: Path) -> None:
    """A confirmation that an eligible regimen carries is no reason for its being open."""
    lines = {"before": "P1,lena,25", "after": "P1,lena,90"}
    for name, line in lines.items():
        table = tmp_path / f"{name}.csv"
        table.write_text(f"id,refractory,egfr\n{line}\n", encoding="utf-8")
        CliRunner().invoke(cli.app, ["batch", str(table), "-o", str(tmp_path / f"{name}.ndjson")])
    args = ["diff", *(str(tmp_path / f"{name}.ndjson") for name in lines), "--format", "json"]
    (found,) = map(json.loads, CliRunner().invoke(cli.app, args).stdout.splitlines())
    (dcep,) = (each for each in found["regimens"] if each["id"] == "DCEP")
    assert (dcep["before"], dcep["after"]) == ("excluded", "conditional")
    assert {each["status"] for each in dcep["because"]} == {"unknown"}
    back = CliRunner().invoke(cli.app, [args[0], args[2], args[1], *args[3:]])
    (found,) = map(json.loads, back.stdout.splitlines())
    for each in found["regimens"]:
        assert each["after"] != "eligible" or all(one["no_longer"] for one in each["because"])
