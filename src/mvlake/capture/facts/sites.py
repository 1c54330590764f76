"""Sites: the calls in a cell's text that measure something or are given settings, with the names around them."""

from dataclasses import dataclass

from mvlake.records.canonical import Json


@dataclass(frozen=True, slots=True)
class Site:
    """One simple statement at a cell's top level with a call in it: its lines, and what it stores into (`a`, or `a.key`).

    `function` is the first callee that measures, as written, "" when none does. `arguments` are the names in what it is given,
    in order; `segment` is the part of the data that the arguments are selected to be. `loops` are the names with which the
    loops around it count, `group` the one among them that stands for a part of the data, or the frame for whose groups it computes.
    """

    first: int
    last: int
    targets: tuple[str, ...]
    function: str
    arguments: tuple[str, ...]
    segment: str = ""
    loops: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What one call is given by keyword: literals, dictionaries of literals in any place, and keywords of anything else (`named`).

    `targets` are the names that the statement binds, `owner` the function of the cell whose body it stands in, "" outside of one.
    """

    function: str
    owner: str
    targets: tuple[str, ...]
    literals: tuple[tuple[str, Json], ...]
    named: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Sites:
    """All sites of a cell.

    `origins` are the names that a name was made from, in order; `selected` tells of a name the condition under which its rows were
    taken, `splits` which side of a split it is (`train`, `test`); `fits` are names whose object is fitted, each with the last line.
    """

    sites: tuple[Site, ...] = ()
    given: tuple[Given, ...] = ()
    origins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    selected: tuple[tuple[str, str], ...] = ()
    splits: tuple[tuple[str, str], ...] = ()
    fits: tuple[tuple[str, int], ...] = ()
