"""Words: within changed lines, which words are others.

A removed line and an added one of the same stretch are partners where enough of their words are the same. What is done for all
lines of a text is bounded; lines beyond that bound, and very long ones, are told as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mvlake.compare.alignment import Pair, aligned
from mvlake.compare.alike import dice, most_alike
from mvlake.compare.diff import Line
from mvlake.compare.segments import Segment

_WORD = re.compile(r"[^\W\d]\w*|\d[\w.]*|\s+|.", re.DOTALL)
_ALIKE = 0.4
_LONGEST = 2_000  # characters of a line
_PAIRS = 1_600  # of lines in one stretch, of which it is asked how alike they are
_WORK = 600_000  # words looked at, and pairs of words, in one text


@dataclass(frozen=True, slots=True)
class _Worded:
    """A changed line in its words; the `bag` has those that are no space."""

    place: int
    text: str
    words: tuple[str, ...]
    bag: Counter[str]


def with_segments(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines; those that have a partner with their segments, which together are the line's text.

    Partners stand in order: of one stretch of changed lines, the first removed line that has segments and the first added one are
    partners, and so on.
    """
    told, left = list(lines), _WORK
    for removed, added in _stretches(lines):
        if len(removed) * len(added) > min(_PAIRS, left):
            continue
        ours, theirs = ([_worded(place, lines[place].text) for place in places] for places in (removed, added))
        left -= len(theirs) * sum(len(one.words) for one in ours) + len(ours) * sum(len(one.words) for one in theirs)
        for i, j in _partners(ours, theirs) if left > 0 else ():
            left -= _work(ours[i].words, theirs[j].words)
            if left <= 0:
                break
            for one, segments in zip((ours[i], theirs[j]), segments_of(ours[i].words, theirs[j].words), strict=True):
                told[one.place] = replace(lines[one.place], segments=segments)
    return tuple(told)


def words_of(text: str) -> tuple[str, ...]:
    """Return a text's words, numbers, spaces and signs, which together are the text.

    >>> words_of("lr=0.25 #")
    ('lr', '=', '0.25', ' ', '#')
    """
    return tuple(_WORD.findall(text))


def segments_of(a: Sequence[str], b: Sequence[str]) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return the segments of two lines that are given by their words: what is not changed is the same in both, in order."""
    pairs = _without_lone_spaces(aligned(a, b), a, b)
    return _segments(a, {i for i, _ in pairs}), _segments(b, {j for _, j in pairs})


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[list[int], list[int]]]:
    """Return the places of the lines that were removed and added, from one kept line to the next, where there are both."""
    for is_kept, stretch in groupby(range(len(lines)), lambda place: lines[place].op == " "):
        places = [] if is_kept else list(stretch)
        removed = [place for place in places if lines[place].op == "-"]
        added = [place for place in places if lines[place].op == "+"]
        if removed and added:
            yield removed, added


def _worded(place: int, text: str) -> _Worded:
    words = words_of(text) if len(text) <= _LONGEST else ()
    return _Worded(place, text, words, Counter(word for word in words if not word.isspace()))


def _partners(a: Sequence[_Worded], b: Sequence[_Worded]) -> list[Pair]:
    return most_alike(a, b, _likeness, key=lambda one: one.text)


def _likeness(a: _Worded, b: _Worded) -> float:
    found = dice(a.bag, b.bag)
    return found if found >= _ALIKE else 0.0


def _work(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how much it may take to align two lines: the product of what lies between their common beginning and end."""
    shorter = min(len(a), len(b))
    start = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    end = next((i for i in range(shorter - start) if a[-1 - i] != b[-1 - i]), shorter - start)
    return len(a) + len(b) + (len(a) - start - end) * (len(b) - start - end)


def _without_lone_spaces(pairs: Sequence[Pair], a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    """Return the pairs less the spaces that have changed words on both of their sides: to say them apart tells nothing."""
    ends = {(-1, -1), (len(a), len(b))}
    known = {*pairs, *ends}
    return [(i, j) for i, j in pairs if not a[i].isspace() or (i - 1, j - 1) in known or (i + 1, j + 1) in known]


def _segments(words: Sequence[str], same: set[int]) -> tuple[Segment, ...]:
    stretches = groupby(range(len(words)), lambda place: place not in same)
    return tuple(Segment("".join(words[place] for place in places), is_changed) for is_changed, places in stretches)
