"""Past: the cells that ran before a version's own, written once for all versions of a kernel, and read again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mvlake.errors import Damaged, DamagedObject
from mvlake.lake.parts import Parts
from mvlake.lake.reach import node_of
from mvlake.records.answers import Past
from mvlake.records.asked import Extent
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.node import Node
from mvlake.records.past import PastBlock, PastCell
from mvlake.records.version import Version
from mvlake.store.hashing import digest_of, source_digest


def put_past(blocks: Sequence[PastBlock], objects: dict[Digest, bytes]) -> Digest | None:
    """Put the objects of a past among those to write, and return its name; None where nothing ran before."""
    if not blocks:
        return None
    written = [_written(block) for block in blocks]
    objects.update(written)
    root = Node(b"", leaves=tuple(digest for digest, _ in written)).to_bytes()
    digest = digest_of(root)
    objects[digest] = root
    return digest


@lru_cache(maxsize=256)
def _written(block: PastBlock) -> tuple[Digest, bytes]:
    data = canonical([to_fields(cell) for cell in block.cells])
    return digest_of(data), data


def read_past(parts: Parts, version: Version) -> Past:
    """Return the cells that ran before a version's tracked one; raises Damaged."""
    cells = () if version.past is None else tuple(_cells(parts, version.past))
    own = {(cell.source, cell.execution_count, cell.cell_id) for cell in version.cells}
    named = ((source_digest(cell.source), cell.execution_count, cell.cell_id) for cell in cells)
    return Past(version.ref, cells, frozenset(place for place, name in enumerate(named, 1) if name in own))


def with_past(parts: Parts, dossier: Dossier) -> Dossier:
    """Return a dossier with every cell that ran before its version; where that cannot be told it says so, and why."""
    version, problem = dossier.version, "it is not recorded"
    if version.past is not None or all(cell.is_tracked for cell in version.cells):
        try:
            return replace(dossier, past=read_past(parts, version).cells)
        except Damaged as error:
            problem = error.message
    return replace(dossier, problems=(*dossier.problems, f"all cells that ran, so that those compared are its slice: {problem}"))


def expected_duration(parts: Parts, version: Version, extent: Extent = Extent.SLICE) -> float:
    """Return how many seconds the cells of a version, or all of its session, took when it was made, as far as that is known."""
    try:
        past = read_past(parts, version)
    except Damaged:
        return version.duration
    ran = past.cells if extent is Extent.ALL else [past.cells[place - 1] for place in past.needed]
    return version.duration + sum(cell.duration or 0.0 for cell in ran)


def _cells(parts: Parts, past: Digest) -> Iterator[PastCell]:
    for digest in node_of(past, parts.objects.read).leaves:
        try:
            document = parse(parts.objects.read(digest))
            if not isinstance(document, list):
                raise TypeError("not a list")
            yield from (from_fields(PastCell, cell) for cell in document)
        except (ValueError, TypeError) as error:
            raise DamagedObject(digest, where="a block of cells", found=f"something else ({error})") from error
