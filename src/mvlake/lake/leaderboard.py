"""Leaderboard: which versions are the best by a metric. The index ranks, so that of many versions only the first are read."""

from collections.abc import Sequence
from typing import Any

from mvlake.compare.diff import Direction
from mvlake.compare.direction import agreed_direction
from mvlake.compare.leaderboard import KnownBy, Leaderboard, Ranked, other_metrics, varying_params
from mvlake.errors import Invalid, MetricNotFound, VersionNotFound
from mvlake.lake.parts import Parts
from mvlake.records.events import Better
from mvlake.records.names import check_name

# A version is forgotten while the last that was said of it does not take that back.
_MEASURED = """WITH gone AS (
    SELECT name, number FROM events WHERE kind = 'forgotten' AND name IS NOT NULL AND number IS NOT NULL GROUP BY name, number
    HAVING NOT contains(coalesce(arg_max(detail, seq), ''), '"is_undone":true')
), measured AS (
    SELECT seq, name, metric, function, value FROM metrics ANTI JOIN gone USING (name, number)
    WHERE $name::VARCHAR IS NULL OR name = $name
)"""
_FUNCTIONS = "SELECT DISTINCT function FROM measured WHERE metric = $metric"
_METRICS = "SELECT metric FROM measured GROUP BY metric ORDER BY count(*) DESC, metric"
# The others of a name that has the metric are ranked too, behind those with a number.
_RANKED = """, valued AS (
    SELECT seq, any_value(name) AS name, last(value) AS value FROM measured WHERE metric = $metric GROUP BY seq
), ranked AS MATERIALIZED (
    SELECT seq, name, number, $sign * value AS quality, coalesce(isnan(value), true) AS is_last
    FROM (
        SELECT seq, name, number FROM versions ANTI JOIN gone USING (name, number) WHERE name IN (SELECT name FROM valued)
    ) LEFT JOIN (SELECT seq, value FROM valued) USING (seq)
)
SELECT name, number, is_last, (SELECT count(*) FROM ranked), (SELECT count(*) FROM ranked WHERE is_last) FROM ranked
ORDER BY is_last, CASE WHEN is_last THEN NULL ELSE quality END DESC, seq DESC LIMIT $most"""
_MOST = 2**62


def leaderboard(parts: Parts, name: str | None, *, by: str, limit: int, lowest: bool, highest: bool) -> Leaderboard:
    """Return the best versions of a name, or of all names that have the metric; 0 as the limit means all.

    Raises MetricNotFound, with the metrics there are; VersionNotFound where there are no versions.
    """
    parts.log.refresh()
    _check(parts, name, limit=limit, lowest=lowest, highest=highest)
    functions = _functions(parts, name, by)
    said = [parts.ledger.directions(one).get(by) for one in (parts.ledger.names() if name is None else [name])]
    direction, known_by = _direction(by, functions, said, lowest=lowest, highest=highest)
    sign = 1 if direction is Direction.HIGHER else -1
    found = _rows(parts, _RANKED, name=name, metric=by, sign=sign, most=limit or _MOST)
    total, unranked = found[0][3:] if found else (0, 0)  # none: another process has just forgotten the last
    ranked = enumerate(found, 1)
    rows = tuple(Ranked(None if one[2] else place, parts.ledger.entry(one[0], one[1])) for place, one in ranked)
    versions = [row.entry.version for row in rows]
    told = other_metrics(versions, by), varying_params(versions)
    return Leaderboard(by, name, direction, known_by, rows, total, unranked, *told)


def _check(parts: Parts, name: str | None, *, limit: int, lowest: bool, highest: bool) -> None:
    if limit < 0:
        raise Invalid(f"a limit of {limit}", hint="0 means all")
    if lowest and highest:
        raise Invalid("the lowest and the highest first at once", hint="--lowest where less is better, --highest where more is")
    names = parts.ledger.names()
    if name is not None:
        check_name(name, existing=names)
    if not names or (name is not None and name not in names):
        raise VersionNotFound(name or "latest", existing=names)


def _functions(parts: Parts, name: str | None, by: str) -> list[str]:
    """Return what measured a metric; MetricNotFound where no version has it."""
    # Half a character is in no metric's name, and no text that DuckDB takes.
    is_text = not any("\ud800" <= one <= "\udfff" for one in by)
    found = _rows(parts, _FUNCTIONS, name=name, metric=by) if by and is_text else []
    if not found:
        raise MetricNotFound(by, name, existing=[row[0] for row in _rows(parts, _METRICS, name=name)])
    return [row[0] or "" for row in found]


def _direction(
    by: str, functions: Sequence[str], said: Sequence[Better | None], *, lowest: bool, highest: bool
) -> tuple[Direction, KnownBy]:
    if lowest or highest:
        return Direction.LOWER if lowest else Direction.HIGHER, KnownBy.SAID
    only = agreed_direction(by, functions, said)
    if only is not None and any(said):
        return only, KnownBy.SAID
    return (only, KnownBy.NAME) if only is not None else (Direction.HIGHER, KnownBy.ASSUMED)


def _rows(parts: Parts, query: str, **values: str | int | None) -> Sequence[Sequence[Any]]:
    """Return the rows of a query over what is `measured` in versions that are wanted."""
    return parts.index.query(f"{_MEASURED} {query}", values=values).rows
