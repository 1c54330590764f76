"""Examined: an object that has been looked at once: what it holds, what to say of it, and how it is encoded without another."""

from collections.abc import Callable
from dataclasses import dataclass

from mvlake.handlers.profiling.values import Profiled
from mvlake.handlers.shelf import Shelf
from mvlake.records.digest import Digest
from mvlake.records.node import Node
from mvlake.records.summary import Summary


class ChangedMeanwhile(Exception):
    """What was written may not be what was examined: something went round what protects shared memory."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Fingerprint and summary of an object. `encode` makes of it what `Handler.encode_parts` does.

    `is_unchanged` says, of what was made, whether that is still what was examined; `encode` itself may raise ChangedMeanwhile.
    `profiled` is what a profile is made of, None for what has none.
    """

    digest: Digest
    summary: Summary
    encode: Callable[[Shelf], bytes | Node]
    is_unchanged: Callable[[bytes | Node], bool]
    profiled: Profiled | None = None
