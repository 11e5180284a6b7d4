"""Which tests reach which functions: a change of a function is shown to the tests that call it."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import pytest

Place = tuple[str, int]
"""A function: its file below the tree, and its first line. Line 0 is the module itself."""


class Reached(NamedTuple):
    """What the tests took, and what each function is called by."""

    seconds: Mapping[str, float]
    tests: Mapping[Place, frozenset[str]]

    def of(self, place: Place, most: float) -> list[str]:
        """The tests that call a function, the quickest first, as many as take `most` seconds."""
        found, left = list[str](), most
        for test in sorted(self.tests.get(place, ()), key=lambda each: self.seconds[each]):
            left -= self.seconds[test]
            if left < 0 and found:
                break
            found.append(test)
        return found

    def written(self) -> dict[str, Any]:
        """As JSON."""
        tests = [[*place, sorted(each)] for place, each in self.tests.items()]
        return {"seconds": dict(self.seconds), "tests": tests}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Reached:
        """From JSON."""
        tests = {(file, line): frozenset(each) for file, line, each in written["tests"]}
        return cls(written["seconds"], tests)


class Recorder:
    """A plugin of pytest that writes down what each test calls below a folder."""

    def __init__(self, source: Path, tree: Path) -> None:
        self._source, self._tree = f"{source}/", tree
        self._called: defaultdict[CodeType, set[str]] = defaultdict(set)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._failed = set[str]()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Profile one test, what it sets up included."""
        test, source, called = item.nodeid.partition("[")[0], self._source, self._called
        seen = set[CodeType]()

        def note(frame: FrameType, event: str, _: Any) -> None:
            code = frame.f_code
            if event == "call" and code not in seen:
                seen.add(code)
                if code.co_filename.startswith(source):
                    called[code].add(test)

        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what a part of a test took; one that fails while it is watched is no judge."""
        test = report.nodeid.partition("[")[0]
        self._seconds[test] += report.duration
        if report.failed:
            self._failed.add(test)

    def reached(self) -> Reached:
        """What was written down."""
        tests: defaultdict[Place, set[str]] = defaultdict(set)
        for code, names in self._called.items():
            file = str(Path(code.co_filename).relative_to(self._tree))
            for line in (code.co_firstlineno, 0):
                tests[file, line] |= names - self._failed
        seconds = {test: self._seconds[test] for test in self._seconds if test not in self._failed}
        return Reached(seconds, {place: frozenset(each) for place, each in tests.items()})


def function_around(text: str, line: int) -> int:
    """The first line of the innermost function that holds a line, its decorators included."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    around = [
        each
        for each in ast.walk(ast.parse(text))
        if isinstance(each, functions) and each.lineno <= line <= (each.end_lineno or line)
    ]
    inner = max(around, key=lambda each: each.lineno, default=None)
    return _first(inner.decorator_list, inner.lineno) if inner else 0


def _first(decorators: Iterable[ast.expr], line: int) -> int:
    return min([line, *(each.lineno for each in decorators)])
