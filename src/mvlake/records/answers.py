"""Answers: what each verb gives back, as data. A view makes text, HTML or JSON of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.asked import Repeated
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.events import Attempt, Correction, LabelMove, Replayed
from mvlake.records.gate import Passage
from mvlake.records.past import PastCell
from mvlake.records.redaction import Redaction
from mvlake.records.version import Version


@dataclass(frozen=True, slots=True)
class Remark:
    """A note as it was written: text, when, by whom."""

    text: str
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What somebody said that a fact is, when, and by whom."""

    correction: Correction
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """Answer of `corrections`: what has been said of facts, and still holds."""

    rows: tuple[CorrectionRow, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay in the log: its verdict, when, by whom."""

    replayed: Replayed
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A version with all that later records say of it. `digest` names its record; `labels` are the labels it holds now.

    `forgotten` tells why, when and by whom it was, where it was; `corrections` what was said of its facts since.
    """

    version: Version
    seq: int
    digest: Digest
    created_at: str
    author: str
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    notes: tuple[Remark, ...]
    replays: tuple[Replay, ...]
    confirmations: int
    forgotten: Remark | None = None
    corrections: tuple[CorrectionRow, ...] = ()

    @property
    def ref(self) -> str:
        """The version's ref."""
        return self.version.ref

    @property
    def judged(self) -> Replay | None:
        """The last replay of the version itself, which is the one that counts; None when it was never replayed."""
        return next((one for one in reversed(self.replays) if one.replayed.speaks_of_version), None)

    @property
    def repeats(self) -> tuple[Repeated, ...]:
        """What each metric came out as whenever the version itself was repeated, oldest first."""
        told = (one.replayed for one in self.replays if one.replayed.asked is not None and one.replayed.asked.runs_version)
        return tuple(repeated for replayed in told for repeated in replayed.repeats)


@dataclass(frozen=True, slots=True)
class History:
    """Answer of `log`: versions, newest first; `attempts` are executions that raised since, newest first.

    `is_cut` says that there are older ones, which were not asked for, `is_graph` that it is to be drawn who came from whom.
    """

    entries: tuple[Entry, ...]
    attempts: tuple[tuple[Attempt, str], ...] = ()
    is_cut: bool = False
    is_graph: bool = False

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class Shown:
    """Answer of `show`. `passages` tell of the labels behind gates whether it may have them; `problem` why that cannot be told."""

    entry: Entry
    dossier: Dossier
    passages: tuple[Passage, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """Answer of `show --slice`: the code that a version rests on, as the text of a script."""

    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """Answer of `show --history`: every cell that ran in the kernel before a version's tracked one, oldest first.

    `needed` are the places, from 1, of those that the version rests on.
    """

    ref: str
    cells: tuple[PastCell, ...]
    needed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Committed:
    """Answer of a commit: the new version, or the one that this execution confirmed."""

    version: Version
    is_confirmation: bool


@dataclass(frozen=True, slots=True)
class RestoredName:
    """One variable of a checkout; `problem` says why it was not restored."""

    name: str
    handler: str
    replaced: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """Answer of `checkout`: variables put into the kernel, or files written below `folder`.

    `redacted` is what was replaced in the version: what comes back has marks there.
    """

    ref: str
    names: tuple[RestoredName, ...]
    folder: str = ""
    redacted: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Answer of `replay`: the judged replay of `ref`, the executed notebook where it was kept, the error of a failed cell.

    `is_interrupted`: of several runs that were asked for, those count that had ended when the user interrupted them.
    """

    ref: str
    replayed: Replayed
    notebook: str = ""
    error: str = ""
    is_interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Answer of `sql`: column names and rows."""

    columns: tuple[str, ...]
    rows: tuple[Sequence[object], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Answer of a verb that wrote one small record: a sentence."""

    sentence: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One place of a label: the latest move that decided it, when, and by whom."""

    move: LabelMove
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class Labels:
    """Answer of `labels`: where each label points now, and all its moves, oldest first.

    `passages` tell of the labels behind gates whether what holds them would still pass; `problem` why that cannot be told.
    """

    current: tuple[LabelRow, ...]
    history: tuple[LabelRow, ...]
    passages: tuple[Passage, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Answer of `at`: what held the labels at a moment."""

    at: str
    rows: tuple[LabelRow, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that `verify` found wrong: `subject` is a record, object or file; `code` is an error's code."""

    code: str
    subject: str
    problem: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Answer of `verify`: what was checked, and what is wrong. `remarks` are harmless leftovers.

    Of a `share` of the files, 0 to 1, all bytes were read; `seed` says of which.
    """

    records: int
    objects: int
    size: int
    problems: tuple[Finding, ...]
    remarks: tuple[str, ...]
    head: Digest | None
    share: float = 1.0
    seed: int = 0

    @property
    def is_clean(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


class Step(StrEnum):
    """What collecting did, or would do, with one file."""

    MARK = "mark"  # it is seen for the first time that nothing reaches it
    WAIT = "wait"  # marked, and the grace is not over
    MOVE = "move"  # to the trash
    REMOVE = "remove"  # from the trash, for good
    RESTORE = "restore"  # from the trash: something reaches it again
    SWEEP = "sweep"  # an old file in tmp/
    REWRITE = "rewrite"  # what is wanted of a pack goes into a new one; the size is that of what nothing reaches


@dataclass(frozen=True, slots=True)
class Collectable:
    """A file that nothing reaches: its key, size, whose it was, what happens to it, and when the next step is due."""

    key: str
    size: int
    belonged_to: tuple[str, ...]
    step: Step
    due: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Answer of `gc`: what was collected, or would be. `kept` is what unreached content takes in packs that stay."""

    is_applied: bool
    grace: str
    files: tuple[Collectable, ...]
    kept: int
    reached: int
    remarks: tuple[str, ...]

    def size(self, *steps: Step) -> int:
        """How many bytes these steps are about."""
        return sum(one.size for one in self.files if one.step in steps)


@dataclass(frozen=True, slots=True)
class Mending:
    """One thing that `repair` did, or would do: `subject` is a file, a record or an object, `act` a sentence."""

    subject: str
    act: str


@dataclass(frozen=True, slots=True)
class Mended:
    """Answer of `repair`: what was mended, or would be, and what nothing here can mend."""

    is_applied: bool
    done: tuple[Mending, ...]
    left: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """True when nothing is wrong, or stays wrong."""
        return not self.left and (self.is_applied or not self.done)


class Health(StrEnum):
    """What `doctor` thinks of one thing."""

    GOOD = "good"
    ODD = "odd"  # works, and could be better
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that `doctor` looked at: what it found, why that matters, and what to type."""

    subject: str
    health: Health
    found: str
    why: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """Answer of `doctor`."""

    examined: tuple[Examined, ...]

    @property
    def is_healthy(self) -> bool:
        """True when nothing is bad."""
        return all(one.health is not Health.BAD for one in self.examined)


class Way(StrEnum):
    """Which copy of a lake was brought up to the other."""

    PUSHED = "pushed"
    PULLED = "pulled"


@dataclass(frozen=True, slots=True)
class Synced:
    """Answer of `push`, `pull` and `sync`: what was sent or fetched, or would be, and the last record that both copies then have.

    `gone` are the versions whose content had been collected.
    """

    way: Way
    place: str
    is_applied: bool
    head: int
    records: int
    files: int
    size: int
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Answer of `status`: the lake, and this kernel where there is one."""

    path: str
    lake_id: str
    records: int
    versions: int
    names: tuple[str, ...]
    size: int
    is_writable: bool
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Manual:
    """Answer of `help`: a usage line and an explanation for each verb."""

    verbs: tuple[tuple[str, str, str], ...]
    text: str = ""
