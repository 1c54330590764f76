"""The section of `show` on what data came from: one line from each data set down to the files that it began with."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from mvlake.records.artifact import Role
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Words, code, joined, muted, prose
from mvlake.view.outline.wording import head

_DEEPEST, _MOST = 12, 200  # steps of one line, and lines
_ARROW = " ← "
_PORTIONS = {
    Portion.ALL: "the same",
    Portion.COLUMNS: "some of its columns",
    Portion.WIDER: "with more columns",
}


def lineage_section(version: Version, dossier: Dossier) -> tuple[Block, ...]:
    """Return the lines of a version's data, and in which earlier versions it stood already."""
    digests = {one.name: one.digest for one in version.artifacts if one.role in (Role.INPUT, Role.OUTPUT)}
    above: dict[str, list[Descent]] = {}
    for one in version.lineage:
        above.setdefault(one.child, []).append(one)
    parents = {one.parent for one in version.lineage if one.kind is ParentKind.VARIABLE}
    known = {name: dossier.standing[digest] for name, digest in digests.items() if digest in dossier.standing}
    ends = [name for name in above if name not in parents] or list(above)[:1]
    lines = list(islice((line for name in ends for line in _lines(name, above, known)), _MOST))
    lines += [joined([(code(name),), _standing(name, known)]) for name in known if name not in above and name not in parents]
    if not lines:
        return ()
    shown, more = head(lines)
    return (Section("Lineage", (), (Grid((Column("what came from what"),), tuple((line,) for line in shown), more),)),)


def _lines(name: str, above: Mapping[str, Sequence[Descent]], known: Mapping[str, str]) -> Iterator[Words]:
    """Yield a line for each way from a name to where it began."""
    for path in _paths(name, above, frozenset((name,))):
        yield joined([(code(name), *_known(name, known)), *(_step(step, known) for step in path)], _ARROW)


def _step(step: Descent, known: Mapping[str, str]) -> Words:
    is_data = step.kind is ParentKind.VARIABLE
    return (code(step.parent), *(_known(step.parent, known) if is_data else ()), *_said(step))


def _paths(name: str, above: Mapping[str, Sequence[Descent]], seen: frozenset[str]) -> Iterator[tuple[Descent, ...]]:
    steps = [one for one in above.get(name, ()) if one.kind is not ParentKind.VARIABLE or one.parent not in seen]
    if not steps or len(seen) > _DEEPEST:
        yield ()
    for one in steps if len(seen) <= _DEEPEST else ():
        if one.kind is not ParentKind.VARIABLE:
            yield (one,)
            continue
        for rest in _paths(one.parent, above, seen | {one.parent}):
            yield (one, *rest)


def _said(step: Descent) -> Words:
    """Return what a step did, in brackets: `(80 % of rows: train_test_split)`."""
    said = _PORTIONS.get(step.portion, "") or _share(step)
    function = step.function.rpartition(".")[2]
    what = f"{said}: {function}" if said and function else said or function
    guess = "a guess" if step.known_by is KnownBy.TEXT else ""
    digest = _short(step.digest) if step.kind is not ParentKind.VARIABLE else ""
    inside = ", ".join(part for part in (what, digest, guess) if part)
    return (muted(" ("), prose(inside), muted(")")) if inside else ()


def _share(step: Descent) -> str:
    if step.rows is None or not step.parent_rows or step.kind is not ParentKind.VARIABLE:
        return ""
    if step.rows == step.parent_rows:
        return "as many rows"
    if step.rows > step.parent_rows:
        return f"{step.rows:,} rows from {step.parent_rows:,}"
    return f"{100 * step.rows / step.parent_rows:.3g} % of rows"


def _short(digest: Digest | None) -> str:
    return "" if digest is None else digest[3:11]


def _known(name: str, known: Mapping[str, str]) -> Words:
    return (muted(" = "), code(known[name])) if name in known else ()


def _standing(name: str, known: Mapping[str, str]) -> Words:
    return (muted("is"), code(f" {known[name]}"))
