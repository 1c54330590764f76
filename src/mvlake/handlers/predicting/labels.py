"""Labels: what two classifiers say of the same rows: which flipped, and how often each label of one meets each of the other."""

from dataclasses import dataclass, replace
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


def are_same(a: Labels, b: Labels) -> Any:
    """Return row by row whether both labels are the same."""
    ours, theirs, _ = _alike(a, b)
    return ours == theirs


def labels_diff(a: Labels, b: Labels) -> LabelsDiff:
    """Return how the labels of b differ from those of a."""
    ours, theirs, names = _alike(a, b)
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


def with_truth(found: LabelsDiff, a: Labels, b: Labels, truth: Labels, is_known: Any) -> LabelsDiff:
    """Return the same with what is true: of the rows of which that is known, how many each model has right."""
    told = tuple(replace(one, truth=truth.text(one.row) if is_known[one.row] else None) for one in found.flips)
    known = int(is_known.sum())
    if not known:
        return found
    ours, theirs = (are_same(labels, truth) & is_known for labels in (a, b))
    return replace(
        found,
        flips=told,
        a_accuracy=int(ours.sum()) / known,
        b_accuracy=int(theirs.sum()) / known,
        mended=int((theirs & ~ours).sum()),
        broken=int((ours & ~theirs).sum()),
    )


def matched_groups(a: Labels, b: Labels) -> Labels:
    """Return b's groups under the names of those groups of a with which they share most rows in all, each name used once.

    Which group has which number is chance. (The assignment is that of Kuhn 1955.)
    """
    from scipy.optimize import linear_sum_assignment

    shared: Any = np.zeros((len(a.names), len(b.names)), np.int64)
    np.add.at(shared, (a.codes, b.codes), 1)
    ours, theirs = linear_sum_assignment(shared, maximize=True)
    names = [f"{name} of b" for name in b.names]
    for mine, other in zip(ours.tolist(), theirs.tolist(), strict=True):
        names[other] = a.names[mine]
    return Labels(b.codes, tuple(names))


def _alike(a: Labels, b: Labels) -> tuple[Any, Any, tuple[str, ...]]:
    """Return the codes of both for one tuple of names."""
    known = {name: place for place, name in enumerate(a.names)}
    places = [known.setdefault(name, len(known)) for name in b.names]
    return a.codes, np.asarray(places, dtype=np.int64)[b.codes] if places else b.codes, tuple(known)


def _agreement(ours: Any, theirs: Any, names: tuple[str, ...]) -> tuple[tuple[Agreement, ...], int]:
    """Return how often each pair of labels comes, those that differ first, each by rows, and how many pairs are left out."""
    found, counts = np.unique(ours * len(names) + theirs, return_counts=True)
    pairs = [
        Agreement(names[code // len(names)], names[code % len(names)], rows)
        for code, rows in zip(found.tolist(), counts.tolist(), strict=True)
    ]
    pairs.sort(key=lambda one: (one.a == one.b, -one.rows, sorted((one.a, one.b)), one.a))
    return tuple(pairs[:MOST_PAIRS]), max(0, len(pairs) - MOST_PAIRS)
