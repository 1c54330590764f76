"""What data is like, column by column: the tables of `show`."""

from collections.abc import Iterator, Sequence

from mvlake.records.artifact import Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.profile import ColumnProfile, Profile, ValueKind
from mvlake.view.blocks import Block, Column, Fold, Grid, Section, Span, Spark, Words, bad, code, joined, muted, strong
from mvlake.view.quantities import number, plural

_FRAMES, _COLUMNS, _CATEGORIES = 8, 20, 4
_CUT = 40
_HEADS = (
    Column("column"),
    Column("kind"),
    Column("missing", is_number=True),
    Column("different", is_number=True),
    Column("least", is_number=True),
    Column("mean", is_number=True),
    Column("greatest", is_number=True),
    Column("values"),
)


def profiles(dossier: Dossier) -> tuple[Block, ...]:
    """Return a table for each profile of data; one for content that has several names."""
    names: dict[Digest, list[str]] = {}
    for one in dossier.version.artifacts:
        if one.profile is not None and one.profile in dossier.profiles and one.role is not Role.SERIES:
            found = names.setdefault(one.profile, [])
            found += [one.name] if one.name not in found else []
    folds = [_fold(said, dossier.profiles[digest]) for digest, said in list(names.items())[:_FRAMES]]
    if not folds:
        return ()
    more = len(names) - len(folds)
    note = (muted(f"{more:,} more not shown"),) if more else ()
    return (Section("Data", note, tuple(folds)),)


def _fold(names: Sequence[str], profile: Profile) -> Fold:
    columns = [one for one in (profile.whole, *profile.columns) if one is not None]
    count = len(profile.columns) + profile.more
    said = joined([(strong(", ".join(names)),), (muted(_extent(profile, count)),)])
    rows = tuple(_row(one) for one in columns[:_COLUMNS])
    left_out = max(len(columns) - _COLUMNS, 0) + profile.more
    return Fold(said, (Grid(_HEADS, rows, left_out),), is_kept=True)


def _extent(profile: Profile, columns: int) -> str:
    if profile.whole is not None:
        return plural(profile.whole.rows, "value")
    return f"{plural(profile.rows, 'row')}, {plural(columns, 'column')}"


def _row(one: ColumnProfile) -> tuple[Words, ...]:
    return (
        (code(one.name),) if one.name else (muted("all values"),),
        (muted(one.kind.value),),
        (_missing(one),),
        (Span(_different(one)),),
        (Span(value_said(one, one.low)),),
        (Span(value_said(one, one.mean)),),
        (Span(value_said(one, one.high)),),
        joined([words for words in _values(one) if words]),
    )


def _missing(one: ColumnProfile) -> Span:
    if not one.nulls:
        return muted("0")
    return (bad if one.nulls == one.rows else Span)(share_text(one.nulls, one.rows))


def _different(one: ColumnProfile) -> str:
    if one.distinct is None:
        return ""
    return f"{'≈ ' if one.distinct_error else ''}{one.distinct:,}"


def _values(one: ColumnProfile) -> Iterator[Words]:
    """Yield what there is to say of the values in a few words: their form, those of most rows, their lengths, what is withheld."""
    if one.counts:
        yield (Spark(tuple(map(float, one.counts)), low=0.0),)
    elif one.categories and one.kind is not ValueKind.NUMBER:
        yield (Span(", ".join(_shares(one))),)
    if one.nans or one.infinities:
        yield (Span(", ".join(plural(count, what) for count, what in ((one.nans, "NaN"), (one.infinities, "infinity")) if count)),)
    if one.shortest is not None and one.longest is not None:
        unit = "item" if one.kind is ValueKind.NESTED else "byte"
        span = f"{one.shortest:,}" if one.shortest == one.longest else f"{one.shortest:,} to {one.longest:,}"
        yield (muted(f"{span} {unit}s"),)
    if one.because:
        yield (muted(f"{', '.join(one.withheld) or 'nothing'} {'not told' if one.withheld else 'told'}: {one.because}"),)
    if one.seen:
        yield (muted(f"of {one.seen:,} rows"),)


def _shares(one: ColumnProfile) -> list[str]:
    there = max(one.rows if one.kind is ValueKind.MIXED else one.rows - one.nulls, 1)
    found = [f"{each.value[:_CUT]} {share_text(each.rows, there)}" for each in one.categories[:_CATEGORIES]]
    rest = one.others + sum(each.rows for each in one.categories[_CATEGORIES:])
    return [*found, f"others {share_text(rest, there)}"] if rest else found


def value_said(one: ColumnProfile, text: str) -> str:
    """Return a value of a profile, numbers with few digits."""
    if one.kind not in (ValueKind.NUMBER, ValueKind.SPAN, ValueKind.TRUTH) or not text:
        return text[:_CUT]
    try:
        found = number(float(text), digits=5)
    except (ValueError, OverflowError):
        return text[:_CUT]
    return f"{found} s" if one.kind is ValueKind.SPAN else found


def share_text(count: int, total: int) -> str:
    """Return a share in percent.

    >>> share_text(1, 8), share_text(1, 100_000), share_text(99_999, 100_000), share_text(3, 0)
    ('12.5%', '<0.1%', '>99.9%', '')
    """
    if not total:
        return ""
    share = 100 * count / total
    if 0 < share < 0.1:
        return "<0.1%"
    return ">99.9%" if 99.9 < share < 100 else f"{share:.3g}%"
