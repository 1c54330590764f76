"""Graph: a history as lines of characters, in the manner of `git log --graph`: who came from whom, the newest first.

A column is the way to one parent: versions that came from one share it from where they meet. Ways only ever move to the left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

NODE, STRAIGHT, LEFT, OPEN = "*", "|", "/", ":"


@dataclass(frozen=True, slots=True)
class Stroke:
    """The part of the way to a parent in one line: from which column, counted from 0, to which; one where it goes straight.

    `is_open`: the way ends here, for the parent is not among what is drawn.
    """

    parent: str
    above: int
    below: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class GraphLine:
    """One line: that of the version `ref`, which stands in a column, or one between two versions (`ref` is then empty)."""

    strokes: tuple[Stroke, ...]
    ref: str = ""
    column: int = 0

    @property
    def text(self) -> str:
        """The line as characters.

        >>> GraphLine((Stroke("v1", 0, 0),), "v3", 1).text, GraphLine((Stroke("v1", 0, 0), Stroke("v1", 1, 0))).text
        ('| *', '|/')
        """
        marks = {2 * self.column: NODE} if self.ref else {}
        for one in self.strokes:
            if one.is_open:
                marks[2 * one.above] = OPEN
            elif one.above == one.below:
                marks[2 * one.above] = STRAIGHT
            else:
                marks[2 * one.above - 1] = LEFT
        return "".join(marks.get(place, " ") for place in range(max(marks, default=-1) + 1))


def graph_lines(versions: Sequence[tuple[str, str | None]]) -> tuple[GraphLine, ...]:
    r"""Return the lines of versions, each with the ref of its parent (None: it came from none), every one before its parent.

    >>> print("\n".join(line.text for line in graph_lines([("v4", "v1"), ("v3", "v2"), ("v2", "v1"), ("v1", None)])))
    *
    | *
    | *
    |/
    *
    """
    shown = {ref for ref, _ in versions}
    return tuple(_lines(versions, shown))


def _lines(versions: Iterable[tuple[str, str | None]], shown: set[str]) -> Iterator[GraphLine]:
    ways: list[str] = []  # by column, the parents that are still to come
    for ref, parent in versions:
        if ref not in ways:
            ways.append(ref)
        column = ways.index(ref)
        others = tuple(Stroke(way, place, place) for place, way in enumerate(ways) if place != column)
        yield GraphLine(others, ref, column)
        if parent is not None and parent not in shown:
            yield GraphLine((*others, Stroke(parent, column, column, is_open=True)))
        ways[column] = parent if parent is not None and parent in shown else ""
        yield from _moved(ways)
        ways = [way for way in dict.fromkeys(ways) if way]


def _moved(ways: Sequence[str]) -> Iterator[GraphLine]:
    """Yield the lines in which ways move to the left: to those that they meet, and to columns that have become free."""
    target = {way: place for place, way in enumerate(way for way in dict.fromkeys(ways) if way)}
    places = [(place, way) for place, way in enumerate(ways) if way]
    while any(place > target[way] for place, way in places):
        moved = [(max(place - 1, target[way]), way) for place, way in places]
        yield GraphLine(tuple(Stroke(way, above, below) for (above, way), (below, _) in zip(places, moved, strict=True)))
        places = list(dict.fromkeys(moved))
