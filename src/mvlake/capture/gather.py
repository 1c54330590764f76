"""Gather: a tracked cell that has ended becomes a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mvlake.capture.destination import Destination
from mvlake.capture.inputs import is_mutated
from mvlake.capture.metrics import metrics_of
from mvlake.capture.namespace import is_data, is_users
from mvlake.capture.params import params_of, params_of_models
from mvlake.capture.probes.environment import environment
from mvlake.capture.probes.notebook import notebook_path
from mvlake.capture.running import Running
from mvlake.capture.session import Session
from mvlake.capture.watch import Watch
from mvlake.lake.lake import Lake
from mvlake.lake.preserve import preserve_picture, preserve_text
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.facts import Metric, Param
from mvlake.records.summary import ModelSummary
from mvlake.records.version import Names


@dataclass(slots=True)
class Catch:
    """Artifacts and omissions as they come in."""

    lake: Lake
    artifacts: list[DraftArtifact] = field(default_factory=list)
    omitted: list[Omission] = field(default_factory=list)

    def take(self, role: Role, name: str, obj: Any) -> None:
        """Preserve one object, or note why it is not."""
        kept = self.lake.preserve(role, name, obj)
        if isinstance(kept, Omission):
            self.omitted.append(kept)
        else:
            self.artifacts.append(kept)

    def take_shown(self, streams: Mapping[str, str], pictures: Iterable[bytes]) -> None:
        """Preserve what the cell printed, and the pictures that it showed."""
        self.artifacts.extend(preserve_text(Role.STREAM, name, text) for name, text in streams.items())
        self.artifacts.extend(preserve_picture(f"figure-{number}", data) for number, data in enumerate(pictures, 1))

    def models(self) -> dict[str, ModelSummary]:
        """Return the models among the artifacts that the cell made or changed."""
        return {one.name: one.summary for one in self.artifacts if one.role is Role.MODEL and isinstance(one.summary, ModelSummary)}


@dataclass(frozen=True, slots=True)
class Ended:
    """A tracked cell that has ended without an error, with the kernel's namespace and the value of its last expression."""

    running: Running
    watch: Watch
    namespace: Mapping[str, Any]
    bound: frozenset[str]
    result: Any
    streams: Mapping[str, str]
    pictures: tuple[bytes, ...]


def gather(session: Session, destination: Destination, ended: Ended, name: str) -> Draft:
    """Return the draft of a tracked cell."""
    running, namespace, catch = ended.running, ended.namespace, Catch(destination.lake())
    mutated = _mutated(ended)
    needed = session.needed_for(running.facts)
    params = params_of(running.facts, [session.executed[position].facts for position in needed], namespace)
    metrics = metrics_of(running.facts, namespace, ended.result)
    _take_inputs(catch, ended, mutated, {one.name for one in params})
    _take_outputs(catch, ended, mutated, _said(params, metrics, namespace))
    catch.take_shown(ended.streams, ended.pictures)
    return Draft(
        name=name,
        parent=destination.parent_for(name),
        origin=ended.watch.origin,
        cells=(*(session.cells[position] for position in needed), cell_of(running)),
        names=Names(tuple(sorted(ended.watch.held)), tuple(sorted(ended.bound)), tuple(sorted(mutated))),
        params=_all_params(params, catch),
        metrics=metrics,
        artifacts=tuple(catch.artifacts),
        omitted=tuple(catch.omitted),
        environment=environment(),
        git=ended.watch.git.collect(),
        notebook=notebook_path(namespace),
        started_at=running.started_at,
        duration=running.duration,
        message=ended.watch.directive.message,
    )


def makes_nothing(draft: Draft) -> bool:
    """True for a cell that only looked: no version comes of it when it was not asked for by name."""
    made = (Role.OUTPUT, Role.MODEL, Role.FIGURE, Role.FILE)
    sets = any(one.name in draft.names.bound for one in draft.params)
    return not sets and not draft.metrics and not any(one.role in made for one in draft.artifacts)


def gather_failure(session: Session, running: Running, name: str, error: BaseException) -> FailedDraft:
    """Return what is remembered of a tracked cell that raised."""
    return FailedDraft(
        name=name,
        cells=(*(session.cells[position] for position in session.needed_for(running.facts)), cell_of(running, failed=True)),
        error_type=type(error).__name__,
        error_message=_message(error),
        started_at=running.started_at,
        duration=running.duration,
    )


def cell_of(running: Running, *, failed: bool = False) -> DraftCell:
    """Return the tracked cell itself."""
    return DraftCell(running.source, running.execution_count, running.cell_id, is_tracked=True, failed=failed)


def _message(error: BaseException) -> str:
    """Return what an error says, if it says it without running the user's code."""
    first = error.args[0] if type(error.args) is tuple and error.args else ""
    return first[:2000] if type(first) is str else ""


def _mutated(ended: Ended) -> frozenset[str]:
    found = set()
    for name, held in ended.watch.held.items():
        value = ended.namespace.get(name)
        is_still_there = name not in ended.bound and id(value) == held.identity
        if is_still_there and is_mutated(held, value, may_be=name in ended.running.facts.mutates):
            found.add(name)
    return frozenset(found)


def _take_inputs(catch: Catch, ended: Ended, mutated: frozenset[str], params: set[str]) -> None:
    for name, held in ended.watch.held.items():
        is_gone = name in mutated or id(ended.namespace.get(name)) != held.identity
        if name in params and not is_gone:
            continue  # the parameter says it all
        if not held.problem:
            catch.take(Role.INPUT, name, held.content)
        elif is_gone:
            catch.omitted.append(Omission(name, "", f"as an input: the cell changed it, and {held.problem}"))
        else:
            catch.take(Role.INPUT, name, ended.namespace[name])


def _take_outputs(catch: Catch, ended: Ended, mutated: frozenset[str], said: set[str]) -> None:
    for name in sorted(ended.bound | mutated):
        value = ended.namespace.get(name)
        if is_users(name) and is_data(value) and name not in said:
            catch.take(Role.OUTPUT, name, value)


def _said(params: tuple[Param, ...], metrics: tuple[Metric, ...], namespace: Mapping[str, Any]) -> set[str]:
    """Return the names whose whole value a parameter or metric tells; a curve or a dictionary of scores is an artifact too."""
    numbers = {one.name for one in metrics if type(namespace.get(one.name)) in (int, float)}
    return {one.name for one in params} | numbers


def _all_params(params: tuple[Param, ...], catch: Catch) -> tuple[Param, ...]:
    stated = {one.name for one in params}
    return params + tuple(one for one in params_of_models(catch.models()) if one.name not in stated)
