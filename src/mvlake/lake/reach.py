"""Reach: which objects a record names, and, through nodes, all that are below them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mvlake.errors import DamagedObject
from mvlake.records.digest import Digest
from mvlake.records.events import Attempt, Replayed
from mvlake.records.node import Node, read_node
from mvlake.records.record import Body
from mvlake.records.version import Version

Read = Callable[[Digest], bytes]


@dataclass(frozen=True, slots=True)
class Named:
    """An object that a record names itself, what it is to that record, and its size where the record says it."""

    digest: Digest
    what: str
    is_node: bool = False
    size: int | None = None


def named(body: Body) -> Iterator[Named]:
    """Yield every object that a record names itself; the same one more than once where several things have the same content."""
    if isinstance(body, Version):
        if body.lock is not None:
            yield Named(body.lock, "requirements")
        for draw in body.draws:
            if draw.state is not None:
                yield Named(draw.state, f"state of {draw.generator}")
        for artifact in body.artifacts:
            yield Named(artifact.object, artifact.name, artifact.is_node, None if artifact.is_node else artifact.size)
            yield Named(artifact.summary, f"summary of {artifact.name}")
            if artifact.profile is not None:
                yield Named(artifact.profile, f"profile of {artifact.name}")
        if body.past is not None:
            yield Named(body.past, "the cells that ran before", is_node=True)
    if isinstance(body, Version | Replayed):
        yield Named(body.environment, "environment")
    if isinstance(body, Version | Attempt):
        for cell in body.cells:
            yield Named(cell.source, "code")


def node_of(digest: Digest, read: Read) -> Node:
    """Return the node of this name; DamagedObject when the object is none, and whatever `read` raises."""
    try:
        return read_node(read(digest))
    except ValueError as error:
        raise DamagedObject(digest, where="what a record or a node calls one", found=f"no node ({error})") from error


def walk(nodes: Iterable[Digest], read: Read) -> Iterator[tuple[Digest, Node]]:
    """Yield these nodes and all nodes below them, each once. Raises Damaged."""
    waiting = list(dict.fromkeys(nodes))
    seen = set(waiting)
    while waiting:
        digest = waiting.pop()
        node = node_of(digest, read)
        yield digest, node
        fresh = [inner for inner in dict.fromkeys(node.nodes) if inner not in seen]
        seen.update(fresh)
        waiting += fresh


def reach(body: Body, read: Read) -> Iterator[Digest]:
    """Yield every object that a record reaches, some more than once. Raises Damaged."""
    for one in named(body):
        yield one.digest
    for _, node in walk((one.digest for one in named(body) if one.is_node), read):
        yield from node.nodes
        yield from node.leaves
