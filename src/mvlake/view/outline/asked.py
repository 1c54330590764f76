"""How a replay was done, where it was not done as usual, and what the metrics of several runs came out as."""

import math
import statistics
from collections.abc import Sequence

from mvlake.records.asked import Asked, Extent, Repeated
from mvlake.records.events import Replayed
from mvlake.view.blocks import Column, Grid, Section, Span, Words, code, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import number, plural

_COLUMNS = (*(Column(word) for word in ("metric", "runs", "mean", "std", "min", "max")), Column(""))


def asked_words(asked: Asked | None) -> Words:
    """Return in which manner a version ran again, nothing where it was the usual one."""
    if asked is None:
        return ()
    said: list[Words] = []
    if asked.cells is Extent.ALL:
        said.append((muted("every cell of its session"),))
    if asked.notebook:
        said.append((muted("the cells of "), code(asked.notebook)))
    if asked.from_frames:
        said.append((muted("from its recorded inputs"),))
    if asked.repeat > 1:
        said.append((muted(f"{plural(asked.repeat, 'time')} with other random states"),))
    return joined(said)


def repeats_section(replayed: Replayed) -> Section | None:
    """Return what the metrics came out as, run by run put together; None where a version ran once."""
    if not replayed.repeats:
        return None
    shown, more = head(replayed.repeats)
    ended = max(len(one.values) + one.missing for one in replayed.repeats)
    asked = replayed.asked.repeat if replayed.asked is not None else ended
    words = "each run with other random states" + (f"; {ended} of {asked} runs ended" if ended < asked else "")
    return Section("Run to run", (muted(words),), (Grid(_COLUMNS, tuple(map(_row, shown)), more),))


def _row(one: Repeated) -> tuple[Words, ...]:
    figures = [number(figure) for figure in spread(one.values)] if one.values else ["", "", "", ""]
    missing = muted(f"no number in {plural(one.missing, 'run')}") if one.missing else Span("")
    return ((code(one.metric),), (Span(str(len(one.values))),), *((Span(figure),) for figure in figures), (missing,))


def spread(values: Sequence[float]) -> tuple[float, float, float, float]:
    """Return mean, standard deviation (of a sample; 0 for one value), least and greatest."""
    try:
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    except (OverflowError, AttributeError):  # of numbers as large as floats are, or infinite
        deviation = math.inf
    return sum(value / len(values) for value in values), deviation, min(values), max(values)
