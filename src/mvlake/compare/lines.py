"""Line diff: two texts as one list of kept, removed and added lines."""

from mvlake.compare.alignment import aligned
from mvlake.compare.diff import Line
from mvlake.compare.words import with_segments

KEPT, REMOVED, ADDED = " ", "-", "+"


def diff_lines(a: str, b: str) -> tuple[Line, ...]:
    r"""Return b's lines in order, with those of a that are gone before those that took their place.

    Changed lines have their segments where a line on the other side has words of theirs. Only "\n" ends a line: a carriage return
    is content. Texts that end in a newline have an empty last line.

    >>> "".join(line.op for line in diff_lines("x\ny", "x\nz"))
    ' -+'
    """
    left, right = _split(a), _split(b)
    lines: list[Line] = []
    i = j = 0
    for next_i, next_j in [*aligned(left, right), (len(left), len(right))]:
        lines += [Line(REMOVED, text) for text in left[i:next_i]]
        lines += [Line(ADDED, text) for text in right[j:next_j]]
        if next_i < len(left):
            lines.append(Line(KEPT, left[next_i]))
        i, j = next_i + 1, next_j + 1
    return with_segments(lines)


def _split(text: str) -> list[str]:
    return text.split("\n") if text else []
