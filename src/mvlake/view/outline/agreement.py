"""The outline of an agreement table: how often each label of a meets each label of b: a square of few labels, else pairs."""

from mvlake.compare.predicted import LabelsDiff
from mvlake.view.blocks import Column, Grid, Span, Words, bad, code, muted
from mvlake.view.outline.wording import head

_SQUARE, _PAIRS = 6, 10


def agreement_grid(found: LabelsDiff, sides: tuple[str, str]) -> Grid:
    """Return the table; the rows are what a says."""
    names = sorted({name for one in found.agreement for name in (one.a, one.b)})
    return _square(found, names, sides) if len(names) <= _SQUARE and not found.more else _pairs(found, sides)


def _square(found: LabelsDiff, names: list[str], sides: tuple[str, str]) -> Grid:
    counts = {(one.a, one.b): one.rows for one in found.agreement}
    corner = Column(f"{sides[0]} \N{DOWNWARDS ARROW} {sides[1]} \N{RIGHTWARDS ARROW}")

    def cell(a: str, b: str) -> Words:
        rows = counts.get((a, b), 0)
        return (muted("0") if not rows else Span(f"{rows:,}") if a == b else bad(f"{rows:,}"),)

    rows = tuple(((code(a),), *[cell(a, b) for b in names]) for a in names)
    return Grid((corner, *[Column(name, is_number=True) for name in names]), rows)


def _pairs(found: LabelsDiff, sides: tuple[str, str]) -> Grid:
    flipped = [one for one in found.agreement if one.a != one.b]
    shown, more = head(flipped, _PAIRS)
    columns = (Column(sides[0]), Column(sides[1]), Column("rows", is_number=True))
    return Grid(columns, tuple(((code(one.a),), (code(one.b),), (Span(f"{one.rows:,}"),)) for one in shown), more + found.more)
