"""Lake: what a user opens. Each method is a verb: one call to the use case that does it."""

import sys
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Self, overload

from mvlake.compare.leaderboard import Leaderboard
from mvlake.compare.varied import Varied
from mvlake.lake import clock, correct, grammar
from mvlake.lake.arguments import checking_arguments
from mvlake.lake.comparer import Comparer
from mvlake.lake.later import (
    asking,
    checkout,
    doctor,
    export,
    forget,
    gc,
    history,
    labels,
    leaderboard,
    load,
    manual,
    publish,
    rebuild,
    remark,
    repair,
    replays,
    sql,
    status,
    sync,
    verify,
)
from mvlake.lake.open import create_lake, open_parts, parts_of
from mvlake.lake.progress import Tell, tell_nobody
from mvlake.lake.span import GRACE
from mvlake.records.answers import (
    Checkup,
    Collection,
    Corrections,
    Done,
    Findings,
    Held,
    History,
    Labels,
    Manual,
    Mended,
    Past,
    Restored,
    Script,
    Shown,
    Status,
    Synced,
    Verdicts,
)
from mvlake.records.events import Meaning
from mvlake.records.foreseen import Plans
from mvlake.records.plan import CHECK
from mvlake.records.replays import Choice, Replays


@checking_arguments
class Lake(Comparer):
    """Versions of models, with everything that made them.

    >>> lake = Lake.in_memory()
    >>> lake.log().entries
    ()
    """

    @classmethod
    def open(cls, path: str | Path | None = None, *, create: bool = True, tell: Tell = tell_nobody) -> Self:
        """Return the lake at the path or URL, at MVLAKE_LAKE, or above the working directory; make one where there is none.

        A URL is s3://bucket/folder, gs://bucket/folder or az://container/folder. Without either, a new lake goes to the root of
        the git repository, or else into the working directory. With `create=False`: LakeNotFound; so too where a path leads through
        folders that are not there (`init` makes them).
        Raises DamagedLake or FormatTooNew when there is one that cannot be read. A lake with a damaged log opens, so that `verify`
        can tell where; all else that is asked of it raises DamagedRecord. `tell` hears how far it is where a long log
        is read for the first time.
        """
        return cls(open_parts(path, create=create, clock=clock.now, makes_folders=path is None, tell=tell))

    @classmethod
    def in_memory(cls) -> Self:
        """Return a new lake that lives as long as this process."""
        from mvlake.store.memory import MemoryStore  # only previews and tests want one

        store = MemoryStore()
        create_lake(store, clock.now())
        return cls(parts_of(store, clock=clock.now))

    @classmethod
    def init(cls, path: str | Path | None = None, *, source: str | None = None, tell: Tell = tell_nobody) -> Status:
        """Make a lake in a folder or a bucket, or say that there is one. With `source` it is a copy of the lake that lies there."""
        return cls(
            open_parts(path, create=True, clock=clock.now)
            if source is None
            else sync.copy(source, path, clock=clock.now, tell=tell)
        ).status()

    def log(self, name: str | None = None, *, limit: int = 0, graph: bool = False) -> History:
        """Return versions, newest first, all of them or those of a name; 0 as the limit means all.

        `graph` is for who reads them: it is drawn which came from which.
        """
        return history.log(self._parts, name, limit=limit, is_graph=graph)

    def leaderboard(
        self, name: str | None = None, *, by: str = "", limit: int = 20, lowest: bool = False, highest: bool = False
    ) -> Leaderboard:
        """Return the best versions of a name, or of all names, by a metric; 0 as the limit means all.

        Which way it improves its name tells, or the function that measured it, unless you say `lowest` or `highest`; where nothing
        tells, the highest is first. Versions without a number there come last, forgotten ones not at all. Raises MetricNotFound,
        with the metrics there are.
        """
        return leaderboard.leaderboard(self._parts, name, by=by, limit=limit, lowest=lowest, highest=highest)

    @overload
    def show(self, ref: str) -> Shown: ...

    @overload
    def show(self, ref: str, *, slice_: bool = False, history_: bool = False) -> Shown | Script | Past: ...

    def show(self, ref: str, *, slice_: bool = False, history_: bool = False) -> Shown | Script | Past:
        """Return everything about a version; its code as a script (`slice_`); or every cell that ran before it (`history_`)."""
        return history.show(self._parts, ref, is_slice=slice_, is_history=history_)

    def load(
        self,
        ref: str,
        name: str | None = None,
        *,
        columns: Sequence[str] | str | None = None,
        rows: range | slice | str | None = None,
        as_: str | None = None,
        trust: bool = False,
    ) -> Any:
        """Return an artifact as the object that it was; without a name, the version's model, or its one output.

        Of a frame, `columns` (names, or a text with commas between them) and `rows` (a range, a slice, or a text: "100:200") are
        read alone; `as_` ("arrow", "pandas", "polars") says what to make of it. Raises UntrustedArtifact unless `trust` is said
        where restoring could run its author's code; warns of columns that a policy hid (HiddenColumns).
        """
        if columns is None and rows is None and as_ is None:
            return load.load(self._parts, ref, name, trust=trust)
        return load.load_part(self._parts, ref, name, columns=columns, rows=rows, as_=as_, trust=trust)

    def load_bytes(self, ref: str, name: str | None = None) -> bytes:
        """Return an artifact's stored bytes, verified, without restoring anything; Invalid for what is kept in many pieces."""
        return load.load_bytes(self._parts, ref, name)

    def export(self, ref: str, name: str | None = None, *, to: str | Path | None = None, tell: Tell = tell_nobody) -> Done:
        """Write an artifact to a new file that others read: a frame as Parquet, anything else as its handler keeps it.

        Without `to`, the file is named for version and artifact, in the working directory. Nothing is replaced.
        """
        return export.export(self._parts, ref, name, to=None if to is None else Path(to), tell=tell)

    def checkout(
        self,
        ref: str,
        names: Sequence[str] = (),
        *,
        trust: bool = False,
        inputs: bool = False,
        to: str | Path | None = None,
        into: MutableMapping[str, Any] | None = None,
    ) -> Restored:
        """Restore a version's variables `into` a namespace (the main module's), or write its files `to` a new folder.

        With `inputs`: what its tracked cell read, as it was before that cell ran.
        """
        if to is not None:
            return checkout.checkout_to(self._parts, ref, names, Path(to), inputs=inputs)
        namespace = vars(sys.modules["__main__"]) if into is None else into
        return checkout.checkout(self._parts, ref, names, into=namespace, trust=trust, inputs=inputs)

    def replay(
        self,
        *refs: str,
        all_: bool = False,
        since: str = "",
        changed_env: bool = False,
        allow_empty: bool = False,
        jobs: int = 1,
        cells: str = "slice",
        notebook: str | Path | None = None,
        from_frames: bool = False,
        params: Mapping[str, Any] | Sequence[str] = (),
        repeat: int = 1,
        output: str | Path | None = None,
        timeout: int = 0,
        memory: str = "",
        env: str = CHECK,
        runner: str = "papermill",
        trust: bool = False,
        no_diagnose: bool = False,
        dry_run: bool = False,
        tell: Tell = tell_nobody,
    ) -> Verdicts | Replays | Varied | Plans:
        """Run a version again in a fresh kernel and return the verdict, which is recorded too. Of several, return all in order.

        With `all_`, a name means all of its versions and `@label` every version that holds it; without refs all names are meant.
        `since` (a date, a ref) and `changed_env` leave out the others. `jobs` run at a time; 0 is one for each processor.
        `cells`: "slice" for those that it rests on, "all" for every one that ran in its kernel until then; `notebook` is a file
        whose cells run instead; `from_frames` begins with the recorded inputs of the tracked cell. With `params` (or texts:
        "depth=7") the cells assign other values, and a new version comes of it: see Varied. With `repeat` it runs so many
        times, each with other random states, and the verdict tells the spread of its metrics. `env` is "check" for what is
        installed, "exact" for a fresh environment, or the path of a Python; a cell may take `timeout` seconds and `memory` ("2GB").

        It runs the version's code: UntrustedCode unless you made it, or say `trust`. What cannot be rebuilt has the verdict "not
        run", which says what is missing; with `dry_run` it is told what would run, and nothing runs or is recorded. What drifted
        runs a few times more to find out why, while that is cheap: not with `no_diagnose`. NothingToReplay when no version is
        meant, unless you `allow_empty`; Invalid for what cannot be meant.
        """
        choice = Choice(all_=all_, since=since, changed_env=changed_env, allow_empty=allow_empty)
        plan = asking.plan_of(
            cells=cells,
            notebook=notebook,
            from_frames=from_frames,
            params=params,
            repeat=repeat,
            timeout=timeout,
            memory=memory,
            env=env,
            runner=runner,
            trust=trust,
            diagnose=not no_diagnose,
            dry_run=dry_run,
        )
        return replays.replay_some(self._parts, refs, plan, choice, output=output, jobs=jobs, tell=tell)

    def sql(self, query: str, *, as_: str | None = None) -> Any:
        """Return the rows of one SELECT over the tables of the log (`mvlake help sql` names them), and over frames of versions.

        `FROM "fraud:v3/df"` reads the frame `df` of that version; two can be joined. With `as_` ("arrow", "pandas", "polars") the
        answer is a frame instead of a Table, and may have any number of rows.
        """
        return sql.sql(self._parts, query, as_=as_)

    def tag(self, ref: str, tags: Sequence[str] | str, *, remove: bool = False) -> Done:
        """Put words on a version, or take them off."""
        return remark.tag(self._parts, ref, [tags] if isinstance(tags, str) else tags, remove=remove)

    def note(self, ref: str, text: str) -> Done:
        """Write a remark on a version."""
        return remark.note(self._parts, ref, text)

    def metric(self, fact: str, name: str | None = None, *, higher: bool = False, lower: bool = False, undo: bool = False) -> Done:
        """Say that a variable (or a part of one: `scores.auc`) is a metric, in every version of a name that comes after.

        Without a name: the one whose version is the latest. `higher` or `lower` says which values are the better ones, in all
        versions of the name, where the metric's own name says nothing or the wrong thing. `undo` goes back to guessing.
        """
        better = correct.better_of(higher=higher, lower=lower)
        return correct.correct(self._parts, fact, name, Meaning.GUESS if undo else Meaning.METRIC, None if undo else better)

    def param(self, fact: str, name: str | None = None, *, undo: bool = False) -> Done:
        """Say the same that it is a parameter."""
        return correct.correct(self._parts, fact, name, Meaning.GUESS if undo else Meaning.PARAM)

    def ignore(self, fact: str, name: str | None = None, *, undo: bool = False) -> Done:
        """Say the same that it is neither."""
        return correct.correct(self._parts, fact, name, Meaning.GUESS if undo else Meaning.NOTHING)

    def corrections(self, name: str | None = None) -> Corrections:
        """Return what was said with `metric`, `param` and `ignore`, and still holds."""
        return correct.corrections(self._parts, name)

    def meanings(self, name: str) -> Mapping[str, Meaning]:
        """Return the same of one name, for capture: by fact. Nothing is waited for."""
        self._now.log.refresh()
        return self._now.ledger.meanings(name)

    def promote(self, ref: str, label: str, *, reason: str = "") -> Done:
        """Point a label at a version."""
        return labels.promote(self._parts, ref, label, reason=reason)

    def rollback(self, label: str, *, reason: str = "") -> Done:
        """Point a label (`name@label`) back to where it pointed before."""
        return labels.rollback(self._parts, label, reason=reason)

    def labels(self, name: str | None = None) -> Labels:
        """Return where labels point, and every move that they made."""
        return labels.labels(self._parts, name)

    def at(self, time: str, label: str | None = None) -> Held:
        """Return what held the labels, or one label, at a moment."""
        return labels.at(self._parts, time, label)

    def verify(
        self, *, data: bool = False, sample: str | float = "", seed: int | None = None, tell: Tell = tell_nobody
    ) -> Findings:
        """Return all that is wrong: every record is read, and every object must be there, with its size and structure.

        With `data` all bytes are read too, or a `sample` of them (`5%`), of files that the day chooses, or a `seed`.
        """
        return verify.verify_parts(self._parts, data=data, sample=sample, seed=seed, tell=tell)

    def repair(
        self, *, apply: bool = False, source: str | Path | None = None, accept: bool = False, tell: Tell = tell_nobody
    ) -> Mended:
        """Return what can be mended of a damaged lake; with `apply` mend it. Damaged files go to `quarantine/`, none is deleted.

        What is missing is taken from the trash, from other places in the lake, or from a copy of it at `source`. `accept` says that
        the last records are lost for good.
        """
        return repair.repair(self._parts, apply=apply, source=source, accept=accept, tell=tell)

    def forget(self, ref: str, *, reason: str = "") -> Done:
        """Say that a version is not wanted any more: `gc` may then collect its content. Refused for one that was ever promoted."""
        return forget.forget(self._parts, ref, reason=reason)

    def unforget(self, ref: str) -> Done:
        """Say that a forgotten version is wanted again; MissingObject when its content has been removed."""
        return forget.unforget(self._parts, ref)

    def gc(
        self,
        *,
        apply: bool = False,
        grace: str = GRACE,
        hasty: bool = False,
        repack: bool = False,
        tell: Tell = tell_nobody,
    ) -> Collection:
        """Return which files nothing reaches; with `apply` mark them, move them to the trash, remove them, each after `grace`.

        With `repack`, packs that hold wanted content besides are written anew without what nothing reaches.
        """
        return gc.collect(self._parts, apply=apply, grace=grace, hasty=hasty, repack=repack, tell=tell)

    def doctor(self) -> Checkup:
        """Return what is odd or bad about the lake's surroundings, why, and what to type."""
        return doctor.examine(self._parts)

    def push(self, to: str, *, dry_run: bool = False, tell: Tell = tell_nobody) -> Synced:
        """Bring a copy of this lake, in a bucket or a folder, up to it. Nothing that is there is replaced.

        Raises Conflict when the copy has records that this lake has not.
        """
        return sync.push(self._parts, to, dry_run=dry_run, tell=tell)

    def pull(self, source: str, *, dry_run: bool = False, tell: Tell = tell_nobody) -> Synced:
        """Bring this lake up to a copy of it. Raises Conflict when this lake has records that the copy has not."""
        return sync.pull(self._parts, source, dry_run=dry_run, tell=tell)

    def sync(self, other: str, *, dry_run: bool = False, tell: Tell = tell_nobody) -> Synced:
        """Bring whichever of two copies is behind up to the other. Raises Conflict when each has records that the other has not."""
        return sync.sync(self._parts, other, dry_run=dry_run, tell=tell)

    def publish(self, *, to: str = "delta", catalog: str = "") -> Done:
        """Register the finished segments of the index with other engines, without copying: "delta", "iceberg" or "ducklake"."""
        return publish.publish(self._parts, to=to, catalog=catalog)

    def rebuild(self) -> Done:
        """Make the index anew from the log."""
        return rebuild.rebuild(self._parts)

    def status(self) -> Status:
        """Return where the lake is, and what is in it."""
        return status.status(self._parts)

    @staticmethod
    def help(verb: str | None = None) -> Manual:
        """Return the verbs, or all about one."""
        return manual.manual(None if verb is None else grammar.verb_named(verb))

    def __repr__(self) -> str:
        return f"Lake({self.path!r})"
