"""Course: samples of one cell, never more than MOST of them, however long it runs."""

from itertools import pairwise

from mvlake.records.usage import Sample

MOST = 60


class Course:
    """When there are MOST samples, each two become one, and from then on they are taken half as often: `every` so many seconds."""

    def __init__(self, every: float) -> None:
        self.every = every
        self._samples: list[Sample] = []

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The samples so far, in their order."""
        return tuple(self._samples)

    @property
    def ends_at(self) -> float:
        """The moment up to which there are samples."""
        return self._samples[-1].elapsed if self._samples else 0.0

    def add(self, sample: Sample) -> None:
        """Add the sample that follows the last one."""
        self._samples.append(sample)
        if len(self._samples) >= MOST:
            self._halve()

    def _halve(self) -> None:
        begins = (0.0, *(one.elapsed for one in self._samples))
        lengths = [end - begin for begin, end in pairwise(begins)]
        both = list(zip(self._samples, lengths, strict=True))
        self._samples = [_joined(*both[place : place + 2]) for place in range(0, len(both), 2)]
        self.every *= 2


def _joined(first: tuple[Sample, float], second: tuple[Sample, float] | None = None) -> Sample:
    if second is None:
        return first[0]
    (a, a_length), (b, b_length) = first, second
    length = a_length + b_length
    cpu = (a.cpu * a_length + b.cpu * b_length) / length if length > 0 else b.cpu
    return Sample(b.elapsed, round(cpu, 3), max(a.memory, b.memory), max(a.children, b.children))
