"""Tables: what SQL can ask about, column by column, and the order in which each table lies in its segments."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds. Any column may hold NULL."""

    INTEGER = "integer"
    NUMBER = "number"  # a double
    TRUTH = "truth"
    MOMENT = "moment"  # UTC
    TEXT = "text"
    WORD = "word"  # text that many rows share


@dataclass(frozen=True, slots=True)
class TableForm:
    """One table: its columns from left to right, and the columns that it is sorted by, for the question it is for."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    order: tuple[str, ...]


_VERSION = (("seq", Kind.INTEGER), ("name", Kind.WORD), ("number", Kind.INTEGER), ("ref", Kind.TEXT))

VERSIONS = TableForm(
    name="versions",
    columns=(
        *_VERSION,
        ("digest", Kind.TEXT),
        ("identity", Kind.TEXT),
        ("parent", Kind.INTEGER),
        ("origin", Kind.WORD),
        ("created_at", Kind.MOMENT),
        ("started_at", Kind.MOMENT),
        ("duration", Kind.NUMBER),
        ("author", Kind.WORD),
        ("host", Kind.WORD),
        ("message", Kind.TEXT),
        ("notebook", Kind.WORD),
        ("environment", Kind.WORD),
        ("git_commit", Kind.WORD),
        ("git_branch", Kind.WORD),
        ("git_dirty", Kind.TRUTH),
        ("cells", Kind.INTEGER),
        ("params", Kind.INTEGER),
        ("metrics", Kind.INTEGER),
        ("artifacts", Kind.INTEGER),
        ("omitted", Kind.INTEGER),
        ("size", Kind.INTEGER),
        ("warnings", Kind.INTEGER),
        ("peak_memory", Kind.INTEGER),
        ("cpu_time", Kind.NUMBER),
        ("git_remote", Kind.WORD),
    ),
    order=("name", "number"),
)
PARAMS = TableForm(
    name="params",
    columns=(
        *_VERSION,
        ("param", Kind.WORD),
        ("value_text", Kind.TEXT),
        ("value_number", Kind.NUMBER),
        ("source", Kind.WORD),
        ("is_guess", Kind.TRUTH),
    ),
    order=("param", "name", "seq"),
)
METRICS = TableForm(
    name="metrics",
    columns=(
        *_VERSION,
        ("metric", Kind.WORD),
        ("value", Kind.NUMBER),
        ("function", Kind.WORD),
        ("source", Kind.WORD),
        ("is_guess", Kind.TRUTH),
        ("dataset", Kind.WORD),
        ("segment", Kind.WORD),
        ("steps", Kind.INTEGER),
        ("best", Kind.NUMBER),
    ),
    order=("metric", "name", "seq"),
)
ARTIFACTS = TableForm(
    name="artifacts",
    columns=(
        *_VERSION,
        ("role", Kind.WORD),
        ("artifact", Kind.WORD),
        ("handler", Kind.WORD),
        ("protocol", Kind.INTEGER),
        ("digest", Kind.WORD),
        ("object", Kind.WORD),
        ("size", Kind.INTEGER),
        ("profile", Kind.WORD),
    ),
    order=("digest", "seq"),
)
FILES = TableForm(
    name="files",
    columns=(
        *_VERSION,
        ("file", Kind.TEXT),
        ("direction", Kind.WORD),
        ("kind", Kind.WORD),
        ("size", Kind.INTEGER),
        ("digest", Kind.WORD),
        ("found_by", Kind.WORD),
        ("path", Kind.TEXT),
        ("problem", Kind.TEXT),
        ("is_made", Kind.TRUTH),
    ),
    order=("digest", "seq"),
)
HINTS = TableForm(
    name="hints",
    columns=(
        *_VERSION,
        ("code", Kind.WORD),
        ("hint", Kind.TEXT),
        ("about", Kind.TEXT),
    ),
    order=("code", "name", "seq"),
)
DRAWS = TableForm(
    name="draws",
    columns=(
        *_VERSION,
        ("cell", Kind.INTEGER),
        ("generator", Kind.WORD),
        ("kind", Kind.WORD),
        ("seeded", Kind.TRUTH),
        ("state", Kind.WORD),
        ("problem", Kind.TEXT),
    ),
    order=("generator", "name", "seq"),
)
SEEDS = TableForm(
    name="seeds",
    columns=(
        *_VERSION,
        ("cell", Kind.INTEGER),
        ("call", Kind.WORD),
        ("value_text", Kind.TEXT),
        ("value_number", Kind.NUMBER),
        ("source", Kind.WORD),
    ),
    order=("call", "name", "seq"),
)
WARNINGS = TableForm(
    name="warnings",
    columns=(
        *_VERSION,
        ("category", Kind.WORD),
        ("message", Kind.TEXT),
        ("place", Kind.WORD),
        ("line", Kind.INTEGER),
        ("times", Kind.INTEGER),
    ),
    order=("category", "name", "seq"),
)
REDACTIONS = TableForm(
    name="redactions",
    columns=(
        *_VERSION,
        ("rule", Kind.WORD),
        ("place", Kind.TEXT),
        ("count", Kind.INTEGER),
        ("column", Kind.TEXT),
        ("hashes", Kind.TEXT),  # those that marks show, with spaces between
    ),
    order=("rule", "name", "seq"),
)
DESCRIBED = TableForm(
    name="described",
    columns=(
        *_VERSION,
        ("role", Kind.WORD),
        ("variable", Kind.WORD),
        ("type", Kind.WORD),
        ("kind", Kind.WORD),
        ("cell", Kind.INTEGER),
        ("statement", Kind.TEXT),
        ("query", Kind.TEXT),
        ("traits", Kind.TEXT),
    ),
    order=("kind", "name", "seq"),
)
LINEAGE = TableForm(
    name="lineage",
    columns=(
        *_VERSION,
        ("child", Kind.WORD),
        ("parent", Kind.WORD),
        ("kind", Kind.WORD),
        ("known_by", Kind.WORD),
        ("is_guess", Kind.TRUTH),
        ("portion", Kind.WORD),
        ("function", Kind.WORD),
        ("cell", Kind.INTEGER),
        ("rows", Kind.INTEGER),
        ("parent_rows", Kind.INTEGER),
        ("digest", Kind.WORD),
    ),
    order=("digest", "seq"),
)
IMPORTS = TableForm(
    name="imports",
    columns=(*_VERSION, ("package", Kind.WORD), ("version", Kind.WORD)),
    order=("package", "name", "seq"),
)
USAGE = TableForm(
    name="usage",
    columns=(
        *_VERSION,
        ("elapsed", Kind.NUMBER),
        ("cpu", Kind.NUMBER),
        ("memory", Kind.INTEGER),
        ("children", Kind.INTEGER),
    ),
    order=("name", "seq", "elapsed"),
)
LABELS = TableForm(
    name="labels",
    columns=(
        ("seq", Kind.INTEGER),
        ("at", Kind.MOMENT),
        ("name", Kind.WORD),
        ("label", Kind.WORD),
        ("from_number", Kind.INTEGER),
        ("to_number", Kind.INTEGER),
        ("move", Kind.WORD),
        ("reason", Kind.TEXT),
        ("author", Kind.WORD),
        ("host", Kind.WORD),
    ),
    order=("name", "label", "seq"),
)
REPLAYS = TableForm(
    name="replays",
    columns=(
        *_VERSION,
        ("replayed_at", Kind.MOMENT),
        ("verdict", Kind.WORD),
        ("rank", Kind.INTEGER),  # of the verdict: 0 is the best
        ("reproduced", Kind.TRUTH),
        ("counts", Kind.TRUTH),  # the version itself ran, and not something beside it
        ("cells", Kind.WORD),
        ("notebook", Kind.WORD),
        ("from_frames", Kind.TRUTH),
        ("repeat", Kind.INTEGER),
        ("items", Kind.INTEGER),
        ("differences", Kind.INTEGER),
        ("departed_in", Kind.INTEGER),
        ("cause", Kind.WORD),
        ("cause_name", Kind.WORD),
        ("duration", Kind.NUMBER),
        ("environment", Kind.WORD),
        ("tool", Kind.WORD),
        ("author", Kind.WORD),
        ("host", Kind.WORD),
    ),
    order=("name", "number", "seq"),
)
VERDICTS = TableForm(
    name="verdicts",
    columns=(
        *_VERSION,
        ("kind", Kind.WORD),
        ("item", Kind.WORD),
        ("verdict", Kind.WORD),
        ("rank", Kind.INTEGER),
        ("reason", Kind.TEXT),
        ("precision", Kind.WORD),
        ("rtol", Kind.NUMBER),
        ("atol", Kind.NUMBER),
        ("differing", Kind.INTEGER),
        ("total", Kind.INTEGER),
        ("max_abs", Kind.NUMBER),
        ("max_rel", Kind.NUMBER),
        ("max_ulp", Kind.INTEGER),
    ),
    order=("name", "number", "seq"),
)
EVENTS = TableForm(
    name="events",
    columns=(
        ("seq", Kind.INTEGER),
        ("at", Kind.MOMENT),
        ("kind", Kind.WORD),
        ("name", Kind.WORD),
        ("number", Kind.INTEGER),
        ("author", Kind.WORD),
        ("host", Kind.WORD),
        ("detail", Kind.TEXT),
        ("digest", Kind.TEXT),
    ),
    order=("seq",),
)

TABLES = (
    VERSIONS,
    PARAMS,
    METRICS,
    ARTIFACTS,
    DESCRIBED,
    LINEAGE,
    FILES,
    HINTS,
    DRAWS,
    SEEDS,
    IMPORTS,
    WARNINGS,
    REDACTIONS,
    USAGE,
    LABELS,
    REPLAYS,
    VERDICTS,
    EVENTS,
)
SERIES = "series"  # these are not derived from the log alone: their rows are read from the objects when they are asked for
PAST = "past"
COLUMNS = "columns"
READ_TABLES = (SERIES, PAST, COLUMNS)
TABLE_NAMES = tuple(form.name for form in TABLES)

# Raised whenever rows of the same record become other rows: segments of another revision are written anew.
REVISION = 11
