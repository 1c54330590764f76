"""The outline of how much of the machine a version used, and over time."""

from collections.abc import Sequence

from mvlake.records.usage import Sample
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Span, Spark, Words, muted, strong
from mvlake.view.quantities import number, plural, seconds, size


def peak_text(version: Version) -> str:
    """Return how much memory there was at its peak, and whether that was only looked at now and then."""
    assert version.peak_memory is not None
    is_seen = version.usage is not None and not version.usage.is_peak_exact
    return f"{size(version.peak_memory)} of memory at its peak{' that was seen' if is_seen else ''}"


def usage(version: Version) -> tuple[Block, ...]:
    """Return what a long execution used over time; nothing for a short one."""
    samples = version.usage.samples if version.usage is not None else ()
    if not samples:
        return ()
    most = max(one.cpu for one in samples)
    rows: list[tuple[Words, ...]] = [
        ((strong("processors"),), _course([one.cpu for one in samples]), (Span(f"at most {number(most, digits=3)} busy"),)),
        ((strong("memory"),), _course([one.memory for one in samples]), (Span(f"at most {_most(samples, 'memory')}"),)),
    ]
    if any(one.children for one in samples):
        below = (Span(f"at most {_most(samples, 'children')}"),)
        rows.append(((strong("child processes"),), _course([one.children for one in samples]), below))
    told = muted(f"{plural(len(samples), 'sample')} in {seconds(samples[-1].elapsed)}")
    return (Section("Usage", (told,), (Grid((Column("what"), Column("course"), Column("most")), tuple(rows)),)),)


def _course(points: Sequence[float]) -> Words:
    return (Spark(tuple(points), low=0.0),)


def _most(samples: Sequence[Sample], field: str) -> str:
    return size(max(getattr(one, field) for one in samples))
