"""Shelf: what a lake gives a handler to put objects on: a draft's staging for writing, its objects for reading."""

import threading

from mvlake.handlers.relatives import Relatives
from mvlake.lake.backlog import Job
from mvlake.lake.parts import Parts
from mvlake.records.digest import Digest
from mvlake.store.staging import Staging


class LakeShelf:
    """Objects of one lake. What is put is staged until `finish`; a shelf on which nothing is put writes nothing.

    `size` is how many bytes the object takes that is being made: what was put and what was recalled. A `job` hears how far it is,
    and puts an end to it when it is cancelled.
    """

    def __init__(self, parts: Parts, job: Job | None = None) -> None:
        self._parts = parts
        self._job = job
        self._staging: Staging | None = None
        self._made: dict[Digest, tuple[Digest, int]] = {}
        self._lock = threading.Lock()  # the chunks of one column are put by several threads
        self.size = 0

    @property
    def relatives(self) -> Relatives:
        """The frames that this process kept in this lake lately; none when what they are kept in may be damaged."""
        return Relatives(limit=0) if self._parts.objects.is_hurt else self._parts.relatives

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:
        """Stage an object."""
        with self._lock:
            self.size += len(data)
            if self._job is not None:
                self._job.advance(len(data) if weight is None else weight)
        return self._staged().put(data)

    def get(self, digest: Digest) -> bytes:
        """Return an object's content, verified."""
        return self._parts.objects.read(digest)

    def recall(self, content: Digest) -> Digest | None:
        """Return the node made of some content, while the lake has it.

        What others' records say of a content is not believed: they could name any objects for it. Making the node once more in each
        process gives the same chunks again, which are then stored once.
        """
        found = self._made.get(content)
        if found is None:
            found = None if self._parts.objects.is_hurt else self._parts.nodes.get(content)
            if found is None or not self.brings(found[0]):
                return None
        with self._lock:
            self.size += found[1]
        return found[0]

    def brings(self, node: Digest) -> bool:
        """True when a record that names our packs may name this node.

        What another thread has written for a version that is not there yet comes along; what it has yet to write does not.
        """
        return self._parts.objects.has(node) or self._staged().brings(node)

    def remember(self, content: Digest, node: Digest, size: int) -> None:
        """Say which node has been made of some content: for this object at once, for others when `finish` has written it."""
        self._made[content] = (node, size)

    def finish(self) -> tuple[Digest, ...]:
        """Write what has been put, and return the names of its packs, which a record is to name."""
        packs = () if self._staging is None else self._staging.finish()
        self._staging = None
        self._parts.nodes.update(self._made)
        return packs

    def _staged(self) -> Staging:
        with self._lock:
            if self._staging is None:
                self._staging = self._parts.objects.staging()
            return self._staging
