"""The outline of numbers that moved: how many and how far, for better or worse, and the rows that moved most."""

from mvlake.compare.predicted import Moved, NumbersDiff
from mvlake.view.blocks import Block, Column, Curve, Curves, Fold, Grid, Span, Words, good, muted, strong
from mvlake.view.outline.wording import ABSENT, head, quality_words, said_number
from mvlake.view.quantities import is_finite, number, plural, signed

_ROWS = 10
_SPREAD = ("mean", "low", "q25", "median", "q75", "high")
_ERRORS = (("rmse", "RMSE"), ("mae", "MAE"))


def moved_words(found: NumbersDiff) -> list[Words]:
    """Return how many predictions moved, and what that does to the error where the truth is known."""
    if not found.moved:
        return [(good(f"no prediction of {plural(found.rows, 'row')} moved"),), _errors(found)]
    far = found.shift
    mean: Words = (Span(f" by {number(found.apart, digits=4)} on average"),) if is_finite(found.apart) else ()
    told: Words = (strong(f"{found.moved:,} of {plural(found.rows, 'prediction')} moved"), *mean)
    return [told, _errors(found), (muted(f"of {far.unsaid:,} nobody can say how far"),) if far.unsaid else ()]


def moved_blocks(found: NumbersDiff, sides: tuple[str, str]) -> list[Block]:
    """Return the rows that moved most, and how far all did."""
    if not found.moved:
        return []
    has_truth = any(one.truth is not None for one in found.most)
    shown, _ = head(found.most, _ROWS)
    headings = ("row", *sides, "change", *(["true"] if has_truth else []))
    rows = tuple(_row(one, has_truth=has_truth) for one in shown)
    most = Grid(tuple(Column(name, is_number=True) for name in headings), rows, found.moved - len(shown))
    return [most, _distances(found, sides)]


def _errors(found: NumbersDiff) -> Words:
    a, b = found.a_residuals, found.b_residuals
    if a is None or b is None or a.rmse is None or b.rmse is None:
        return ()
    return quality_words("RMSE", a.rmse, b.rmse, is_higher_better=False)


def _row(one: Moved, *, has_truth: bool) -> tuple[Words, ...]:
    change = ABSENT if one.a is None or one.b is None else Span(signed(one.b - one.a))
    truth: list[Words] = [(said_number(one.truth),)] if has_truth else []
    return ((Span(f"{one.row:,}"),), (said_number(one.a),), (said_number(one.b),), (change,), *truth)


def _distances(found: NumbersDiff, sides: tuple[str, str]) -> Fold:
    """Return how far predictions moved, as a curve, and beside the residuals as a table."""
    low, high, q25, q75 = (said_number(getattr(found.shift, name)) for name in ("low", "high", "q25", "q75"))
    told: Words = (muted("from "), low, muted(" to "), high, muted(", half of them from "), q25, muted(" to "), q75)
    edges = found.shifts.edges
    points = tuple(((left + right) / 2, float(rows)) for left, right, rows in zip(edges, edges[1:], found.shifts.b, strict=False))
    curve = Curves((muted("rows by how far they moved"),), (Curve("rows", "b", points),), x="change")
    return Fold(told, (*([curve] if len(points) > 1 else []), _table(found, sides)))


def _table(found: NumbersDiff, sides: tuple[str, str]) -> Grid:
    both = [one for one in (found.a_residuals, found.b_residuals) if one is not None]
    residuals = both if len(both) == 2 else []
    headings = ("", "change", *(f"residual {side}" for side in sides[: len(residuals)]))
    spreads = [found.shift, *(one.spread for one in residuals)]
    rows: list[tuple[Words, ...]] = [((Span(name),), *[(said_number(getattr(one, name)),) for one in spreads]) for name in _SPREAD]
    if residuals:
        rows += [((Span(told),), (ABSENT,), *[(said_number(getattr(one, key)),) for one in residuals]) for key, told in _ERRORS]
    return Grid(tuple(Column(name, is_number=bool(name)) for name in headings), tuple(rows))
