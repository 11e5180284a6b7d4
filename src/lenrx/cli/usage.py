"""Usage errors: one line for what typer draws as a box, with the nearest name and what to do."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from lenrx.cli.terminal import fail, one_line, piped, reader_left

_WORDS: Final = {
    r"('.*') is not a valid (?:int|integer)(?: range)?\.?": r"\1: must be a whole number",
    r"(\S+) is not in the range x>=(\d+)\.?": r"\1: must be \2 or more",
    r"(\S+) is not in the range (\d+)<=x<=(\d+)\.?": r"\1: must be \2 to \3",
}
"""What typer says of a value, and how it is said here."""


@contextmanager
def _read_by_someone() -> Iterator[None]:
    """Drawing a help on stdout; rich ends the program where its reader is gone."""
    with piped():
        try:
            yield
        except SystemExit:
            raise BrokenPipeError from None
        sys.stdout.flush()


class Command(TyperCommand):
    """A command in whose call no option that takes one value is given two."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse what would be lost, then read the options."""
        if not ctx.resilient_parsing:
            self._refuse_second_values(ctx, args)
        return super().parse_args(ctx, args)

    def _refuse_second_values(self, ctx: Any, args: list[str]) -> None:
        # Of an option that is given twice typer keeps the last: here every value is collected.
        parser: Any = type(self.make_parser(ctx))(ctx)
        add = parser.add_option
        parser.add_option = lambda *a, action="", **more: add(*a, action=_ALL[action], **more)
        params = self.get_params(ctx)
        for each in params:
            each.add_to_parser(parser, ctx)
        values, _, _ = parser.parse_args([*args])
        for each in params:
            single = each.param_type_name == "option" and not each.multiple
            given = values.get(each.name) if single else None
            if given and given.count(given[0]) < len(given):
                fail(f"{max(each.opts, key=len)}: given twice with different values; keep one")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help, for whoever still reads it."""
        with _read_by_someone():
            super().format_help(ctx, formatter)


_ALL: Final = {
    **{each: each for each in ("append", "append_const", "count")},
    **{"store": "append", "store_const": "append_const"},
}
"""The actions of a parser, each as the one that keeps every value."""


class Program(TyperGroup):
    """The commands of the program; what is wrong with a call is told in one line, with exit 2."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help, for whoever still reads it."""
        with _read_by_someone():
            super().format_help(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; one that is interrupted says so."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.echo("lenrx: stopped", err=True)
            raise typer.Exit(130) from None

    def main(self, *args: Any, standalone_mode: bool = True, **more: Any) -> Any:
        """Run the command line and end the program with its exit code."""
        try:
            code = super().main(*args, **{**more, "standalone_mode": False})
        except typer.Abort:
            typer.echo("lenrx: stopped", err=True)
            code = 130
        except SystemExit as ended:
            # typer ends so, with 1, where nobody reads what it says.
            code = 0 if reader_left() else ended.code
        except OSError as error:
            where = str(error.filename or "stdout")
            if not error.filename and sys.stdout is not None:
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            why = error.strerror or type(error).__name__
            typer.echo(f"lenrx: {one_line(where[:200])}: cannot be used ({why})", err=True)
            code = 2
        except Exception as error:
            # Told by what it has: typer has its errors from click, or a copy of them, by version.
            if not hasattr(error, "format_message"):
                raise
            if not type(error).__name__.startswith("NoArgs"):
                typer.echo(f"lenrx: {one_line(wrong(error))}", err=True)
            else:
                typer.echo(error.format_message())
            code = 2
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def wrong(error: Any) -> str:
    """What is wrong with a call: what, where, what to do, and the nearest name where one is near.

    `error` is a usage error of typer.
    """
    said, context = str(error.message), error.ctx
    if found := re.fullmatch(r"Option '(.*)' requires an argument\.", said):
        return f"{found[1]}: has no value; write it behind: {found[1]} VALUE"
    if found := re.fullmatch(r"Option '(.*)' does not take a value\.", said):
        return f"{found[1]}: takes no value; write {found[1]} alone"
    if context is None:
        return said
    of, look = context.info_name, f"`{context.command_path} --help` lists what there is"
    options = [each for one in context.command.params for each in (*one.opts, *one.secondary_opts)]
    if hasattr(error, "possibilities"):
        name = str(error.option_name)
        return f"{name}: no such option of {of}{_near(name, options)}; {look}"
    if getattr(error, "param", None) is not None:
        return _parameter(error, said, look)
    if found := re.fullmatch(r"No such command '(.*?)'\..*", said, re.DOTALL):
        return f"{found[1]}: no such command{_near(found[1], context.command.commands)}; {look}"
    if found := re.fullmatch(r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)", said, re.S):
        first = found[1].split()[:1]
        near = _near(first[0], options) if first else ""
        return f"{found[1]}: is more than {of} takes{near}; {look}"
    return f"{said.rstrip('.')}; {look}"


def _parameter(error: Any, said: str, look: str) -> str:
    """What is wrong with the value of an option or an argument."""
    option = error.param.param_type_name == "option"
    where = max(error.param.opts, key=len) if option else error.param.human_readable_name
    if not said:
        return f"{where}: is missing; {look}"
    if found := re.fullmatch(r"'(.*)' is not one of (.*)\.", said, re.DOTALL):
        words = re.findall(r"'(.*?)'", found[2])
        return f"{where}: '{found[1]}': must be one of {', '.join(words)}{_near(found[1], words)}"
    for pattern, words_for in _WORDS.items():
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return f"{where}: {found.expand(words_for)}"
    return f"{where}: {said.rstrip('.')}; {look}"


def _near(word: str, names: Iterable[str]) -> str:
    plain = {name.lstrip("-"): name for name in names}
    near = get_close_matches(word.lower().lstrip("-"), plain, 1, 0.7)
    return f"; did you mean {plain[near[0]]}?" if near else ""
