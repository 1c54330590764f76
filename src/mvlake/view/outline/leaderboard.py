"""The outline of `leaderboard`: versions by rank, in a table and as parallel coordinates."""

from collections.abc import Mapping, Sequence

from mvlake.compare.diff import Direction
from mvlake.compare.leaderboard import KnownBy, Leaderboard, Ranked
from mvlake.records.canonical import Json
from mvlake.view.blocks import Axis, Block, Column, Grid, Line, Paragraph, Parallel, Span, When, Words, joined, muted, strong
from mvlake.view.outline.history import ref_words
from mvlake.view.outline.wording import ABSENT, head, names_words
from mvlake.view.quantities import is_finite, number, plural
from mvlake.view.values import as_number, value_text

_ROWS = 200
_METRICS, _PARAMS = 3, 5  # columns; the drawing has room for more
_MORE_METRICS, _MORE_PARAMS = 5, 10
_CATEGORIES = 12
_VALUE = 30
_ORDER = {Direction.HIGHER: "highest first", Direction.LOWER: "lowest first"}
_WORD = {Direction.HIGHER: "--lowest", Direction.LOWER: "--highest"}


def leaderboard(answer: Leaderboard) -> Sequence[Block]:
    """Return the outline of a leaderboard."""
    whose: Words = (strong(answer.name), muted(" by ")) if answer.name is not None else (muted("all names by "),)
    title = Paragraph((*whose, strong(answer.by), muted(f", {_ORDER[answer.direction]}")), is_title=True)
    return (title, *_remarks(answer), _table(answer), *_drawing(answer), *_left_out(answer))


def _remarks(answer: Leaderboard) -> tuple[Block, ...]:
    assumed = (
        (muted(f"nothing tells which way {answer.by} is better: {_WORD[answer.direction]} turns it round"),)
        if answer.known_by is KnownBy.ASSUMED
        else ()
    )
    more = answer.total - len(answer.rows)
    cut = (muted(f"{len(answer.rows):,} of {plural(answer.total, 'version')}: --limit 0 lists all"),) if more > 0 else ()
    last = (muted(f"{plural(answer.unranked, 'version')} without a number there: last"),) if answer.unranked > 0 else ()
    said = joined([assumed, cut, last])
    return (Paragraph(said),) if said else ()


def _table(answer: Leaderboard) -> Grid:
    rows, more = head(answer.rows, _ROWS)
    metrics, params = answer.metrics[:_METRICS], answer.params[:_PARAMS]
    columns = (
        Column("version"),
        Column("rank", is_number=True),
        *(Column(name, is_number=True) for name in (answer.by, *metrics)),
        *(Column(name) for name in params),
        Column("when (UTC)"),
    )
    return Grid(columns, tuple(_row(one, (answer.by, *metrics), params) for one in rows), more)


def _row(row: Ranked, metrics: Sequence[str], params: Sequence[str]) -> tuple[Words, ...]:
    measured, given = _metrics(row), _params(row)
    return (
        ref_words(row.entry),
        (ABSENT if row.rank is None else Span(f"{row.rank:,}"),),
        *((_metric(measured[name]) if name in measured else ABSENT,) for name in metrics),
        *((Span(value_text(given[name]), limit=_VALUE) if name in given else ABSENT,) for name in params),
        (When(row.entry.created_at, says_zone=False),),
    )


def _metrics(row: Ranked) -> Mapping[str, Json]:
    return {one.name: one.value for one in row.entry.version.metrics}


def _params(row: Ranked) -> Mapping[str, Json]:
    return {one.name: one.value for one in row.entry.version.params}


def _metric(value: Json) -> Span:
    found = as_number(value)
    return Span(number(found) if found is not None else value_text(value), limit=_VALUE)


def _drawing(answer: Leaderboard) -> tuple[Block, ...]:
    """Return parallel coordinates: parameters on the left, the metric of the ranking on the right; the best stands out."""
    if len(answer.rows) < 2:
        return ()
    params = [(name, [_params(one).get(name) for one in answer.rows]) for name in answer.params[:_MORE_PARAMS]]
    names = (*answer.metrics[:_MORE_METRICS], answer.by)
    metrics = [(name, [_metrics(one).get(name) for one in answer.rows]) for name in names]
    found = [(axis, places) for name, values in (*params, *metrics) for axis, places in _axis(name, values)]
    if len(found) < 2:
        return ()
    lines = tuple(Line(one.entry.ref, tuple(places[place] for _, places in found)) for place, one in enumerate(answer.rows))
    return (Parallel((muted("what each was made with, and what came of it"),), tuple(axis for axis, _ in found), lines),)


def _axis(name: str, values: Sequence[Json]) -> Sequence[tuple[Axis, Sequence[float | str | None]]]:
    """Return an axis with the place of each value; none where a line through it would tell nothing."""
    if all(value is None or as_number(value) is not None for value in values):  # NaN is a number too, and a gap in its line
        numbers = [_number(one) for one in values]
        known = [one for one in numbers if one is not None]
        return ((Axis(name, min(known), max(known)), numbers),) if len(set(known)) > 1 else ()
    texts = [None if value is None else value_text(value)[:_VALUE] for value in values]
    categories = tuple(dict.fromkeys(one for one in texts if one is not None))
    return ((Axis(name, categories=categories), texts),) if 1 < len(categories) <= _CATEGORIES else ()


def _number(value: Json) -> float | None:
    """Return a number that has a place on an axis."""
    try:
        found = as_number(value)
        return None if found is None or not is_finite(float(found)) else float(found)
    except OverflowError:  # an integer beyond the floats
        return None


def _left_out(answer: Leaderboard) -> tuple[Block, ...]:
    """Return the names that had no column: the document has them all."""
    rest = (*answer.metrics[_METRICS:], *answer.params[_PARAMS:])
    return (Paragraph((muted("not in the table: "), *names_words(rest))),) if rest else ()
