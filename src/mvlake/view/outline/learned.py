"""The outline of what models learned: kind by kind, the largest change first; the numbers are folded below a telling line."""

from collections.abc import Sequence

from mvlake.compare.learned import WeightDiff, WeightKind, WeightsDiff
from mvlake.view.blocks import Bars, Block, Column, Fold, Grid, Paragraph, Span, Words, code, joined, muted
from mvlake.view.outline.wording import ABSENT, head, said_number
from mvlake.view.quantities import number, percent, signed

_ROWS, _BARS, _GROUPS = 20, 8, 12
_NORMS = (WeightKind.LAYERS, WeightKind.CENTRES)


def weights_blocks(weights: Sequence[WeightsDiff], sides: tuple[str, str]) -> list[Block]:
    """Return the groups of learned numbers that differ, and the names of those that are equal."""
    differing = [one for one in weights if one.differing]
    shown, more = head(differing, _GROUPS)
    blocks: list[Block] = [block for one in shown for block in _group(one, sides)]
    if more:
        blocks.append(Paragraph((muted(f"… and {more:,} more"),)))
    equal = [_name(one) for one in weights if not one.differing]
    return [*blocks, Paragraph((muted("equal: "), *joined(equal, ", ")))] if equal else blocks


def _group(one: WeightsDiff, sides: tuple[str, str]) -> list[Block]:
    counted = f"{one.differing:,} of {one.total:,} differ" if one.rows else ""
    most: Words = _most(one.rows[0], sides) if one.rows and one.kind is not WeightKind.TREES else ()
    note: Words = (muted(_note(one.note, sides)),) if one.note else ()
    told = joined([_name(one), (muted(counted),) if counted else (), most, note])
    if not one.rows:
        return [Paragraph(told)]
    shown, _ = head(one.rows, _ROWS)
    rows = tuple((*_row(each, one.kind), *([(muted(_note(each.note, sides)),)] if _has_notes(one) else [])) for each in shown)
    table = Grid(_columns(one, sides), rows, one.differing - len(shown))
    return [Fold(told, (*_bars(one, sides), table))]


def _name(one: WeightsDiff) -> Words:
    return (Span(one.kind.value), *((muted(" of "), code(one.part)) if one.part else ()))


def _most(row: WeightDiff, sides: tuple[str, str]) -> Words:
    """Return the row that changed most."""
    if row.apart is None:
        return (code(row.name), muted(f" {_note(row.note, sides)}"))
    return (code(row.name), Span(" "), said_number(row.a), muted(" → "), said_number(row.b))


def _bars(one: WeightsDiff, sides: tuple[str, str]) -> tuple[Block, ...]:
    """Return importances bar beside bar: those that changed most."""
    if one.kind is not WeightKind.IMPORTANCES:
        return ()
    shown, _ = head(one.rows, _BARS)
    labels = tuple(each.name for each in shown)
    a, b = (tuple(getattr(each, side) or 0.0 for each in shown) for side in "ab")
    return (Bars((muted("importances that changed most"),), labels, a, b, names=sides),)


def _columns(one: WeightsDiff, sides: tuple[str, str]) -> tuple[Column, ...]:
    what = "norm " if one.kind in _NORMS else ""
    far = "distance" if one.kind in _NORMS else "change"
    headings = [f"{what}{side}" for side in sides] + [far, "relative"]
    return (Column("name"), *[Column(name, is_number=True) for name in headings], *([Column("")] if _has_notes(one) else []))


def _has_notes(one: WeightsDiff) -> bool:
    return any(each.note for each in one.rows)


def _row(one: WeightDiff, kind: WeightKind) -> tuple[Words, ...]:
    if one.apart is None:
        far = ABSENT
    else:
        is_signed = kind not in _NORMS and one.a is not None and one.b is not None
        far = Span(signed(one.b - one.a) if is_signed and one.a is not None and one.b is not None else number(one.apart, digits=4))
    relative = muted(percent(one.relative).removeprefix("+")) if one.relative is not None else ABSENT
    return ((code(one.name),), (said_number(one.a),), (said_number(one.b),), (far,), (relative,))


def _note(note: str, sides: tuple[str, str]) -> str:
    """Return a note with the sides by the names that they have here."""
    return {"only in a": f"only in {sides[0]}", "only in b": f"only in {sides[1]}"}.get(note, note)
