"""Kin: how much of one frame is in another, proved by what is kept of both: equal digests, rows that were taken or found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from mvlake.errors import Damaged, MvlakeError
from mvlake.handlers.column_reading import column_node
from mvlake.handlers.lookup import handler_named
from mvlake.handlers.relatives import KeptColumn
from mvlake.lake.parts import Parts
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.digest import Digest
from mvlake.records.draft import Draft
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion
from mvlake.records.node import Node, read_node
from mvlake.records.summary import Column, FrameSummary

_MOST, _MOST_KNOWN = 16, 1000  # pairs of frames that are compared for one version, and remembered
_SMALL = 512 << 10  # bytes of a frame whose rows are looked for: it takes a few milliseconds


def proved(parts: Parts, draft: Draft) -> tuple[Descent, ...]:
    """Return the draft's lineage, with what the content of its artifacts proves of what the text of its cells only says."""
    kept = {one.name: one for one in draft.artifacts if one.role in (Role.INPUT, Role.OUTPUT)}  # an output stands behind an input
    left = iter(range(_MOST))
    return tuple(_proved(parts, one, kept.get(one.child), kept.get(one.parent), left) for one in draft.lineage)


def _proved(parts: Parts, one: Descent, child: DraftArtifact | None, parent: DraftArtifact | None, left: Iterator[int]) -> Descent:
    if one.kind is not ParentKind.VARIABLE or child is None or parent is None:
        return one
    key = (child.digest, parent.digest)
    portion = parts.portions.get(key)
    if portion is None:
        if next(left, None) is None:
            return one
        portion = parts.portions[key] = portion_of(parts, child, parent)
        while len(parts.portions) > _MOST_KNOWN:
            del parts.portions[next(iter(parts.portions))]
    known_by = one.known_by if portion is Portion.UNKNOWN else KnownBy.CONTENT
    return replace(one, portion=portion, known_by=known_by)


def portion_of(parts: Parts, child: DraftArtifact, parent: DraftArtifact) -> Portion:
    """Return how much of the parent's content is in the child's; UNKNOWN when nothing proves anything."""
    if child.digest == parent.digest:
        return Portion.ALL
    ours, theirs = child.summary, parent.summary
    if not isinstance(ours, FrameSummary) or not isinstance(theirs, FrameSummary) or not ours.columns or not theirs.columns:
        return Portion.UNKNOWN
    if ours.rows == theirs.rows:
        return _by_columns(ours.columns, theirs.columns)
    try:
        is_selection = _was_taken(parts, child, parent) or _is_found(parts, child, parent)
    except (MvlakeError, ValueError):  # what cannot be read proves nothing
        return Portion.UNKNOWN
    return Portion.ROWS if is_selection else Portion.UNKNOWN


def _by_columns(ours: Sequence[Column], theirs: Sequence[Column]) -> Portion:
    mine, other = {one.digest for one in ours}, {one.digest for one in theirs}
    if mine <= other:
        return Portion.COLUMNS
    return Portion.WIDER if other <= mine else Portion.UNKNOWN


def _was_taken(parts: Parts, child: DraftArtifact, parent: DraftArtifact) -> bool:
    """True when all columns of the child are kept as rows of columns of the parent."""
    if not child.is_node or not parent.is_node:
        return False
    shelf = LakeShelf(parts)
    # What was written for this version cannot be read back before its record is there: it is remembered.
    lately = {column.node: column for relative in parts.relatives.latest() for column in relative.columns.values()}
    ours, theirs = _node(parts, child).nodes, set(_node(parts, parent).nodes)
    bases = [_base(shelf, one, lately.get(one)) for one in ours]
    return any(bases) and all(base is None or base in theirs for base in bases) and _is_most(bases)


def _is_most(bases: Sequence[Digest | None]) -> bool:
    """True when only an index or a list of categories stands by itself."""
    return sum(base is None for base in bases) <= len(bases) // 2


def _base(shelf: LakeShelf, column: Digest, lately: KeptColumn | None) -> Digest | None:
    """Return the column of which this one is kept as rows; None for one that is kept by itself."""
    if lately is not None:
        return None if lately.is_patch else lately.base
    try:
        found = column_node(shelf, column)
    except Damaged:  # a list of categories, say, that is yet to come
        return None
    return found.node.nodes[0] if found.document["kind"] == "take" else None


def _is_found(parts: Parts, child: DraftArtifact, parent: DraftArtifact) -> bool:
    """True when the rows of a small frame are all among those of another; no row of them is guessed."""
    if max(child.size, parent.size) > _SMALL:
        return False
    from mvlake.handlers.arrow_take import taken
    from mvlake.handlers.column_node import column_content
    from mvlake.handlers.selection import selected_rows

    ours, theirs = _columns(parts, child), _columns(parts, parent)
    names = [one.name for one in child.summary.columns] if isinstance(child.summary, FrameSummary) else []
    if not names or not all(name in ours and name in theirs and ours[name].type == theirs[name].type for name in names):
        return False
    rows = selected_rows({name: ours[name] for name in names}, {name: theirs[name] for name in names})
    if rows is None:
        return False
    return all(column_content(taken(theirs[name], rows)) == column_content(ours[name]) for name in names)


def _columns(parts: Parts, artifact: DraftArtifact) -> dict[str, Any]:
    data = artifact.content if artifact.content is not None else parts.objects.read(artifact.object)
    made: bytes | Node = read_node(data) if artifact.is_node else data
    handler = handler_named(artifact.handler)
    open_table = getattr(handler, "open_table", None)
    if open_table is None:
        return {}
    table = open_table(made, LakeShelf(parts), protocol=artifact.protocol).table(None, None)
    return dict(zip(table.column_names, table.columns, strict=True)) if len(set(table.column_names)) == table.num_columns else {}


def _node(parts: Parts, artifact: DraftArtifact) -> Node:
    data = artifact.content if artifact.content is not None else parts.objects.read(artifact.object)
    return read_node(data)
