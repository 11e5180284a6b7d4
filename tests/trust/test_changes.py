"""The changes that mutants are made of."""

from __future__ import annotations

import pytest

from tests.trust.changes import made, of
from tests.trust.mutants import CATALOGUE, CODE, ROOT, TESTS, shares, shown_to
from tests.trust.reached import Reached, function_around


def kinds(text: str) -> list[str]:
    return [f"{each.kind}: {each.after}" for each in of("x.py", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", ["comparison: a <= b"]),
        ("a >= b", ["comparison: a > b"]),
        ("a < b == c", ["comparison: a <= b == c", "comparison: a < b != c"]),
        ("a is None", ["comparison: a is not None"]),
        ("a and b", ["and/or: a or b"]),
        ("not a", ["negation: a"]),
        ("x = 3", ["constant: 4", "constant: 2"]),
        ("x = True", ["constant: False"]),
        ("x = a if b else c", ["negation: not b"]),
        ("[a for a in b if a]", ["negation: not a"]),
        ("def f(a):\n    return a", ["return: return None"]),
        ("def f():\n    return None", []),
        ("for a in b:\n    continue", ["continue: break"]),
        ("def f(a: Literal[3]) -> Literal[4]: ...", []),
        ("if TYPE_CHECKING:\n    x = 3", []),
        ("zip(a, b, strict=True)", []),
        ("@lru_cache(3)\ndef f(): ...", []),
        ("f = lru_cache(maxsize=3)(g)", []),
        ("'text'", []),
    ],
)
def test_every_change_to_code_is_made_once(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_change_is_alone_and_the_module_stays_whole() -> None:
    text = "x = a < b\ny = c and d"
    texts = [made(each, text) for each in of("x.py", text)]
    assert texts == ["x = a <= b\ny = c and d", "x = a < b\ny = c or d"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("when: {renal: {below: 30}}", ["{below: 35}", "{below: 25}", "{at_most: 30}"]),
        ("when: {anc: {at_least: 1.0}}", ["at_least: 1.5", "at_least: 0.5", "above: 1.0"]),
        ("when: {prior_lines: {above: 3}}", ["above: 4", "above: 2", "at_least: 3"]),
        ("effect: excludes", ["effect: cautions"]),
        ("- {drug: x, role: partner}", ["role: tolerated"]),
        ("region: us", ["region: eu"]),
        ('from: "2024-02-29"', ['"2024-03-01"', '"2024-02-28"']),
        ("because: below 30 mL/min", []),
    ],
)
def test_every_change_to_the_catalogue_is_one_step(line: str, expected: list[str]) -> None:
    text = f"a: 1\n{line}\n"
    found = of("x.yaml", text)
    assert len(found) == len(expected)
    assert all(part in each.after for part, each in zip(expected, found, strict=True))
    assert all(made(each, text) == f"a: 1\n{each.after}\n" for each in found)
    assert {each.line for each in found} <= {2}


def test_every_module_and_every_test_is_there() -> None:
    named = {*CATALOGUE, *TESTS}
    assert [name for name in sorted(named) if not (ROOT / "tests" / name).exists()] == []
    assert [name for name in CODE if not (ROOT / "src/lenrx" / name).exists()] == []


TEXT = "x = 1\n\n\n@cache\ndef f():\n    def g():\n        return 1\n    return 2\n"


@pytest.mark.parametrize(("line", "first"), [(1, 0), (3, 0), (5, 4), (7, 6), (8, 4)])
def test_a_change_belongs_to_the_innermost_function_around_it(line: int, first: int) -> None:
    assert function_around(TEXT, line) == first


SECONDS = {"slow": 30.0, "quick": 1.0, "never": 50.0}
CALLED = {("a.py", 4): frozenset(SECONDS), ("a.py", 0): frozenset({"slow"})}


def test_a_change_is_shown_to_the_tests_that_call_it_the_quickest_first() -> None:
    reached = Reached(SECONDS, CALLED)
    assert reached.of(("a.py", 4), 31) == ["quick", "slow"]
    assert reached.of(("a.py", 4), 30) == ["quick"]
    assert reached.of(("a.py", 4), 0.5) == ["quick"]
    assert reached.of(("a.py", 9), 31) == []
    assert Reached.read(reached.written()) == reached


def test_a_change_outside_of_functions_is_shown_to_every_test_of_the_module() -> None:
    file = "src/lenrx/rules/order.py"
    mutant = of(file, "x = 3")[0]
    reached = Reached(SECONDS, {(file, 0): frozenset({"quick"})})
    assert shown_to(mutant, reached) == ["quick"]


def test_shares_are_told_by_kind_of_change() -> None:
    one, other = of("x.py", "a < b and c")
    assert shares([(one, "killed"), (other, "survived"), (one, "timeout"), (one, "survived")]) == {
        "and/or": 66.7,
        "comparison": 0.0,
    }
