"""Directive: the `%%track NAME -m NOTE` line on top of a cell."""

import argparse
import shlex
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from mvlake.errors import InvalidVerb, MvlakeError
from mvlake.records.column_rule import ColumnRule, read_column_rules
from mvlake.records.names import check_name
from mvlake.records.policy import Keep
from mvlake.records.source import DIRECTIVE

USAGE = "%%track [NAME] [-m NOTE] [--data full|profile|none] [--columns RULES]"


@dataclass(frozen=True, slots=True)
class Directive:
    """What a `%%track` line says. An empty name means the one used last, or the notebook's.

    `data` is how much of data to keep, `columns` which columns to hide beside those that lake and user hide anyway.
    """

    name: str
    message: str = ""
    data: Keep | None = None
    columns: tuple[ColumnRule, ...] = ()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InvalidVerb(f"{DIRECTIVE}: {message}", usage=USAGE)


@lru_cache(maxsize=256)  # IPython transforms a cell more than once, and a cell is run more than once
def parse_directive(line: str) -> Directive:
    """Return what stands behind `%%track`; InvalidVerb, InvalidName or Invalid when it cannot be meant.

    >>> parse_directive('fraud -m "more trees"')
    Directive(name='fraud', message='more trees', data=None, columns=())
    """
    parser = _Parser(prog=DIRECTIVE, usage=USAGE, add_help=False, allow_abbrev=False)
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("-m", "--message", default="")
    parser.add_argument("--data", choices=[one.value for one in Keep])
    parser.add_argument("--columns", default="")
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise InvalidVerb(f"{DIRECTIVE}: {error}", usage=USAGE) from error
    found = parser.parse_args(words)
    return Directive(
        name=check_name(found.name) if found.name else "",
        message=found.message,
        data=Keep(found.data) if found.data else None,
        columns=read_column_rules(found.columns, said_by=f"{DIRECTIVE} --columns"),
    )


def split_cell(source: str) -> tuple[str, str] | None:
    r"""Return what stands behind `%%track` on a cell's first line, and the rest of the cell; None when it is no such cell.

    >>> split_cell("%%track fraud\nx = 1")
    ('fraud', 'x = 1')
    """
    first, _, body = source.lstrip().partition("\n")
    magic, _, line = first.strip().partition(" ")
    return (line.strip(), body) if magic == DIRECTIVE else None


def directive_of(source: str) -> Directive | None:
    """Return a cell's directive; None when it has none, or one that cannot be meant."""
    parts = split_cell(source)
    if parts is None:
        return None
    try:
        return parse_directive(parts[0])
    except MvlakeError:
        return None
