"""Experiment: the cells of a version run once more, with all held fixed that differs from run to run, or with one thing changed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from mvlake.compare.clock import Run
from mvlake.compare.departure import placed
from mvlake.compare.outcome import Item, Outcome, is_same, outcome
from mvlake.errors import MvlakeError
from mvlake.lake.accounts import read_accounts
from mvlake.lake.open import open_parts
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared, prepare
from mvlake.lake.progress import Tell
from mvlake.lake.rerun import rerun
from mvlake.records.account import Account
from mvlake.records.asked import Extent
from mvlake.records.departure import CauseKind
from mvlake.records.dossier import Dossier
from mvlake.records.plan import Plan
from mvlake.records.steady import Steady, Turns

_LATER = 1_000_003.7  # seconds: another day, another hour, another second
_PATIENCE = 10  # a cell of an experiment may take so many times as long as all of them did
_IN_TURN = MappingProxyType({"POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1"})


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one run: its outcome (None: none, a cell raised), and what was told of each cell of the version."""

    outcome: Outcome | None
    accounts: Mapping[int, Account]

    def is_like(self, other: "Came", items: Sequence[Item]) -> bool:
        """True when these items came out the same in both."""
        return self.outcome is not None and other.outcome is not None and is_same(self.outcome, other.outcome, items)


@dataclass(slots=True)
class Laboratory:
    """Runs one version's cells again and again, for so many seconds in all. `left` are those that are left."""

    parts: Parts
    prepared: Prepared
    plan: Plan
    tell: Tell
    duration: float
    left: float
    cpus: int = 0
    runs: int = field(default=0, init=False)

    @property
    def is_spent(self) -> bool:
        """True when another run would take longer than there is time."""
        return self.left < self.duration

    def steady(self, changed: CauseKind | None = None) -> Came:
        """Run with everything held fixed, but for the cause `changed`: that is held at something else."""
        recorded = self.prepared.dossier
        moment = Run.of(recorded.version).started.timestamp()
        is_other = changed is CauseKind.THREADS
        held = Steady(
            clock=moment + (_LATER if changed is CauseKind.TIME else 0.0),
            entropy=2 if changed is CauseKind.SEED else 1,
            backwards=changed is CauseKind.ORDER,
            turns=Turns.LAST if is_other else Turns.FIRST,
            cpus=0 if changed is CauseKind.HARDWARE else self.cpus,
        )
        variables = {**({} if is_other else _IN_TURN), "PYTHONHASHSEED": "1" if changed is CauseKind.ORDER else "0"}
        return self._run(self.prepared, variables, held)

    def whole_session(self) -> Came:
        """Run every cell that ran in the version's kernel, those too that it does not seem to rest on, where there are any."""
        try:
            whole = prepare(self.parts, self.prepared.entry.ref, replace(self.plan, cells=Extent.ALL))
        except MvlakeError:
            return Came(None, {})
        return self._run(whole, {}, None) if len(whole.cells) > len(self.prepared.cells) else Came(None, {})

    def _run(self, prepared: Prepared, variables: Mapping[str, str], steady: Steady | None) -> Came:
        """Run once. What is recorded of the environment of the version stays as it was."""
        started = time.monotonic()
        recorded = {one.name for one in environment.variables} if (environment := prepared.dossier.environment) else set()
        chosen = {name: value for name, value in variables.items() if name not in recorded}
        planned = replace(self.plan, timeout=max(_PATIENCE, round(_PATIENCE * self.duration)))
        self.runs += 1
        self.tell(f"experiment {self.runs} on why {prepared.entry.ref} drifted", 0, 0)
        try:
            given = replace(prepared, variables={**prepared.variables, **chosen})
            with rerun(self.parts, given, planned, steady=steady) as again:
                accounts = placed(prepared.dossier, read_accounts(again.scratch.accounts))
                failed = again.execution.failed_cell
                return Came(None if failed else self._outcome(again.scratch.lake, prepared.dossier), accounts)
        except (MvlakeError, OSError):
            return Came(None, {})
        finally:
            self.left -= time.monotonic() - started

    def _outcome(self, lake: Path, dossier: Dossier) -> Outcome | None:
        scratch = open_parts(lake, create=False, clock=self.parts.clock)
        entries = scratch.ledger.entries(dossier.version.name)
        return outcome(entries[0].version) if entries else None
