"""The drawing of a history beside its versions: which came from which; and above it, how the metrics of a name went."""

from collections.abc import Sequence

from mvlake.compare.graph import graph_lines
from mvlake.records.answers import Entry
from mvlake.view.blocks import Block, Facts, Span, Spark, Tone, Words, muted
from mvlake.view.charts import course_text
from mvlake.view.values import as_number

_NAMES = 4
_SPACE = "\N{NO-BREAK SPACE}"  # of several spaces a page shows one


def drawn(entries: Sequence[Entry], rows: Sequence[tuple[Words, ...]]) -> tuple[tuple[Words, ...], ...]:
    """Return the rows of versions with their place in the drawing before them, and the rows of its lines between two versions."""
    by_ref = {entry.ref: row for entry, row in zip(entries, rows, strict=True)}
    lines = graph_lines([(one.ref, _parent(one)) for one in entries])
    nothing: tuple[Words, ...] = ((),) * (len(rows[0]) - 1 if rows else 0)
    told: list[tuple[Words, ...]] = []
    for line in lines:
        said = Span(line.text.replace(" ", _SPACE), Tone.CODE, limit=len(line.text))
        if line.ref:
            first, *rest = by_ref[line.ref]
            told.append(((said, Span(_SPACE), *first), *rest))
        else:
            told.append(((said,), *nothing))
    return tuple(told)


def _parent(entry: Entry) -> str | None:
    version = entry.version
    return None if version.parent is None else f"{version.name}:v{version.parent}"


def courses(entries: Sequence[Entry], metrics: Sequence[str]) -> tuple[Block, ...]:
    """Return how each metric went from the oldest version to the newest, name by name; nothing of those with fewer than two."""
    names = list(dict.fromkeys(one.version.name for one in entries))[:_NAMES]
    rows = [row for name in names for metric in metrics for row in _course(entries, name, metric, is_alone=len(names) == 1)]
    return (Facts(tuple(rows)),) if rows else ()


def _course(entries: Sequence[Entry], name: str, metric: str, *, is_alone: bool) -> list[tuple[str, Words]]:
    values = [_value(one, metric) for one in reversed(entries) if one.version.name == name]
    if sum(one is not None for one in values) < 2:
        return []
    return [(metric if is_alone else f"{name} {metric}", (Spark(tuple(values)), muted(f" {course_text(values)}")))]


def _value(entry: Entry, metric: str) -> float | None:
    """Return the number that a version has for a metric; None for what has no place in a drawing."""
    found = next((as_number(one.value) for one in reversed(entry.version.metrics) if one.name == metric), None)
    try:
        return None if found is None else float(found)
    except OverflowError:  # an integer beyond the floats
        return None
