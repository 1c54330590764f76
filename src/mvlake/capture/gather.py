"""Gather: a tracked cell that has ended becomes a draft. What is gathered at once is small; the objects may be preserved later."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from mvlake.capture.catch import RESULT, Catch, Item, Wanted
from mvlake.capture.descended import Lines
from mvlake.capture.descent import Descents
from mvlake.capture.facts.corrected import Meanings
from mvlake.capture.facts.gathering import Around, Facts, gather_facts
from mvlake.capture.files.gathering import GatheredFiles, gathered_files
from mvlake.capture.files.hints import file_hints
from mvlake.capture.hints import hints_of
from mvlake.capture.inputs import Held, is_mutated
from mvlake.capture.modules import ModuleShelf, surroundings
from mvlake.capture.namespace import is_data, is_users
from mvlake.capture.numbers import NUMBERS
from mvlake.capture.others import run_beside
from mvlake.capture.patience import Patience
from mvlake.capture.probes.environment import environment, imports_of
from mvlake.capture.probes.notebook import notebook_path
from mvlake.capture.randomness.telling import with_seeds
from mvlake.capture.running import Running
from mvlake.capture.session import Session
from mvlake.capture.shown import take_shown
from mvlake.capture.situation import Situation
from mvlake.capture.tracing import CellRan, traced
from mvlake.capture.watch import Seen, Watch
from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_for
from mvlake.lake.backlog import Job
from mvlake.lake.lake import Lake
from mvlake.lake.manner import Manner
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.described import Described
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.facts import Metric, MetricSource, Param
from mvlake.records.files import Flow
from mvlake.records.version import Names

_LOOKS = (Role.INPUT, Role.STREAM, Role.RESULT, Role.DISPLAY)  # what a cell that makes nothing may have


@dataclass(frozen=True, slots=True)
class Ended:
    """A tracked cell that has ended without an error, with the kernel's namespace and the value of its last expression."""

    running: Running
    watch: Watch
    namespace: Mapping[str, Any]
    bound: frozenset[str]
    result: Any
    seen: Seen


@dataclass(slots=True)
class Gathered:
    """A tracked cell that is almost a draft: the objects of its catch are yet to be preserved."""

    draft: Draft
    catch: Catch
    facts: Facts
    files: GatheredFiles = field(default_factory=GatheredFiles)
    ran: Sequence[CellRan] = ()
    lines: Lines = field(default_factory=Lines)

    def makes_nothing(self) -> bool:
        """True when the cell surely only looked, whatever becomes of the objects that it read."""
        if any(one.direction is Flow.WRITTEN for one in self.files.seen):
            return False
        outputs = any(one.role not in _LOOKS for one in self.catch.wanted if _has_role(one))
        return not outputs and makes_nothing(self.draft)

    def finish(self, lake: Lake, parent: int | None, job: Job | None = None) -> Draft:
        """Preserve the objects, and return the whole draft; Cancelled when the job is to end."""
        self.catch.preserve(lake, job)
        files = self.files.preserve(lake, self.catch.keeping, replace(self.catch.manner, job=job))
        artifacts = (*self.catch.artifacts, *files.artifacts)
        return replace(
            self.draft,
            parent=parent,
            params=self.facts.with_models(self.catch.models()),
            artifacts=artifacts,
            omitted=(*self.catch.omitted, *files.omitted),
            described=traced(self.catch.described, self.ran),
            lineage=self.lines.told(artifacts, files.uses),
            files=files.uses,
            hints=(*self.draft.hints, *file_hints(files)),
        )


def _has_role(one: Item) -> TypeGuard[Wanted | DraftArtifact | Described]:
    return not isinstance(one, Omission)


def gather(session: Session, ended: Ended, name: str, shelf: ModuleShelf, meanings: Meanings, patience: Patience) -> Gathered:
    """Return what a tracked cell did, all but its objects and files read to the end."""
    running, namespace = ended.running, ended.namespace
    asked = ended.watch.directive
    manner = Manner(version=name, columns=asked.columns)
    catch = Catch(asked=asked.data, manner=manner, patience=patience, is_alone=not run_beside())
    mutated = _mutated(ended, patience)
    needed = session.needed_for(running.facts)
    found = gather_facts(_around(session, ended, needed, mutated), session.fits, meanings)
    params, metrics = found.params, found.metrics
    _take_inputs(catch, ended, mutated, {one.name for one in params})
    _take_outputs(catch, ended, mutated, _said(params, metrics, namespace))
    catch.take_series(found.measured)
    catch.take_tables(found.tables)
    for omission in ended.watch.log.omitted() if ended.watch.log is not None else ():
        catch.add(omission)
    _take_result(catch, ended, metrics)
    catch.take_streams(ended.seen.streams)
    take_shown(catch, ended.seen)
    git = ended.watch.git.collect()
    modules, code = surroundings(session.modules, ended.watch.git, shelf)
    catch.wanted.extend(code)
    notebook = notebook_path(namespace)
    facts = (*(session.executed[position].facts for position in needed), running.facts)
    cells = with_seeds((*(session.cells[position] for position in needed), cell_of(running)), facts)
    situation = Situation(
        cells=cells,
        facts=facts,
        places=(*needed, len(session.cells)),
        session=session.cells,
        namespace=namespace,
        notebook=notebook,
        modules=modules,
        session_facts=[one.facts for one in session.executed],
        ended_at=session.ended_at,
    )
    draft = Draft(
        name=name,
        parent=None,
        origin=ended.watch.origin,
        cells=cells,
        names=Names(tuple(sorted(ended.watch.held)), tuple(sorted(ended.bound)), tuple(sorted(mutated))),
        params=params,
        metrics=metrics,
        artifacts=(),
        omitted=(),
        environment=environment(),
        git=git,
        imports=imports_of(facts),
        folder=session.folder,
        notebook=notebook,
        started_at=running.started_at,
        duration=running.duration,
        message=asked.message,
        hints=hints_of(situation),
        past=session.past.blocks(),
        warnings=ended.seen.warnings,
        peak_memory=ended.seen.peak_memory,
        usage=ended.seen.usage,
        columns=asked.columns,
    )
    earlier = [session.files[position] for position in needed if position in session.files]
    files = gathered_files(earlier, running.used, project=session.project)
    ran = [CellRan(one.facts, one.bound) for one in (session.executed[position] for position in needed)]
    ran.append(CellRan(running.facts, ended.bound))
    return Gathered(draft, catch, found, files, ran, _lines(session, ended, needed, ran, catch))


def _lines(session: Session, ended: Ended, needed: Sequence[int], ran: Sequence[CellRan], catch: Catch) -> Lines:
    """Return what the data that a cell read and made came from, as the text of the cells says."""
    places = [session.files[position].places if position in session.files else () for position in needed]
    places.append(ended.running.used.places if ended.running.used is not None else ())
    made = [one.name for one in catch.wanted if _has_role(one) and one.role is Role.OUTPUT]
    read = [one.name for one in catch.wanted if _has_role(one) and one.role is Role.INPUT and one.name not in made]
    return Lines.of(Descents(ran, places, ended.namespace), made, read, project=session.project)


def _around(session: Session, ended: Ended, needed: Sequence[int], mutated: frozenset[str]) -> Around:
    return Around(
        tracked=ended.running.facts,
        needed=[session.executed[position].facts for position in needed],
        namespace=ended.namespace,
        made=ended.bound | mutated,
        result=ended.result,
        source=ended.running.code,
        streams=ended.seen.streams,
        observed=ended.watch.observed,
        logged=tuple(ended.watch.log.measured()) if ended.watch.log is not None else (),
    )


def makes_nothing(draft: Draft) -> bool:
    """True for a cell that only looked: no version comes of it when it was not asked for by name."""
    made = (Role.OUTPUT, Role.MODEL, Role.FIGURE)
    sets = any(one.name in draft.names.bound for one in draft.params)
    writes = any(one.direction is Flow.WRITTEN for one in draft.files)
    makes = any(one.role in made for one in draft.artifacts) or any(one.role in made for one in draft.described)
    return not sets and not draft.metrics and not writes and not makes


def gather_failure(session: Session, running: Running, name: str, error: BaseException) -> FailedDraft:
    """Return what is remembered of a tracked cell that raised."""
    return FailedDraft(
        name=name,
        cells=(*(session.cells[position] for position in session.needed_for(running.facts)), cell_of(running, failed=True)),
        error_type=type(error).__name__,
        error_message=error_text(error),
        started_at=running.started_at,
        duration=running.duration,
    )


def cell_of(running: Running, *, failed: bool = False) -> DraftCell:
    """Return the tracked cell itself."""
    return DraftCell(running.source, running.execution_count, running.cell_id, is_tracked=True, failed=failed, draws=running.draws)


def error_text(error: BaseException) -> str:
    """Return what an error says, if it says it without running the user's code."""
    first = error.args[0] if type(error.args) is tuple and error.args else ""
    return first[:2000] if type(first) is str else ""


def _mutated(ended: Ended, patience: Patience) -> frozenset[str]:
    return frozenset(name for name, held in ended.watch.held.items() if _is_mutated(ended, name, held, patience))


def _is_mutated(ended: Ended, name: str, held: Held, patience: Patience) -> bool:
    value, may_be = ended.namespace.get(name), name in ended.running.facts.mutates
    if name in ended.bound or id(value) != held.identity:
        return False
    return patience.attempt(value, lambda: is_mutated(held, value, may_be=may_be), lambda _: may_be)


def _take_inputs(catch: Catch, ended: Ended, mutated: frozenset[str], params: set[str]) -> None:
    for name, held in ended.watch.held.items():
        is_gone = name in mutated or id(ended.namespace.get(name)) != held.identity
        if name in params and not is_gone:
            continue  # the parameter says it all
        if held.known is not None:
            catch.add(replace(held.known, name=name))
        elif held.described is not None:
            catch.add(held.described)
        elif not held.problem:
            catch.take(Role.INPUT, name, held.content, is_held=True)
        elif is_gone:
            catch.add(Omission(name, "", f"as an input: the cell changed it, and {held.problem}"))
        else:
            catch.take(Role.INPUT, name, ended.namespace[name])


def _take_outputs(catch: Catch, ended: Ended, mutated: frozenset[str], said: set[str]) -> None:
    for name in sorted(ended.bound | mutated):
        value = ended.namespace.get(name)
        if is_users(name) and is_data(value) and name not in said:
            catch.take(Role.OUTPUT, name, value)


def _take_result(catch: Catch, ended: Ended, metrics: tuple[Metric, ...]) -> None:
    """Take the value of the last expression where it is data: what could only be pickled is kept as it was shown."""
    result, namespace = ended.result, ended.namespace
    is_said = any(one.source is MetricSource.EXPRESSION for one in metrics) and type(result) in NUMBERS
    if result is None or is_said or not is_data(result):
        return
    same = [one.name for one in catch.wanted if _has_role(one) and namespace.get(one.name) is result]
    if same:
        catch.result_is = same[-1]
        return
    with contextlib.suppress(MvlakeError):
        if handler_for(result).is_inert:
            catch.take(Role.RESULT, RESULT, result)


def _said(params: tuple[Param, ...], metrics: tuple[Metric, ...], namespace: Mapping[str, Any]) -> set[str]:
    """Return the names whose whole value a parameter or metric tells; a curve or a dictionary of scores is an artifact too."""
    numbers = {one.name for one in metrics if type(namespace.get(one.name)) in (int, float)}
    return {one.name for one in params} | numbers
