"""Versions: everything in which version b differs from version a, as one Diff."""

from mvlake.compare.code import compare_code
from mvlake.compare.data import compare_data
from mvlake.compare.described import compare_described
from mvlake.compare.diff import SCHEMA_VERSION, Change, Diff, Side
from mvlake.compare.displays import compare_displays
from mvlake.compare.environment import compare_environment
from mvlake.compare.figures import compare_figures
from mvlake.compare.files import compare_files
from mvlake.compare.hints import compare_hints
from mvlake.compare.lineage import compare_lineage
from mvlake.compare.metrics import compare_metrics
from mvlake.compare.models import compare_models
from mvlake.compare.params import compare_params
from mvlake.compare.randomness import compare_randomness
from mvlake.compare.redactions import compare_redactions
from mvlake.compare.series import compare_series
from mvlake.compare.streams import compare_modules, compare_streams
from mvlake.compare.warnings import compare_warnings
from mvlake.records.asked import Extent
from mvlake.records.dossier import Dossier


def compare(a: Dossier, b: Dossier) -> Diff:
    """Return how b differs from a, in all cells that ran where both dossiers have them.

    The reverse comparison is the mirror image of this one, and of a version and itself the diff is empty. What could not be read
    is compared by digest, and listed among the problems.
    """
    extent = Extent.SLICE if a.past is None or b.past is None else Extent.ALL
    code, unread_code = compare_code(a, b, extent=extent)
    params, metrics, series = compare_params(a, b), compare_metrics(a, b), compare_series(a, b)
    data, unread_data = compare_data(a, b)
    models, figures = compare_models(a, b), compare_figures(a, b)
    environment, unread_environment = compare_environment(a, b)
    streams, unread_streams = compare_streams(a, b)
    displays, unread_displays = compare_displays(a, b)
    modules, unread_modules = compare_modules(a, b)
    files, described = compare_files(a.version, b.version), compare_described(a.version, b.version)
    told = (
        code,
        modules,
        params,
        metrics,
        series,
        data,
        models,
        figures,
        streams,
        displays,
        files,
        described,
        environment.facts,
        environment.packages,
    )
    is_empty = all(row.change is Change.UNCHANGED for rows in told for row in rows)
    unread = (*unread_code, *unread_data, *unread_environment, *unread_streams, *unread_displays, *unread_modules)
    return Diff(
        schema=SCHEMA_VERSION,
        a=side_of(a),
        b=side_of(b),
        code=code,
        modules=modules,
        params=params,
        metrics=metrics,
        data=data,
        models=models,
        figures=figures,
        environment=environment,
        streams=streams,
        files=files,
        hints=compare_hints(a.version, b.version),
        randomness=compare_randomness(a.version, b.version),
        displays=displays,
        warnings=compare_warnings(a, b),
        described=described,
        lineage=compare_lineage(a.version, b.version),
        redactions=compare_redactions(a.version, b.version),
        series=series,
        problems=tuple(dict.fromkeys((*_problems(a), *_problems(b), *unread))),
        is_empty=is_empty and not any(cell.is_moved for cell in code),
        cells=extent,
    )


def side_of(dossier: Dossier) -> Side:
    """Return which version it is, and what its execution took."""
    return Side(
        ref=dossier.ref,
        created_at=dossier.created_at,
        author=dossier.author,
        message=dossier.version.message,
        duration=dossier.version.duration,
        peak_memory=dossier.version.peak_memory,
        cpu_time=dossier.version.usage.cpu_time if dossier.version.usage is not None else None,
    )


def _problems(dossier: Dossier) -> list[str]:
    return [f"{dossier.ref}: {problem}" for problem in dossier.problems]
