"""Verbs: the one table from which `Lake`, `%mv`, the command line and the help are made. A test compares the surfaces."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How an argument is written."""

    POSITIONAL = "positional"
    MANY = "many"  # zero or more words
    SOME = "some"  # one or more words
    SPREAD = "spread"  # zero or more words, which the method takes one by one
    REST = "rest"  # everything to the end of the line, as it is
    OPTION = "option"  # --name VALUE
    EACH = "each"  # --name VALUE, any number of times
    FLAG = "flag"  # --name


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a verb. `name` is also the keyword of the `Lake` method, unless the argument is for the `door` alone."""

    name: str
    help: str
    kind: Kind = Kind.POSITIONAL
    short: str = ""
    is_optional: bool = False
    default: str | int | None = None
    is_number: bool = False
    is_for_door: bool = False
    excludes: tuple[str, ...] = ()  # other arguments that make no sense beside it


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a lake can be asked to do."""

    name: str
    summary: str
    arguments: tuple[Argument, ...] = ()
    example: str = ""


_REF = Argument("ref", "name:v47, name:latest, name@production, name:v47~1 or a digest's first digits")
_NAME = Argument("name", "only this name", is_optional=True)
_FACT = Argument("fact", "a variable, or a part of one as `show` names it: auc, scores.auc, clf.max_depth")
_WHOSE = Argument("name", "of which name; without it the one used last", is_optional=True)
_UNDO = Argument("undo", "take it back", Kind.FLAG)
_TRUST = Argument("trust", "restore also what can run its author's code (pickles)", Kind.FLAG)
_DRY = Argument("dry_run", "tell what would be moved, and move nothing", Kind.FLAG)
_REASON = Argument("reason", "why, for the record", Kind.OPTION, short="m", default="")

VERBS: tuple[Verb, ...] = (
    Verb(
        "init",
        "make a lake here (or at PATH), or say that there is one",
        (
            Argument("path", "the folder that is to hold .mvlake, or s3://bucket/folder, gs://…, az://…", is_optional=True),
            Argument("source", "make it a copy of the lake that lies there, with all of its records", Kind.OPTION),
        ),
        example="init",
    ),
    Verb(
        "log",
        "list versions, newest first",
        (
            _NAME,
            Argument("limit", "how many; 0 means all", Kind.OPTION, short="n", default=20),
            Argument("graph", "draw which version came from which, and how metrics went", Kind.FLAG),
        ),
        example="log fraud-detector",
    ),
    Verb(
        "show",
        "tell everything about a version",
        (
            _REF,
            Argument("slice_", "only the code that it rests on, as a script that can be run", Kind.FLAG),
            Argument("history_", "only the cells that ran in its kernel before it, all of them", Kind.FLAG),
        ),
        example="show fraud-detector:v3",
    ),
    Verb(
        "compare",
        "tell how the second version differs from the first; one differs from its parent; none: the last two; more: a table",
        (
            Argument("refs", "name:v47, name:latest, name@production, …; three or more stand side by side", Kind.SPREAD),
            Argument("with_", "with one ref, a frame: a variable of this kernel, or a file (.parquet, .csv)", Kind.OPTION),
            Argument("frame", "with --with: which frame of REF; else that of the same name, or with the same columns", Kind.OPTION),
            Argument("cells", "slice: those that they rest on; all: every one that ran until then", Kind.OPTION, default="slice"),
            Argument("key", "the columns by which the rows of a frame are known, commas between them", Kind.OPTION),
            Argument("exact", "count every row, where else a sample of many would do", Kind.FLAG),
            Argument("quick", "look at what is told of the content alone: no rows, no predictions", Kind.FLAG),
            Argument("exit_code", "1 where something differs, 0 where nothing does; a cell fails", Kind.FLAG, is_for_door=True),
            Argument("static", "in a notebook: the page alone, without the widget", Kind.FLAG, is_for_door=True),
        ),
        example="compare fraud-detector:v2 fraud-detector:v3",
    ),
    Verb(
        "leaderboard",
        "rank the versions of a name, or of all, by a metric: the best first, with the parameters in which they differ",
        (
            _NAME,
            Argument("by", "the metric; without it those there are", Kind.OPTION, default=""),
            Argument("limit", "how many; 0 means all", Kind.OPTION, short="n", default=20),
            Argument("lowest", "less is better; without either word the metric's own name tells", Kind.FLAG, excludes=("highest",)),
            Argument("highest", "more is better", Kind.FLAG),
        ),
        example="leaderboard fraud-detector --by auc",
    ),
    Verb(
        "load",
        "give an artifact back as the object that it was (a terminal prints it, or writes its bytes --to FILE)",
        (
            _REF,
            Argument("name", "which artifact; without it the model, or the one output", is_optional=True),
            Argument("columns", "of a frame only these columns, commas between them", Kind.OPTION),
            Argument("rows", "of a frame only these rows, as 100:200 or -100:", Kind.OPTION),
            Argument("as_", "what to make of a frame: arrow, pandas or polars", Kind.OPTION),
            _TRUST,
            Argument("to", "write the stored bytes to this file instead", Kind.OPTION, is_for_door=True),
        ),
        example="load fraud-detector@production model",
    ),
    Verb(
        "export",
        "write an artifact to a file that others read: a frame as Parquet, the environment as requirements",
        (
            _REF,
            Argument("name", "which artifact, or environment; without it the model, or the one output", is_optional=True),
            Argument("to", "the file; without it one named for version and artifact, here", Kind.OPTION),
        ),
        example="export fraud-detector:v3 df --to train.parquet",
    ),
    Verb(
        "checkout",
        "restore a version's variables into the kernel, or its files into a folder",
        (
            _REF,
            Argument("names", "which variables; without them all", Kind.MANY),
            _TRUST,
            Argument("inputs", "what its tracked cell read, as it was before that cell ran", Kind.FLAG),
            Argument("to", "write notebook and artifacts into this new folder instead", Kind.OPTION),
        ),
        example="checkout fraud-detector:v2 model X_test",
    ),
    Verb(
        "replay",
        "run versions again, each in a fresh kernel, and judge whether they reproduced",
        (
            Argument("refs", "name:v47, name (its latest), name@production, …; without them all names are meant", Kind.SPREAD),
            Argument("all_", "of a name all versions, of @label every version that holds it", Kind.FLAG),
            Argument("since", "only versions made since a date, or after the version of a ref", Kind.OPTION, default=""),
            Argument("changed_env", "only versions whose imports need what is another here than it was then", Kind.FLAG),
            Argument("allow_empty", "when no version is meant, nothing is wrong", Kind.FLAG),
            Argument("jobs", "how many run at a time; 0 means one for each processor", Kind.OPTION, default=1),
            Argument("output", "keep the executed notebook in this file; of several in this folder", Kind.OPTION, short="o"),
            Argument("cells", "slice: those that it rests on; all: every one that ran before it", Kind.OPTION, default="slice"),
            Argument("notebook", "run the cells of this notebook file instead: does it still give the version?", Kind.OPTION),
            Argument(
                "params",
                "name=value: assign this value instead, any number of times; a new version comes of it, and no verdict",
                Kind.EACH,
                short="p",
                excludes=("junit", "summary"),
            ),
            Argument("repeat", "run it so many times with other random states: how far its metrics spread", Kind.OPTION, default=1),
            Argument("from_frames", "begin with the recorded inputs of the tracked cell, and skip what made them", Kind.FLAG),
            Argument("timeout", "seconds that a cell may take; 0 means any", Kind.OPTION, default=0),
            Argument("memory", "what kernel and children may hold while a cell runs: 2GB", Kind.OPTION, default=""),
            Argument(
                "env",
                "check (what is installed; differences are listed), exact (a fresh one, as recorded) or the PATH of a Python",
                Kind.OPTION,
                default="check",
            ),
            Argument("runner", "what runs it", Kind.OPTION, default="papermill"),
            Argument("trust", "run also the code of a version that you have not made", Kind.FLAG),
            Argument("no_diagnose", "make no experiments on why it drifted", Kind.FLAG),
            Argument("dry_run", "tell what would run, in which world, and what is missing; run and record nothing", Kind.FLAG),
            Argument("junit", "write the verdict as JUnit XML to this file", Kind.OPTION, is_for_door=True),
            Argument("summary", "write it as Markdown to this file, for the page of a job", Kind.OPTION, is_for_door=True),
        ),
        example="replay fraud-detector:latest --junit replay.xml",
    ),
    Verb(
        "sql",
        "ask the log (versions, params, metrics, series, artifacts, columns, files, hints, draws, seeds, imports, usage, past,"
        " warnings, redactions, labels, replays, verdicts, events) and frames of versions",
        (
            Argument("into", "in a kernel: put all rows into this variable, as a pandas frame", Kind.OPTION, is_for_door=True),
            Argument("query", "one SELECT", Kind.REST),
        ),
        example="sql select ref, value from metrics where metric = 'auc' order by value desc limit 20",
    ),
    Verb(
        "tag",
        "put words on a version, or take them off",
        (_REF, Argument("tags", "the words", Kind.SOME), Argument("remove", "take them off", Kind.FLAG)),
        example="tag fraud-detector:v3 baseline",
    ),
    Verb(
        "note",
        "write a remark on a version",
        (_REF, Argument("text", "the remark", Kind.REST)),
        example="note fraud-detector:v3 best yet",
    ),
    Verb(
        "metric",
        "say that a variable is a metric, in the versions of a name that come; `--undo` goes back to guessing",
        (
            _FACT,
            _WHOSE,
            Argument("higher", "higher values are better, in all versions of the name", Kind.FLAG, excludes=("lower", "undo")),
            Argument("lower", "lower values are", Kind.FLAG, excludes=("undo",)),
            _UNDO,
        ),
        example="metric uplift fraud-detector --higher",
    ),
    Verb(
        "param",
        "say that a variable is a parameter, in the versions of a name that come; `--undo` goes back to guessing",
        (_FACT, _WHOSE, _UNDO),
        example="param weights fraud-detector",
    ),
    Verb(
        "ignore",
        "say that a variable is neither metric nor parameter, in the versions of a name that come; `--undo` goes back to guessing",
        (_FACT, _WHOSE, _UNDO),
        example="ignore scores.support fraud-detector",
    ),
    Verb(
        "corrections",
        "list what was said with `metric`, `param` and `ignore`, and holds",
        (_NAME,),
        example="corrections fraud-detector",
    ),
    Verb(
        "promote",
        "point a label at a version",
        (_REF, Argument("label", "staging, production, champion, …"), _REASON),
        example='promote fraud-detector:v3 production -m "approved in review"',
    ),
    Verb(
        "rollback",
        "point a label back to where it pointed before",
        (Argument("label", "name@label, or label when one name has it"), _REASON),
        example="rollback fraud-detector@production",
    ),
    Verb("labels", "tell where labels point, and how they moved", (_NAME,), example="labels fraud-detector"),
    Verb(
        "at",
        "tell what held the labels, or one, at a moment",
        (
            Argument("time", "2026-03-03 (its end), 2026-03-03T14:00, with +01:00 or in UTC"),
            Argument("label", "production, or name@production", is_optional=True),
        ),
        example="at 2026-03-03 production",
    ),
    Verb(
        "verify",
        "check every record, and that every object is there and has its structure; with --data every byte",
        (
            Argument("data", "read all bytes too", Kind.FLAG),
            Argument("sample", "read all bytes of a share of the files: 5%", Kind.OPTION, default=""),
            Argument("seed", "which files a sample takes; without it each day takes others", Kind.OPTION, is_number=True),
        ),
        example="verify --sample 5%",
    ),
    Verb(
        "repair",
        "tell what can be mended of a damaged lake; with --apply mend it: set damaged files aside, put whole copies in their place",
        (
            Argument("apply", "do it", Kind.FLAG),
            Argument("source", "a copy of this lake, a path or a URL, to take what is missing from", Kind.OPTION),
            Argument("accept", "accept that the last records are lost: their numbers are then given again", Kind.FLAG),
        ),
        example="repair --source /backup/.mvlake",
    ),
    Verb(
        "forget",
        "say that a version is not wanted any more; `gc` may then collect its content",
        (_REF, _REASON),
        example='forget fraud-detector:v2 -m "wrong data"',
    ),
    Verb(
        "unforget",
        "say that a forgotten version is wanted again, while its content is there",
        (_REF,),
        example="unforget fraud-detector:v2",
    ),
    Verb(
        "gc",
        "tell what nothing reaches; with --apply mark it, move to trash/ what was marked long ago, remove what lay there long",
        (
            Argument("apply", "do it", Kind.FLAG),
            Argument("grace", "how long each step waits for the one before: 14d, 36h", Kind.OPTION, default="14d"),
            Argument("hasty", "allow a grace of less than a day", Kind.FLAG),
            Argument("repack", "write packs anew that hold wanted things besides, so that these make room too", Kind.FLAG),
        ),
        example="gc",
    ),
    Verb("doctor", "examine the lake's surroundings: rights, disk, clock, libraries with known weaknesses", example="doctor"),
    Verb(
        "push",
        "bring a copy of this lake, in a bucket or a folder, up to it: only what is missing is sent",
        (Argument("to", "s3://bucket/folder, gs://…, az://… or a folder"), _DRY),
        example="push s3://team/lakes/fraud",
    ),
    Verb(
        "pull",
        "bring this lake up to a copy of it",
        (Argument("source", "s3://bucket/folder, gs://…, az://… or a folder"), _DRY),
        example="pull s3://team/lakes/fraud",
    ),
    Verb(
        "sync",
        "bring whichever of the two copies is behind up to the other",
        (Argument("other", "s3://bucket/folder, gs://…, az://… or a folder"), _DRY),
        example="sync s3://team/lakes/fraud --dry-run",
    ),
    Verb(
        "publish",
        "register the index's finished Parquet files as tables of other engines, without copying them",
        (
            Argument("to", "delta, iceberg or ducklake", Kind.OPTION, default="delta"),
            Argument("catalog", "of Iceberg or DuckLake: a name that pyiceberg knows, or a URI", Kind.OPTION, default=""),
        ),
        example="publish --to iceberg --catalog sqlite:////home/me/catalog.db",
    ),
    Verb("rebuild", "make the index anew from the log", example="rebuild"),
    Verb("status", "tell where the lake is, and what is in it", example="status"),
    Verb("help", "explain the verbs, or one", (Argument("verb", "which", is_optional=True),), example="help compare"),
)

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}

# What only a kernel can do: `%mv` has these besides.
KERNEL_VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "auto",
            "track every cell, or only those with %%track",
            (Argument("switch", "on or off"), Argument("name", "the name of the versions", is_optional=True)),
            example="auto on fraud-detector",
        ),
        Verb(
            "snapshot",
            "make the whole namespace and notebook one version",
            (
                Argument("name", "the name of the version", is_optional=True),
                Argument("message", "a note", Kind.OPTION, short="m", default=""),
            ),
            example='snapshot fraud-detector -m "before the refactoring"',
        ),
        Verb(
            "diff",
            "tell what this kernel and its notebook have changed since the version that they build on, or since REF",
            (
                Argument("ref", "a ref; without it the version last made or checked out here", is_optional=True),
                Argument("exit_code", "fail the cell where something differs", Kind.FLAG, is_for_door=True),
            ),
            example="diff",
        ),
        Verb("pause", "track nothing until `resume`", example="pause"),
        Verb("resume", "track again", example="resume"),
    )
}
