"""Check: a verification under way: how deep it looks, what it has found, and what it has seen of a lake."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from mvlake.errors import Damaged, DamagedObject, DamagedRecord, MvlakeError
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.survey import Survey, User
from mvlake.lake.thorough import read_again
from mvlake.records.answers import Finding
from mvlake.records.digest import Digest
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of

OTHER_BYTES = "other bytes than its name says"


@dataclass(frozen=True, slots=True)
class Depth:
    """Of which files all bytes are read: a share of them, 0 to 1, and which ones, by a seed."""

    share: float = 0.0
    seed: int = 0

    def reaches(self, name: Digest) -> bool:
        """True when the file of this name is to be read whole: the same seed chooses the same files."""
        if self.share in (0.0, 1.0):
            return self.share == 1.0
        return self._place(name) < self.share

    def chosen(self, names: Collection[Digest]) -> set[Digest]:
        """Return those of these files that are to be read whole; of a few, at least one: a sample of nothing shows nothing."""
        found = {name for name in names if self.reaches(name)}
        return found or ({min(names, key=self._place)} if names and self.share else set())

    def _place(self, name: Digest) -> float:
        return int(digest_of(f"{self.seed} {name}".encode()).hex[:12], 16) / 16**12


@dataclass(slots=True)
class Check:
    """What a verification has found so far."""

    store: Store
    depth: Depth = Depth()
    tell: Tell = tell_nobody
    problems: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    survey: Survey = field(init=False)
    log_is_whole: bool = True
    broken: dict[Digest, str] = field(default_factory=dict)  # packs that are wanted, and missing or damaged: how
    damaged: dict[str, Digest] = field(default_factory=dict)  # files with other bytes than their names say, by key
    wanted: dict[Digest, User] = field(default_factory=dict)  # every object that anything wants, nodes walked
    missing: set[Digest] = field(default_factory=set)  # wanted objects of which there is no whole copy
    packed: set[Digest] = field(default_factory=set)  # objects that lie in packs, whole as far as was looked
    inside: dict[Digest, tuple[Digest, ...]] = field(default_factory=dict)  # what packs hold that only forgotten versions name
    size: int = 0

    def __post_init__(self) -> None:
        self.survey = Survey(lambda seq: read_again(self.store, seq))

    def found(self, subject: str, error: MvlakeError) -> None:
        """Note what is wrong."""
        self.problems.append(Finding(error.code, subject, error.message))

    def wrong_record(self, seq: int, problem: str) -> None:
        """Note what is wrong with a record."""
        self.log_is_whole = False
        self.problems.append(Finding(DamagedRecord.code, f"record {seq}", problem))

    def wrong_file(self, subject: str, key: str, digest: Digest, found: str = OTHER_BYTES) -> None:
        """Note that a file does not hold what its name says."""
        self.damaged[key] = digest
        self.found(subject, DamagedObject(digest, where=key, found=found))

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys there are; a place that cannot be listed is a finding."""
        try:
            yield from self.store.keys(prefix)
        except Damaged as error:
            self.found(prefix, error)
