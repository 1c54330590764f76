"""Randomness: which cell drew from which generator, in which state that was before, and the seeds that its text sets."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.records.sparse import sparse


class GeneratorKind(StrEnum):
    """What a generator of random numbers is. Append-only."""

    PYTHON = "python"  # random, random.Random
    NUMPY_LEGACY = "numpy-legacy"  # numpy.random, numpy.random.RandomState
    NUMPY = "numpy"  # numpy.random.Generator
    TORCH = "torch"  # torch, torch.Generator
    ENTROPY = "entropy"  # what the operating system gave NumPy to seed generators that nobody seeds


class SeedSource(StrEnum):
    """Where a seed came from that nobody chose. Append-only."""

    CLOCK = "clock"  # random.seed(time.time())
    SYSTEM = "system"  # what the operating system draws: random.seed(), default_rng(secrets.randbits(128))


@dataclass(frozen=True, slots=True)
class Draw:
    """One cell drew from one generator. `cell` counts from 1 among the cells of the version; `generator` is a name or a variable.

    `state` names an object, the `GeneratorState` before the cell; None where it is not known, `problem` then says why. `is_seeded`:
    a seed in the text of this version's cells, or in the generator itself, decides what is drawn.
    """

    cell: int
    generator: str
    kind: GeneratorKind
    state: Digest | None = None
    is_seeded: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed in the text of a cell: the call as written (`np.random.seed`, `train_test_split random_state`), and its value.

    `value` is plain JSON, null where the text alone does not tell it. With a `source`, nobody chose it: another run has another.
    """

    cell: int
    call: str
    value: Json
    source: SeedSource | None = sparse(None)


@dataclass(frozen=True, slots=True)
class GeneratorState:
    """The state of one generator at one moment; `algorithm` says how `state`, plain JSON, is to be read."""

    algorithm: str
    state: Json


@dataclass(frozen=True, slots=True)
class RecordedState:
    """What the kernel of a replay is to put back into one generator."""

    generator: str
    kind: GeneratorKind
    state: GeneratorState


@dataclass(frozen=True, slots=True)
class CellStates:
    """What is to be put back before the cell of this text runs."""

    source: str
    states: tuple[RecordedState, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftDraw:
    """A draw on its way into a version."""

    generator: str
    kind: GeneratorKind
    state: GeneratorState | None = None
    is_seeded: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DraftSeed:
    """A seed on its way into a version."""

    call: str
    value: Json
    source: SeedSource | None = None
