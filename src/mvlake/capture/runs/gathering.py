"""Gathering: a run that has ended becomes what a tracked cell becomes: a draft whose files are yet to be read."""

from dataclasses import replace

from mvlake.capture.catch import Catch
from mvlake.capture.facts.corrected import Meanings
from mvlake.capture.facts.gathering import Around, Facts, gather_facts
from mvlake.capture.files.gathering import gathered_files
from mvlake.capture.gather import Gathered, error_text
from mvlake.capture.hints import hints_of
from mvlake.capture.modules import LocalModule, surroundings
from mvlake.capture.probes.environment import environment, imports_of
from mvlake.capture.randomness.telling import with_seeds
from mvlake.capture.runs.lookout import lookout
from mvlake.capture.runs.told import Told
from mvlake.capture.runs.under_way import RunEnded
from mvlake.capture.situation import Situation
from mvlake.capture.tracing import CellRan
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.hint import Hint
from mvlake.records.version import Names


def gather_run(ended: RunEnded, catch: Catch, meanings: Meanings, told: Told) -> Gathered:
    """Return what a run did, all but its files read to the end. What it was told goes before what is guessed."""
    running, block, watch = ended.running, ended.block, ended.watch
    attempt = lookout().boundary.attempt
    facts = attempt(lambda: _facts(ended, meanings, told), Facts(told.params, (), {}, {}, {}, meanings))
    catch.take_series(facts.measured)
    catch.take_tables(facts.tables)
    for omission in watch.log.omitted() if watch.log is not None else ():
        catch.add(omission)
    catch.take_streams(ended.seen.streams)
    git = watch.git.collect()
    modules, code = surroundings(lookout().modules, watch.git, lookout().shelf)
    catch.wanted.extend(code)
    parts = with_seeds((DraftCell(block.text_before), DraftCell(block.text, draws=running.draws)), (block.before, block.facts))
    seeds = tuple(seed for one in parts for seed in one.seeds)
    draft = Draft(
        name=watch.directive.name,
        parent=None,
        origin=watch.origin,
        cells=(replace(parts[1], source=running.source, seeds=seeds, is_tracked=True),),
        names=Names(),
        params=facts.params,
        metrics=(*told.metrics, *facts.metrics),
        artifacts=(),
        omitted=(),
        environment=environment(),
        git=git,
        imports=imports_of((block.before, block.facts)),
        folder=ended.folder,
        notebook="",
        started_at=running.started_at,
        duration=running.duration,
        message="\n".join(part for part in (watch.directive.message, *told.notes) if part),
        hints=attempt(lambda: _hints(ended, parts, modules), ()),
        warnings=ended.seen.warnings,
        peak_memory=ended.seen.peak_memory,
        usage=ended.seen.usage,
        columns=watch.directive.columns,
    )
    return Gathered(
        draft, catch, facts, gathered_files((), running.used, project=ended.project), [CellRan(block.facts, ended.bound)]
    )


def failure_of(ended: RunEnded, error: BaseException) -> FailedDraft:
    """Return what is remembered of a run that raised."""
    running = ended.running
    return FailedDraft(
        name=ended.watch.directive.name,
        cells=(DraftCell(running.source, is_tracked=True, failed=True),),
        error_type=type(error).__name__,
        error_message=error_text(error),
        started_at=running.started_at,
        duration=running.duration,
    )


def _facts(ended: RunEnded, meanings: Meanings, told: Told) -> Facts:
    watch, block = ended.watch, ended.block
    around = Around(
        tracked=block.facts,
        needed=(block.before,),
        namespace=ended.namespace,
        made=ended.bound,
        source=block.text,
        streams=ended.seen.streams,
        observed=watch.observed,
        logged=tuple(watch.log.measured()) if watch.log is not None else (),
    )
    found = gather_facts(around, lookout().fits, meanings)
    stated = {one.name for one in told.params} | {one.name for one in told.metrics}
    params = (*told.params, *(one for one in found.params if one.name not in stated))
    return replace(found, params=params, measured=tuple(one for one in found.measured if one.name not in stated))


def _hints(ended: RunEnded, parts: tuple[DraftCell, ...], modules: tuple[LocalModule, ...]) -> tuple[Hint, ...]:
    block = ended.block
    situation = Situation(parts, (block.before, block.facts), (0, 1), (), ended.namespace, notebook="", modules=modules)
    return tuple(map(_of_program, hints_of(situation)))


def _of_program(hint: Hint) -> Hint:
    """Return a hint as it is told of a version with one cell, which is the whole program."""
    return replace(hint, cells=(1,)) if hint.cells else hint
