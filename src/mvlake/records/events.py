"""Events: everything but a new version that can happen in a lake."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.asked import Asked, Repeated
from mvlake.records.departure import Departure
from mvlake.records.digest import Digest
from mvlake.records.redaction import Redaction
from mvlake.records.sparse import sparse
from mvlake.records.version import Cell


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An execution with the code, inputs and outputs of an existing version: it reproduced, for free."""

    name: str
    number: int
    started_at: str
    duration: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """A tracked execution that raised. It has no number."""

    name: str
    cells: tuple[Cell, ...]
    error_type: str
    error_message: str
    started_at: str
    duration: float
    redacted: tuple[Redaction, ...] = ()


class Move(StrEnum):
    """Why a label moved. Append-only."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class LabelMove:
    """A label moved `from_number` → `to_number` under one name; None means that it pointed, or points, nowhere."""

    name: str
    label: str
    from_number: int | None
    to_number: int | None
    move: Move
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a version."""

    name: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A word put on, or taken off, a version."""

    name: str
    number: int
    tag: str
    is_removed: bool = False


class Verdict(StrEnum):
    """What a replay concludes, best first. The worst item that can be compared decides."""

    IDENTICAL = "identical"
    EQUIVALENT = "equivalent"  # the same values in other bytes
    NUMERIC = "numeric"  # numbers differ, within the tolerance
    STATISTICAL = "statistical"  # beyond it, and within the band of recorded repeats
    DRIFTED = "drifted"
    NOT_COMPARABLE = "not comparable"  # nobody can tell, or nobody may open it to tell
    NOT_RUN = "not run"
    FAILED = "failed"

    @property
    def severity(self) -> int:
        """0 for the best; greater is worse."""
        return list(Verdict).index(self)

    @property
    def is_reproduced(self) -> bool:
        """True for a verdict that says yes."""
        return self.severity < Verdict.DRIFTED.severity


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the numbers of an item are apart, and how far they may be.

    Those of `precision` decide: of several precisions those that are furthest beyond their tolerance. `differing` of `total` count
    all. `max_abs` and `max_rel` are None where they are infinite, `max_ulp` where nothing finite was compared.
    """

    precision: str
    rtol: float
    atol: float
    differing: int = sparse(0)
    total: int = sparse(0)
    max_abs: float | None = sparse(None)
    max_rel: float | None = sparse(None)
    max_ulp: int | None = sparse(None)


@dataclass(frozen=True, slots=True)
class VerdictItem:
    """The verdict on one output, metric, model, figure or cell; `reason` is a sentence, `measured` the numbers in it."""

    kind: str
    name: str
    verdict: Verdict
    reason: str
    measured: Measured | None = sparse(None)


def worst(items: Iterable[VerdictItem]) -> Verdict:
    """Return the worst verdict among the items that can be compared, `not comparable` when none can be."""
    deciding = [item.verdict for item in items if item.verdict is not Verdict.NOT_COMPARABLE]
    return max(deciding, key=lambda verdict: verdict.severity, default=Verdict.NOT_COMPARABLE)


class DifferenceKind(StrEnum):
    """What of the world of a replay differs from that of its version. Append-only."""

    FILE = "file"
    URL = "url"
    HOST = "host"
    MODULE = "module"
    PACKAGE = "package"
    ENVIRONMENT = "environment"  # Python, the machine, libraries that calculate with threads, variables
    CODE = "code"  # a cell of the notebook that ran in place of the recorded cells
    INPUT = "input"  # of the tracked cell, where a replay was to begin with what is kept of them
    PAST = "past"  # what ran before, where a whole session runs again


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a replay has not found as its version did; `reason` is a sentence, or says what it was and is.

    `is_missing`: nothing is in its place.
    """

    kind: DifferenceKind
    name: str
    reason: str
    is_missing: bool = sparse(default=False)


@dataclass(frozen=True, slots=True)
class Replayed:
    """A version was replayed, and judged. `tool` is the mvlake that judged: a later one never upgrades an old verdict.

    `differences` are those of the world in which it ran again, as far as they were looked for. `asked` is None where the version's
    slice ran once, as usual; `repeats` are the values of the metrics where it ran several times. `departure` tells where it
    left the version, and why; None where it reproduced.
    """

    name: str
    number: int
    verdict: Verdict
    items: tuple[VerdictItem, ...]
    environment: Digest
    duration: float
    tool: str
    differences: tuple[Difference, ...] = ()
    asked: Asked | None = sparse(None)
    repeats: tuple[Repeated, ...] = sparse(())
    departure: Departure | None = sparse(None)

    @property
    def speaks_of_version(self) -> bool:
        """True when the version itself ran again, once: its own cells, from the first of them on. Else something beside it did."""
        return self.asked is None or self.asked.speaks_of_version


class Meaning(StrEnum):
    """What a fact is said to be. Append-only."""

    METRIC = "metric"
    PARAM = "param"
    NOTHING = "nothing"  # neither: it is to be ignored
    GUESS = "guess"  # whatever it is taken for: what was said before is taken back


class Better(StrEnum):
    """Which values of a metric are the better ones. Append-only."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a variable (or a part of one: `scores.auc`) is, in every version of a name that comes after.

    `number` is that of the name's newest version when it was said, 0 when there was none. `better` is said of metrics, and holds
    for every version of the name: it is no fact of a version, but how people read one.
    """

    name: str
    number: int
    fact: str
    meaning: Meaning
    better: Better | None = sparse(None)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A version is not wanted any more: it keeps its number, and its content may be collected. `is_undone` takes that back."""

    name: str
    number: int
    reason: str = ""
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Repacked:
    """What is still wanted of these packs lies in the packs of this record: nobody needs them any more."""

    replaced: tuple[Digest, ...]
