"""Deepened: a comparison of records, with what only a look into the content tells, part by part.

Each part is one step: it takes the comparison and gives it back with more in it. What cannot be read is a problem of that part,
and the rest is still there.
"""

from dataclasses import replace

from mvlake.compare.diff import Diff
from mvlake.errors import MvlakeError
from mvlake.lake.compared_columns import compare_columns
from mvlake.lake.compared_figures import compare_pictures
from mvlake.lake.compared_models import compare_loaded_models
from mvlake.lake.compared_packages import compare_needs
from mvlake.lake.compared_rows import compare_rows
from mvlake.lake.compared_series import compare_courses
from mvlake.lake.look import Look, Step

_STEPS: tuple[tuple[str, Step], ...] = (
    ("rows", compare_rows),
    ("columns", compare_columns),
    ("models", compare_loaded_models),
    ("series", compare_courses),
    ("figures", compare_pictures),
    ("packages", compare_needs),
)


def deepened(look: Look, diff: Diff) -> Diff:
    """Return the comparison with what each step finds; a step that cannot do its work is named among the problems."""
    for what, step in _STEPS:
        try:
            diff = step(look, diff)
        except MvlakeError as error:
            diff = replace(diff, problems=(*diff.problems, f"{what}: {error.message}"))
    return diff
