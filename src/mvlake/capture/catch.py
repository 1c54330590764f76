"""Catch: the objects that a version is to hold, as they come in; then held, if they are written later; then preserved."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeAlias

from mvlake.capture.facts.measured import Measured
from mvlake.capture.patience import Patience
from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_for
from mvlake.handlers.table import table_of
from mvlake.lake.backlog import Job
from mvlake.lake.keeping import Keeping
from mvlake.lake.lake import Lake
from mvlake.lake.manner import AT_ONCE, Manner
from mvlake.lake.preserve import PROFILE, UNSTABLE, Preserved, preserve_series, preserve_text, profile_of, type_name
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.described import Described
from mvlake.records.policy import Keep
from mvlake.records.summary import ArraySummary, FrameSummary, ModelSummary

RESULT = "Out"  # what the value of the last expression is called: no variable of the user's can be
_LONGEST_SERIES = 100_000
_DATA = (Role.INPUT, Role.OUTPUT)
_LIGHT = 64 << 10  # what weighs less is preserved at once: holding it would take as long
_LIGHT_WORK = 2 << 20
_PROFILED, _COLUMN = 8, 512 << 10  # so many bytes are written in the time that a profile of one takes, or of a column of hardly any


@dataclass(slots=True)
class Wanted:
    """One object and the role that it plays. `is_held`: it is a stand-in, which no later change reaches."""

    role: Role
    name: str
    obj: Any
    is_held: bool

    @property
    def weight(self) -> int:
        """About how many bytes it takes; 0 when that is little, or unknown."""
        try:
            handler = handler_for(self.obj)
            return handler.weight(self.obj) if handler.is_inert else 0
        except Exception:  # noqa: BLE001 - preserving it says what is wrong with it
            return 0

    @property
    def work(self) -> int:
        """About how many bytes could be written in the time that it takes to keep it, with its profile."""
        weight = self.weight
        return weight and weight * _PROFILED + handler_for(self.obj).width(self.obj) * _COLUMN

    @property
    def is_light(self) -> bool:
        """True for what is preserved at once."""
        weight = self.weight
        return weight <= _LIGHT and (not weight or self.work <= _LIGHT_WORK)


Item: TypeAlias = Wanted | Preserved


@dataclass(slots=True)
class Catch:
    """What came in, in order: wanted objects, which become artifacts and omissions in the end.

    `asked` is how much of data the cell asked to keep, `keeping` how much is kept. `result_is` names the wanted object that the
    last expression evaluated to: its content is looked at once.
    """

    wanted: list[Item] = field(default_factory=list)
    result_is: str = ""
    asked: Keep | None = None
    manner: Manner = AT_ONCE  # of all that is preserved
    keeping: Keeping = field(default_factory=Keeping)
    _profiled: list[Omission] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)
    is_alone: bool = True  # no other thread could change an object meanwhile

    def take(self, role: Role, name: str, obj: Any, *, is_held: bool = False) -> None:
        """Want one object."""
        self.wanted.append(Wanted(role, name, obj, is_held))

    def take_now(self, lake: Lake, role: Role, name: str, obj: Any) -> None:
        """Preserve one object as it is at this moment."""
        self.wanted.append(self._preserved(lake, Wanted(role, name, obj, is_held=False)))

    def add(self, made: Preserved) -> None:
        """Take what is preserved already."""
        self.wanted.append(made)

    def take_streams(self, streams: Mapping[str, str]) -> None:
        """Preserve what the cell printed."""
        self.wanted.extend(preserve_text(Role.STREAM, name, text) for name, text in streams.items())

    def take_series(self, measured: Iterable[Measured]) -> None:
        """Preserve the values of series; of a very long one some, evenly, and the last."""
        for one in measured:
            stride = -(-len(one.values) // _LONGEST_SERIES)
            if stride > 1:
                places = [*range(0, len(one.values) - 1, stride), len(one.values) - 1]
                at = places if one.at is None else [one.at[place] for place in places]
                self.wanted.append(preserve_series(one.name, [one.values[place] for place in places], at))
                said = f"it has {len(one.values):,} values; as a series one in {stride:,} is kept, and the last"
                self.wanted.append(Omission(one.name, "series", said))
            elif one.values:
                self.wanted.append(preserve_series(one.name, one.values, one.at))

    def take_tables(self, tables: Mapping[str, Mapping[str, list[Any]]]) -> None:
        """Want tables that are given as columns."""
        for name, columns in tables.items():
            self.take(Role.OUTPUT, name, table_of(columns))

    @property
    def weight(self) -> int:
        """About how many bytes all that is wanted takes."""
        return sum(one.weight for one in self.wanted if isinstance(one, Wanted))

    @property
    def work(self) -> int:
        """About how many bytes could be written in the time that keeping all of it takes."""
        kept = (one for one in self.wanted if isinstance(one, Wanted))
        return sum(one.weight if self.keeping.keep is Keep.NONE else one.work for one in kept)

    def hold(self, lake: Lake) -> None:
        """Make sure that no later change reaches what is wanted: hold what is large, and preserve the rest."""
        for position, one in enumerate(self.wanted):
            if not isinstance(one, Wanted) or one.is_held:
                continue
            if not one.is_light:
                with contextlib.suppress(MvlakeError):  # preserving says why
                    self.wanted[position] = self._attempt(one, partial(self._held, one))
                    continue
            self.wanted[position] = self._preserved(lake, one)

    def preserve(self, lake: Lake, job: Job | None = None) -> None:
        """Make artifacts and omissions of all that is wanted, and let go of each object as soon as it is preserved."""
        for position, one in enumerate(self.wanted):
            if isinstance(one, Wanted):
                target = 0 if job is None else job.done + one.weight
                self.wanted[position] = self._preserved(lake, one, job)
                if job is not None:
                    job.advance(max(target - job.done, 0))

    def _kept(self, lake: Lake, one: Wanted, job: Job | None) -> Preserved:
        """Return what becomes of an object: of data, as much as is to be kept."""
        weight = one.weight if one.role in _DATA else 0
        keep, because = self.keeping.of(weight) if weight else (Keep.FULL, "")
        if keep is Keep.NONE:
            return _without(one.name, type_name(one.obj), because)
        reason = because if keep is Keep.PROFILE else ""
        may_change = not (self.is_alone or one.is_held)
        made = lake.preserve(one.role, one.name, one.obj, replace(self.manner, job=job, without=reason, may_change=may_change))
        if isinstance(made, DraftArtifact) and made.handler == PROFILE:
            self._profiled.append(_without(made.name, type_name(one.obj), because))
        return made

    def keep(self, keeping: Keeping) -> None:
        """Say how much of data is kept: also of what the lake holds already, which is otherwise only named."""
        self.keeping = keeping
        if keeping.keep is Keep.FULL:
            return
        for position, one in enumerate(self.wanted):
            if isinstance(one, DraftArtifact) and one.role in _DATA and isinstance(one.summary, FrameSummary | ArraySummary):
                omission = _without(one.name, one.summary.type, keeping.because)
                if keeping.keep is Keep.NONE:
                    self.wanted[position] = omission
                else:
                    self.wanted[position] = profile_of(one, keeping.because)
                    self._profiled.append(omission)

    def _held(self, one: Wanted) -> Item:
        handler = handler_for(one.obj)
        stand_in = handler.hold(one.obj)
        if not (self.is_alone or handler.shares_memory) and handler.fingerprint(stand_in) != handler.fingerprint(one.obj):
            return Omission(one.name, type_name(one.obj), UNSTABLE)
        one.obj, one.is_held = stand_in, True
        return one

    def _preserved(self, lake: Lake, one: Wanted, job: Job | None = None) -> Item:
        return self._attempt(one, lambda: self._kept(lake, one, job if one.is_held else None))

    def _attempt(self, one: Wanted, call: Callable[[], Item]) -> Item:
        return self.patience.attempt(one.obj, call, lambda reason: Omission(one.name, type_name(one.obj), reason))

    @property
    def artifacts(self) -> tuple[DraftArtifact, ...]:
        """What has been preserved."""
        made = tuple(one for one in self.wanted if isinstance(one, DraftArtifact))
        same = [one for one in made if self.result_is and one.name == self.result_is][-1:]  # an output stands behind an input
        return (*made, *(replace(one, role=Role.RESULT, name=RESULT, content=None, packs=()) for one in same))

    @property
    def described(self) -> tuple[Described, ...]:
        """What is no data but a way to it."""
        return tuple(one for one in self.wanted if isinstance(one, Described))

    @property
    def omitted(self) -> tuple[Omission, ...]:
        """What could not be preserved."""
        return (*(one for one in self.wanted if isinstance(one, Omission)), *self._profiled)

    def models(self) -> dict[str, ModelSummary]:
        """Return the models among the artifacts that the cell made or changed."""
        return {one.name: one.summary for one in self.artifacts if one.role is Role.MODEL and isinstance(one.summary, ModelSummary)}


def _without(name: str, kind: str, because: str) -> Omission:
    return Omission(name, kind, f"its content: {because}")
