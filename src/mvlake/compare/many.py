"""Many: the table of several versions side by side. `docs/spec/comparison-table.schema.json` is its JSON."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.compare.diff import Direction, Side
from mvlake.records.canonical import Json
from mvlake.records.digest import Digest

TABLE_SCHEMA_VERSION = 1


class Aspect(StrEnum):
    """What is held side by side, in the order in which it is told."""

    PARAMETERS = "parameters"
    METRICS = "metrics"
    DATA = "data"
    MODELS = "models"
    CODE = "code"
    OUTPUTS = "outputs"
    FILES = "files"
    PACKAGES = "packages"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Had:
    """What one version has of a thing.

    `value` is plain JSON, None where there is none (`is_there` tells absent from null); of content it says how large it is, and
    `digest` which content it is. Of a curve it is the last value, and `steps` says how long it is. `is_best`: of a metric, no other
    version has a better value.
    """

    value: Json = None
    digest: Digest | None = None
    steps: int | None = None
    is_best: bool = False
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class TableRow:
    """One thing that is not the same in all versions. `of` is the role of data, or the model that a setting is of, else empty."""

    name: str
    had: tuple[Had, ...]
    of: str = ""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class AspectTable:
    """One aspect: the rows that differ, with what each version has in the order of the versions; of the equal ones the names."""

    aspect: Aspect
    rows: tuple[TableRow, ...]
    equal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """Several versions, aspect by aspect. `is_empty`: there is no row. `problems` say what could not be read."""

    schema: int
    versions: tuple[Side, ...]
    aspects: tuple[AspectTable, ...]
    problems: tuple[str, ...]
    is_empty: bool
