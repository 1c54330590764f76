"""Past: what a kernel remembers of its cells for later versions, in blocks that these versions share."""

from mvlake.records.past import PastBlock, PastCell

_JOINED = 8  # neighbours of one rank that become one of the next: few blocks to name, and each text is written few times


class Past:
    """The cells of one kernel, oldest first.

    Versions name blocks. A block that was handed out is not changed: what ran since is a new one, and eight neighbours are joined.

    >>> past = Past()
    >>> for number in range(3):
    ...     past.add(PastCell(f"x = {number}"))
    >>> first = past.blocks()
    >>> past.add(PastCell("x = 3"))
    >>> [len(one.cells) for one in past.blocks()], past.blocks()[0] is first[0]
    ([3, 1], True)
    """

    def __init__(self) -> None:
        self._fresh: list[PastCell] = []
        self._blocks: list[tuple[int, PastBlock]] = []  # with ranks, which never grow from one to the next

    def add(self, cell: PastCell) -> None:
        """Take a cell that has run."""
        self._fresh.append(cell)

    def blocks(self) -> tuple[PastBlock, ...]:
        """Return all cells that have run so far."""
        if self._fresh:
            self._blocks.append((0, PastBlock(tuple(self._fresh))))
            self._fresh = []
            self._join()
        return tuple(block for _, block in self._blocks)

    def _join(self) -> None:
        while len(self._blocks) >= _JOINED and self._blocks[-_JOINED][0] == self._blocks[-1][0]:
            rank = self._blocks[-1][0]
            cells = tuple(cell for _, block in self._blocks[-_JOINED:] for cell in block.cells)
            self._blocks[-_JOINED:] = [(rank + 1, PastBlock(cells))]
