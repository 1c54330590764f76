"""Labels: what two classifiers say of the same rows: which flipped, and how often each label of one meets each of the other."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mvlake.compare.predicted import Agreement, Flip, LabelsDiff

MOST_FLIPS = 20
MOST_PAIRS = 400
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels as text, so that those of two models can be held against one another: `codes` are places in `names`, row by row."""

    codes: Any
    names: tuple[str, ...]

    def text(self, row: int) -> str:
        """Return the label of a row."""
        return self.names[int(self.codes[row])]


def labels_of(array: Any) -> Labels:
    """Return an array of one dimension as labels: 1, 1.0 and "1" are one label, for models say the same in different types."""
    known: dict[str, int] = {}
    if array.dtype.kind in "biufUS":
        unique, inverse = np.unique(array, return_inverse=True)
        places = [known.setdefault(label_text(one), len(known)) for one in unique.tolist()]
        codes = np.asarray(places, dtype=np.int64)[inverse.reshape(-1)] if places else np.zeros(0, np.int64)
    else:
        codes = np.asarray([known.setdefault(label_text(one), len(known)) for one in array.tolist()], dtype=np.int64)
    return Labels(codes, tuple(known))


def label_text(label: Any) -> str:
    """Return a label as people read it; of what is no plain value, only its type.

    >>> label_text(1.0), label_text(True), label_text("spam"), label_text(None)
    ('1', 'True', 'spam', 'None')
    """
    if type(label) is str:
        return label[:_LONGEST]
    if type(label) is bytes:
        return label.decode("utf-8", "backslashreplace")[:_LONGEST]
    if type(label) is float and label.is_integer() and abs(label) < 2**53:
        return str(int(label))
    return str(label)[:_LONGEST] if label is None or type(label) in (bool, int, float) else type(label).__name__


def same_names(a: Labels, b: Labels) -> tuple[Any, Any, tuple[str, ...]]:
    """Return the codes of both for one tuple of names."""
    known = {name: place for place, name in enumerate(a.names)}
    places = [known.setdefault(name, len(known)) for name in b.names]
    return a.codes, np.asarray(places, dtype=np.int64)[b.codes] if places else b.codes, tuple(known)


def labels_diff(a: Labels, b: Labels) -> LabelsDiff:
    """Return how the labels of b differ from those of a."""
    ours, theirs, names = same_names(a, b)
    flipped = np.flatnonzero(ours != theirs)
    pairs, more = _agreement(ours, theirs, names)
    rows = len(ours)
    return LabelsDiff(
        rows=rows,
        flipped=len(flipped),
        share=len(flipped) / rows if rows else 0.0,
        flips=tuple(Flip(row, a.text(row), b.text(row)) for row in flipped[:MOST_FLIPS].tolist()),
        agreement=pairs,
        more=more,
    )


def _agreement(ours: Any, theirs: Any, names: tuple[str, ...]) -> tuple[tuple[Agreement, ...], int]:
    """Return how often each pair of labels comes, those that differ first, each by rows, and how many pairs are left out."""
    found, counts = np.unique(ours * len(names) + theirs, return_counts=True)
    pairs = [
        Agreement(names[code // len(names)], names[code % len(names)], rows)
        for code, rows in zip(found.tolist(), counts.tolist(), strict=True)
    ]
    pairs.sort(key=lambda one: (one.a == one.b, -one.rows, sorted((one.a, one.b))))
    return tuple(pairs[:MOST_PAIRS]), max(0, len(pairs) - MOST_PAIRS)
