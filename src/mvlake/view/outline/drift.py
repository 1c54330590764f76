"""How the values of a column moved, in words and pictures: measures of drift with the word for each, distributions, quantiles."""

from collections.abc import Sequence

from mvlake.compare.diff import ColumnDiff
from mvlake.compare.distribution import Basis, Distribution, Drift, QuantilePair, Shift
from mvlake.compare.drift import JS, KS, NANS, NEW, NULLS, PSI, VANISHED
from mvlake.view.blocks import Bars, Block, Column, Fold, Grid, Paragraph, Span, Words, bad, code, joined, muted
from mvlake.view.quantities import MINUS, number, percent

SHORT = {
    PSI: "PSI",
    KS: "KS",
    JS: "JS",
    NULLS: "missing",
    NANS: "NaN",
    NEW: "new categories",
    VANISHED: "vanished categories",
}
_RATES = (NULLS, NANS, NEW, VANISHED)
_SIGNED = (NULLS, NANS)
_ORDER = (Shift.NONE, Shift.SLIGHT, Shift.STRONG)
_MARKS = {Basis.EXACT: "", Basis.SAMPLE: "≈", Basis.ESTIMATED: "≈"}
_OF = {Basis.EXACT: "every row", Basis.SAMPLE: "a sample of rows", Basis.ESTIMATED: "profiles, estimated"}
_LONGEST = 30


def shift_of(column: ColumnDiff) -> Shift:
    """Return the furthest that any measure of a column says."""
    return max((one.shift for one in column.drift), key=_ORDER.index, default=Shift.NONE)


def furthest_first(columns: Sequence[ColumnDiff]) -> list[ColumnDiff]:
    """Return columns, the most shifted first; those that moved alike in their order."""
    return sorted(columns, key=lambda one: (-_ORDER.index(shift_of(one)), -_distance(one)))


def _distance(column: ColumnDiff) -> float:
    return max((abs(one.value) for one in column.drift if one.name in (JS, *_RATES)), default=0.0)


def shift_words(column: ColumnDiff) -> Words:
    """Return the word for how far a column moved."""
    if not column.drift:
        return ()
    match shift_of(column):
        case Shift.STRONG:
            return (bad("strong"),)
        case Shift.SLIGHT:
            return (Span("slight"),)
        case _:
            return (muted("none"),)


def measure_words(column: ColumnDiff) -> Words:
    """Return the measures of a column, those that say nothing left out."""
    return joined([_measure(one) for one in column.drift if one.value or one.name not in _RATES])


def _measure(one: Drift) -> Words:
    value = _rate(one) if one.name in _RATES else number(one.value, digits=3)
    said = f"{SHORT.get(one.name, one.name)} {_MARKS[one.basis]}{value}"
    is_wide = one.low is not None and one.high is not None and one.high - one.low > 1e-3
    bounds = (muted(f" ({_bound(one, one.low)} to {_bound(one, one.high)})"),) if is_wide else ()
    return (muted(said) if one.shift is Shift.NONE else Span(said), *bounds)


def _rate(one: Drift) -> str:
    text = percent(abs(one.value)).lstrip("+")
    sign = ("+" if one.value > 0 else MINUS) if one.name in _SIGNED else ""
    return f"{sign}{text}"


def _bound(one: Drift, value: float | None) -> str:
    return percent(value or 0.0).lstrip("+") if one.name in _RATES else number(value or 0.0, digits=3)


def distribution_blocks(column: ColumnDiff, sides: tuple[str, str]) -> tuple[Block, ...]:
    """Return both distributions of a column as bars, with the quantiles side by side; nothing where none is told."""
    told = column.distribution
    if told is None:
        return ()
    caption = joined([(code(column.name),), _shift_caption(column), (muted(_basis(told)),)])
    if not told.labels:
        return (Paragraph((code(column.name), muted(f" {told.note}"))),) if told.note else ()
    bars = Bars(caption, told.labels, told.a, told.b, sides)
    return (bars, *_quantiles(told.quantiles, sides))


def _shift_caption(column: ColumnDiff) -> Words:
    word = shift_words(column)
    return (*word, muted(" shift")) if word and shift_of(column) is not Shift.NONE else ()


def _basis(told: Distribution) -> str:
    error = f", shares within {percent(told.error).lstrip('+')}" if told.error else ""
    return f"{told.a_count:,} and {told.b_count:,} values, of {_OF[told.basis]}{error}"


def _quantiles(pairs: Sequence[QuantilePair], sides: tuple[str, str]) -> tuple[Block, ...]:
    if not pairs:
        return ()
    columns = (Column("below it"), Column(sides[0], is_number=True), Column(sides[1], is_number=True))
    rows = tuple(((muted(f"{one.at:.0%}"),), (Span(_value(one.a)),), (Span(_value(one.b)),)) for one in pairs)
    return (Fold((muted("quantiles"),), (Grid(columns, rows),)),)


def _value(text: str) -> str:
    try:
        return number(float(text), digits=5)
    except (ValueError, OverflowError):
        return text[:_LONGEST] or "not told"
