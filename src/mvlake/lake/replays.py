"""Replays: several versions run again, one after another or some at a time; one that fails does not end the others."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from mvlake.compare.varied import Varied
from mvlake.errors import Invalid, MvlakeError
from mvlake.handlers.parallel import processors
from mvlake.lake.chosen import choose
from mvlake.lake.foresee import planned
from mvlake.lake.history import find
from mvlake.lake.own import is_own
from mvlake.lake.parts import Parts
from mvlake.lake.prepared import Prepared, prepare
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.progress_of_several import ProgressOfSeveral
from mvlake.lake.repeat import replay_or_repeat
from mvlake.lake.replay_process import in_processes
from mvlake.lake.trust import check_trust
from mvlake.lake.vary import vary
from mvlake.records.answers import Entry, Verdicts
from mvlake.records.foreseen import Plans
from mvlake.records.plan import CHECK, Plan
from mvlake.records.replays import Choice, Replays, Unanswered
from mvlake.store.memory import MemoryStore


def replay_some(
    parts: Parts, refs: Sequence[str], plan: Plan, choice: Choice, *, output: str | Path | None, jobs: int, tell: Tell = tell_nobody
) -> Verdicts | Replays | Varied | Plans:
    """Return the verdict on one version, where one ref names it, and else those on all that are meant, in the order asked.

    With `jobs` above 1 each version runs in a process of its own, for papermill changes the folder of its process; with 0 there are
    as many at a time as processors. Of several versions, `output` is a folder. Of a dry
    run the answer is what would run.
    """
    if jobs < 0:
        raise Invalid(f"{jobs} jobs", hint="--jobs 2 runs two at a time, --jobs 0 as many as there are processors")
    if plan.is_dry:
        entries = [find(parts, refs[0])] if len(refs) == 1 and not choice.is_asked else choose(parts, refs, choice)[0]
        return Plans(tuple(planned(parts, entry.ref, plan) for entry in entries))
    if plan.params:
        return vary(parts, _one_ref(refs, choice), plan, output=None if output is None else Path(output), tell=tell)
    if len(refs) == 1 and not choice.is_asked:
        return replay_or_repeat(parts, refs[0], plan, output=output, tell=tell)
    if choice.changed_env and plan.env != CHECK:
        raise Invalid("--changed-env looks at this Python, and --env names another", hint="leave out one of them")
    meant, left_out = choose(parts, refs, choice)
    _check_trust(parts, meant, plan)
    folder = None if output is None else _folder(Path(output))
    outputs = [None if folder is None else folder / f"{entry.version.name}-v{entry.version.number}.ipynb" for entry in meant]
    at_once = 1 if isinstance(parts.store, MemoryStore) else min(jobs or processors(), max(len(meant), 1))
    together = ProgressOfSeveral(tell, len(meant))
    if at_once > 1:
        orders = [(entry.ref, output) for entry, output in zip(meant, outputs, strict=True)]
        answers = in_processes(parts.store.location, orders, plan, jobs=at_once, together=together)
    else:
        answers = tuple(_one(parts, entry, plan, output, together) for entry, output in zip(meant, outputs, strict=True))
    return Replays(answers, left_out, at_once, processors())


def _check_trust(parts: Parts, meant: Sequence[Entry], plan: Plan) -> None:
    """Raise UntrustedCode for all that are a stranger's at once, before anything runs. What cannot run is told in its turn."""
    strange: list[Prepared] = []
    for entry in meant:
        if not plan.is_trusted and not is_own(entry.digest, os.environ):
            with suppress(MvlakeError):
                strange.append(prepare(parts, entry.ref, plan))
    check_trust(strange, is_trusted=plan.is_trusted)


def _one_ref(refs: Sequence[str], choice: Choice) -> str:
    """Return the one version that is to be made anew; Invalid when several may be meant."""
    if len(refs) != 1 or choice.is_asked:
        raise Invalid("with parameters, one version is made from one version", hint="`replay NAME:v3 -p depth=7`")
    return refs[0]


def _one(parts: Parts, entry: Entry, plan: Plan, output: Path | None, together: ProgressOfSeveral) -> Verdicts | Unanswered:
    with together.of(entry.ref) as tell:
        answer = answered(lambda: parts, entry.ref, plan, output, tell)
    if isinstance(answer, Verdicts) and answer.is_interrupted:
        raise KeyboardInterrupt  # what ran of this one is recorded, and none of the others is to begin
    return answer


def answered(parts: Callable[[], Parts], ref: str, plan: Plan, output: Path | None, tell: Tell) -> Verdicts | Unanswered:
    """Return the verdict on one of several versions, or why there is none: whatever that is, the others are to be heard."""
    try:
        return replay_or_repeat(parts(), ref, plan, output=output, tell=tell)
    except MvlakeError as error:
        return Unanswered(ref, error.code.value, error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - said below, as an error
        return Unanswered(ref, "", f"{type(error).__name__}: {error}")


def _folder(output: Path) -> Path:
    """Return the folder for the executed notebooks, made where it is not there."""
    if output.exists() and not output.is_dir():
        raise Invalid(f"{output} is a file, and there is a notebook for each version", hint="name a folder, or replay one version")
    output.mkdir(exist_ok=True)
    return output
