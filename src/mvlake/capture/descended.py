"""Descended: the edges that the text of cells tells, with the rows and digests of what is at their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mvlake.capture.descent import Descents, Edge
from mvlake.capture.files.gathering import name_of
from mvlake.capture.files.seen import SeenPlace
from mvlake.handlers.extent import extent_of
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.digest import Digest
from mvlake.records.files import FileUse, Flow, PlaceKind
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion
from mvlake.records.summary import ArraySummary, FrameSummary

_KINDS = {PlaceKind.FILE: ParentKind.FILE, PlaceKind.URL: ParentKind.URL, PlaceKind.HOST: ParentKind.HOST}


@dataclass(frozen=True, slots=True)
class Lines:
    """The edges of one version, and what is known around them.

    `rows` are those of names that are no artifacts, `project` is the folder that files are told from.
    """

    edges: tuple[Edge, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    project: str = ""

    @classmethod
    def of(
        cls,
        descents: Descents,
        made: Sequence[str],
        read: Sequence[str],
        *,
        project: str,
    ) -> "Lines":
        """Return the edges from names that a cell made, and from those that it read and left alone."""
        edges = descents.of(made, read)
        counts = {edge.child: extent_of(descents.namespace.get(edge.child)) for edge in edges}
        return cls(edges, {name: count for name, count in counts.items() if count is not None}, project)

    def told(self, artifacts: Sequence[DraftArtifact], uses: Sequence[FileUse]) -> tuple[Descent, ...]:
        """Return the lineage of a version as the text tells it; what the content proves is found when it is committed."""
        kept = {one.name: one for one in artifacts if one.role in (Role.INPUT, Role.OUTPUT)}  # an output stands behind an input
        read = {one.name: one.digest for one in uses if one.direction is Flow.READ}
        return tuple(
            self._of_place(edge, edge.place, kept, read) if edge.place is not None else self._of_data(edge, kept)
            for edge in self.edges
        )

    def _of_place(
        self, edge: Edge, place: SeenPlace, kept: Mapping[str, DraftArtifact], read: Mapping[str, Digest | None]
    ) -> Descent:
        name = name_of(place, self.project)
        return Descent(
            child=edge.child,
            parent=name,
            kind=_KINDS[place.kind],
            known_by=KnownBy.OPENED if edge.is_named else KnownBy.TEXT,
            portion=Portion.UNKNOWN,
            function=edge.function,
            cell=edge.cell,
            rows=self._count(edge.child, kept),
            digest=read.get(name),
        )

    def _of_data(self, edge: Edge, kept: Mapping[str, DraftArtifact]) -> Descent:
        parent = kept.get(edge.parent)
        return Descent(
            child=edge.child,
            parent=edge.parent,
            kind=ParentKind.VARIABLE,
            known_by=KnownBy.TEXT,
            portion=Portion.UNKNOWN,
            function=edge.function,
            cell=edge.cell,
            rows=self._count(edge.child, kept),
            parent_rows=edge.parent_rows if parent is None else _rows(parent),
            digest=None if parent is None else parent.digest,
        )

    def _count(self, name: str, kept: Mapping[str, DraftArtifact]) -> int | None:
        return _rows(kept[name]) if name in kept else self.rows.get(name)


def _rows(artifact: DraftArtifact) -> int | None:
    summary = artifact.summary
    if isinstance(summary, FrameSummary):
        return summary.rows
    return summary.shape[0] if isinstance(summary, ArraySummary) and summary.shape else None
