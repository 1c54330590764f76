"""Departure: where a replay left its version, what of it differed there already, and why."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.sparse import sparse


class InputKind(StrEnum):
    """What a cell went by that differed. Append-only."""

    FILE = "file"
    DATA = "data"  # a variable that holds a frame or an array
    VARIABLE = "variable"
    MODULE = "module"  # the source of a module of the user's own
    PACKAGE = "package"
    GENERATOR = "generator"  # the state of a generator of random numbers
    CLOCK = "clock"
    MACHINE = "machine"  # Python, the processor, threads


class CauseKind(StrEnum):
    """Why a replay did not reproduce. Append-only."""

    SEED = "seed"
    DATA = "data"
    CODE = "code"
    PACKAGE = "package"
    TIME = "time"
    THREADS = "thread order"
    HIDDEN_STATE = "hidden state"
    MISSING_INPUT = "missing input"
    HARDWARE = "hardware"
    ORDER = "order"  # of sets, and of files in a folder
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """By what a cause is known, best first. Append-only."""

    EXPERIMENT = "experiment"  # the cells ran again, with one thing held or changed
    EVIDENCE = "evidence"  # something that is known to differ, and that the cells use
    GUESS = "guess"  # what the text of the cells says


@dataclass(frozen=True, slots=True)
class Departed:
    """Something that a cell went by, and that was not as it was; `cell` is the first that used it, or the one that made it."""

    kind: InputKind
    name: str
    cell: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: `name` says which package, file or generator, `reason` is a sentence, `advice` what to do about it."""

    kind: CauseKind
    basis: Basis
    reason: str
    name: str = sparse("")
    advice: str = sparse("")


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a replay left its version. `cell` counts from 1 among the version's cells.

    `is_exact`: it is that cell; else that one or an earlier one. `inputs` are what differed, the first in order of cells first.
    `causes` are the likeliest first; `untested` says why no experiment was made, "" where one was, or none was called for.
    """

    cell: int
    is_exact: bool = sparse(default=False)
    inputs: tuple[Departed, ...] = sparse(())
    causes: tuple[Cause, ...] = sparse(())
    untested: str = sparse("")
