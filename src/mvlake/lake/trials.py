"""Trials: the experiments on one replay that did not reproduce, in their order, and what they say of its causes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mvlake.compare.advice import ASSIGNED, IN_ORDER, LITERAL, NUMBER, SEED
from mvlake.compare.causes import likeliest
from mvlake.compare.departure import apart
from mvlake.compare.outcome import Item, departed_items, is_same, judged_items, outcome
from mvlake.compare.suspicion import Suspicion, suspicions
from mvlake.lake.experiment import Came, Laboratory
from mvlake.records.departure import Basis, Cause, CauseKind, Departed, Departure, InputKind
from mvlake.records.dossier import Dossier
from mvlake.records.events import VerdictItem

_HELD = (CauseKind.SEED, CauseKind.TIME, CauseKind.ORDER, CauseKind.THREADS, CauseKind.HARDWARE)
_SENTENCES: Mapping[CauseKind, str] = {
    CauseKind.SEED: "another draw from the operating system gives another result, and the same draw the same",
    CauseKind.TIME: "another time of day gives another result, and the same time the same",
    CauseKind.ORDER: "another order of files and of sets gives another result, and the same order the same",
    CauseKind.THREADS: "threads that end in another order give another result, and in the same order the same",
    CauseKind.HARDWARE: "another number of processors gives another result, and the same number the same",
}
_ADVICE: Mapping[CauseKind, str] = {
    CauseKind.SEED: SEED,
    CauseKind.TIME: LITERAL,
    CauseKind.ORDER: "sort before the order matters: sorted(os.listdir(…)), sorted(set(…))",
    CauseKind.THREADS: IN_ORDER,
    CauseKind.HARDWARE: NUMBER,
}
_INPUTS = {
    CauseKind.SEED: (InputKind.GENERATOR, "the operating system's", "it drew other numbers"),
    CauseKind.TIME: (InputKind.CLOCK, "time of day", "it was later"),
    CauseKind.HARDWARE: (InputKind.MACHINE, "cpus", "there is another number of them"),
}

_BEYOND = (CauseKind.SEED, CauseKind.THREADS, CauseKind.TIME, CauseKind.MISSING_INPUT)  # what libraries may ask for in C
_EXPLAINING = (CauseKind.DATA, CauseKind.CODE, CauseKind.MISSING_INPUT)
_UNSTEADY = "two runs differ from each other, though Python's clock, draws and threads were held fixed"

_BEYOND_US = Cause(
    CauseKind.UNKNOWN,
    Basis.EXPERIMENT,
    f"it does not do the same twice: {_UNSTEADY}",
    advice="look for a generator in C, for threads of a library, and for what comes over the network",
)


@dataclass(slots=True)
class Trials:
    """What is known before the first experiment: where the replay departs, how its items were judged, and what came of it."""

    laboratory: Laboratory
    left: Departure
    items: Sequence[VerdictItem]
    replayed: Dossier | None
    _refuted: set[CauseKind] = field(default_factory=set)
    _again: Came | None = None  # a second run with everything held

    @property
    def _recorded(self) -> Dossier:
        return self.laboratory.prepared.dossier

    def conducted(self) -> Departure:
        """Return the departure with what experiments say of its causes."""
        if self.replayed is None:
            return self._of_hidden_state() if self._may_be_hidden() else self.left
        first = outcome(self.replayed.version)
        drifted = [item for item in departed_items(self.items) if item in first]
        if not drifted:
            return replace(self.left, untested="what differs cannot be compared from run to run")
        base = self.laboratory.steady()
        if base.outcome is None:
            return replace(self.left, untested="a cell raises while its clock, its draws and its threads are held fixed")
        is_alike = is_same(base.outcome, first, drifted)
        said = list(suspicions(self._recorded))
        # What repeats itself, and goes by something that differs, does not depend on chance, whatever its cells say.
        is_clear = is_alike and self._is_explained(CauseKind.PACKAGE, *_EXPLAINING)
        kinds = [kind for kind in self._in_order(said) if not is_alike or (self._is_suspected(kind, said) and not is_clear)]
        found = self._tried(base, kinds, drifted, said)
        if found:
            return self._with(found)
        if is_alike:
            self._refuted.update((CauseKind.SEED, CauseKind.TIME, CauseKind.THREADS))
            return self._of_hidden_state() if self._may_be_hidden() else self._without_refuted()
        return self._unsteady(base, drifted)

    def _is_explained(self, *kinds: CauseKind) -> bool:
        return any(one.kind in kinds and one.basis is Basis.EVIDENCE for one in self.left.causes)

    def _in_order(self, said: Sequence[Suspicion]) -> list[CauseKind]:
        """Return the kinds that can be held, the suspected ones first."""
        kinds = [kind for kind in _HELD if kind is not CauseKind.HARDWARE or self.laboratory.cpus]
        return sorted(kinds, key=lambda kind: not self._is_suspected(kind, said))

    def _is_suspected(self, kind: CauseKind, said: Sequence[Suspicion]) -> bool:
        kinds = {one.kind for one in said} | {one.kind for one in self.left.causes}
        return kind in kinds or kind is CauseKind.HARDWARE

    def _tried(
        self, base: Came, kinds: Sequence[CauseKind], drifted: Sequence[Item], said: Sequence[Suspicion]
    ) -> list[tuple[Cause, int]]:
        """Return the causes that experiments show, each with the first cell that it changes (0: none that could be told)."""
        found: list[tuple[Cause, int]] = []
        is_steady = False
        for kind in kinds:
            if self.laboratory.is_spent or (found and is_steady and not self._is_suspected(kind, said)):
                break
            came = self.laboratory.steady(kind)
            if came.is_like(base, drifted):
                is_steady = True
                self._refuted.add(kind)
            elif came.outcome is not None:
                found.append((_shown(kind, said), apart(base.accounts, came.accounts)))
        if found and not is_steady:
            self._again = self.laboratory.steady()
            if not self._again.is_like(base, drifted):
                return []  # each run gives something else, whatever is held
        return found

    def _with(self, found: Sequence[tuple[Cause, int]]) -> Departure:
        """Return the departure with causes that experiments show: in the first cell that one of them changes."""
        last = len(self._recorded.version.cells)
        inputs = [
            Departed(_INPUTS[cause.kind][0], _INPUTS[cause.kind][1], cell or last, _INPUTS[cause.kind][2])
            for cause, cell in found
            if cause.kind in _INPUTS
        ]
        cells = [cell or last for _, cell in found] + ([self.left.cell] if self.left.is_exact else [])
        known = likeliest([*(cause for cause, _ in found), *self._kept(guesses=False)])
        return replace(self.left, cell=min(cells), is_exact=True, inputs=(*inputs, *self.left.inputs), causes=known)

    def _kept(self, *, guesses: bool) -> Iterator[Cause]:
        """Yield the causes that were known before, without what experiments have refuted."""
        for one in self.left.causes:
            is_guess = one.basis is Basis.GUESS
            if one.kind is not CauseKind.UNKNOWN and (guesses or not is_guess) and not (is_guess and one.kind in self._refuted):
                yield one

    def _without_refuted(self) -> Departure:
        return replace(self.left, causes=likeliest(list(self._kept(guesses=True))))

    def _unsteady(self, base: Came, drifted: Sequence[Item]) -> Departure:
        """Return the departure of a version that may not do the same twice, though all is held that can be."""
        again = self._again or (Came(None, {}) if self.laboratory.is_spent else self.laboratory.steady())
        if again.outcome is None or again.is_like(base, drifted):
            return self._without_refuted()
        kept = list(self._kept(guesses=True))
        first = next((one for one in kept if one.kind in _BEYOND and one.basis is Basis.GUESS), None)
        known = [replace(first, basis=Basis.EVIDENCE, reason=f"{first.reason}, and {_UNSTEADY}")] if first is not None else []
        cell = apart(base.accounts, again.accounts)
        where = replace(self.left, cell=cell, is_exact=True) if cell else self.left
        return replace(where, causes=likeliest([*known, *kept] or [_BEYOND_US]))

    def _may_be_hidden(self) -> bool:
        """True when other cells may have run before the version, and nothing else that is known to differ explains it."""
        return not self._is_explained(*_EXPLAINING) and self._recorded.version.past is not None and not self.laboratory.is_spent

    def _of_hidden_state(self) -> Departure:
        """Run the whole session: what reproduces with it, and not without, rests on a cell that nobody saw it rest on."""
        came = self.laboratory.whole_session()
        recorded = Came(outcome(self._recorded.version), {})
        items = [item for item in departed_items(self.items) if recorded.outcome and item in recorded.outcome]
        if not came.is_like(recorded, items or judged_items(self._recorded.version)):
            return self._without_refuted()
        name = next((one.name for one in self.left.causes if one.kind is CauseKind.HIDDEN_STATE), "")
        reason = "it reproduces when every cell of its session runs: one that it does not name leaves something behind for it"
        shown = Cause(CauseKind.HIDDEN_STATE, Basis.EXPERIMENT, reason, name, ASSIGNED)
        return replace(self.left, causes=likeliest([shown, *self._kept(guesses=False)]))


def _shown(kind: CauseKind, said: Sequence[Suspicion]) -> Cause:
    """Return the cause that an experiment shows, with what the cells say that may be it."""
    suspect = next((one for one in said if one.kind is kind), None)
    if suspect is None:
        return Cause(kind, Basis.EXPERIMENT, _SENTENCES[kind], advice=_ADVICE[kind])
    return Cause(kind, Basis.EXPERIMENT, _SENTENCES[kind], suspect.expression, suspect.advice)
