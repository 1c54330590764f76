"""The outline of `compare` of several versions: a column each, the rows that differ, of the rest the names."""

from collections.abc import Iterator, Sequence

from mvlake.compare.many import Aspect, AspectTable, Had, Many, TableRow
from mvlake.records.canonical import Json
from mvlake.view.blocks import (
    Block,
    Column,
    Facts,
    Fold,
    Grid,
    Paragraph,
    Section,
    Span,
    When,
    Words,
    code,
    good,
    joined,
    muted,
)
from mvlake.view.outline.comparison import problems_section
from mvlake.view.outline.wording import ABSENT, head, names_words
from mvlake.view.quantities import plural, seconds
from mvlake.view.values import Bare, value_text

_ABREAST = 8  # columns that a screen holds; more versions are another table below
_DIGITS = 8
_BARE = frozenset((Aspect.DATA, Aspect.OUTPUTS, Aspect.FILES, Aspect.PACKAGES, Aspect.MACHINE))


def many(answer: Many) -> Sequence[Block]:
    """Return the outline of several versions side by side."""
    names = _short_refs([one.ref for one in answer.versions])
    differing = [f"{len(one.rows):,} in {one.aspect.value}" for one in answer.aspects if one.rows]
    said = good("no differences") if answer.is_empty else Span(f"differ: {', '.join(differing)}")
    versions = Facts(
        tuple(
            (name, joined([(Span(one.message),) if one.message else (), (When(one.created_at),), (muted(seconds(one.duration)),)]))
            for name, one in zip(names, answer.versions, strict=True)
        )
    )
    title: Words = (Span(f"{plural(len(answer.versions), 'version')} side by side"),)
    told = [_section(one, names) for one in answer.aspects if one.rows]
    same = tuple(_section(one, names) for one in answer.aspects if not one.rows)
    quiet = joined([(Span(one.heading),) for one in same], ", ")
    rest = (Fold((muted("nothing differs in "), *quiet), same),) if same else ()
    unread = problems_section(answer.problems)
    return (Paragraph(title, is_title=True), Paragraph((said,)), versions, *told, *rest, *([unread] if unread else []))


def _short_refs(refs: Sequence[str]) -> list[str]:
    """Return what the columns are called: `v2`, `v3` where all are versions of one name, else their refs."""
    names = {ref.rpartition(":")[0] for ref in refs}
    return [ref.rpartition(":")[2] for ref in refs] if len(names) == 1 and "" not in names else list(refs)


def _section(table: AspectTable, names: Sequence[str]) -> Section:
    total = len(table.rows) + len(table.equal)
    note = muted(f"{len(table.rows):,} of {total:,} differ" if table.rows else "all equal")
    equal = (Fold((muted(f"{len(table.equal):,} equal"),), (Paragraph(names_words(table.equal, 200)),)),) if table.equal else ()
    return Section(table.aspect.value.capitalize(), (note,), (*_grids(table, names), *equal))


def _grids(table: AspectTable, names: Sequence[str]) -> Iterator[Grid]:
    """Yield the rows that differ, as many versions abreast as can be read."""
    rows, more = head(table.rows)
    told = [(_name(row), _cells(row, len(names), is_bare=table.aspect in _BARE)) for row in rows]
    for start in range(0, len(names) if told else 0, _ABREAST):
        columns = (Column("name"), *(Column(name) for name in names[start : start + _ABREAST]))
        yield Grid(columns, tuple((name, *cells[start : start + _ABREAST]) for name, cells in told), more)


def _name(row: TableRow) -> Words:
    told = (muted(f"{row.of} "),) if row.of else ()
    better = (muted(f" {row.direction.value} is better"),) if row.direction is not None else ()
    return (*told, code(row.name), *better)


def _cells(row: TableRow, count: int, *, is_bare: bool) -> list[Words]:
    """Return what each version has, with as many digits as it takes to tell the values apart."""
    values = [Bare(one.value) if is_bare and isinstance(one.value, str) else one.value for one in row.had]
    short = [_text(value, is_exact=False) for value in values]
    exact = [_text(value, is_exact=True) for value in values]
    texts = short if len(set(short)) == len(set(exact)) else exact
    cells = [_cell(one, text) for one, text in zip(row.had, texts, strict=True)]
    return [*cells, *[(ABSENT,)] * count][:count]


def _text(value: Json, *, is_exact: bool) -> str:
    if isinstance(value, list) and value and all(isinstance(one, str) and one.startswith("b3:") for one in value):
        return " ".join(_short(str(one)) for one in value)
    if isinstance(value, str) and value.startswith("b3:"):
        return _short(value)
    return value_text(value, is_exact=is_exact)


def _short(digest: str) -> str:
    return digest[3 : 3 + _DIGITS]


def _cell(had: Had, text: str) -> Words:
    if not had.is_there:
        return (ABSENT,)
    told: Words = (Span(text),) if had.value is not None or had.digest is None else ()
    content: Words = (code(_short(had.digest)),) if had.digest is not None else ()
    steps: Words = (muted(plural(had.steps, "step")),) if had.steps is not None else ()
    return joined([content, told, steps, (good("★ best"),) if had.is_best else ()], " ")
