"""Parameters: what went in, by name."""

from mvlake.compare.diff import ValueDiff
from mvlake.compare.values import compare_values
from mvlake.records.dossier import Dossier


def compare_params(a: Dossier, b: Dossier) -> tuple[ValueDiff, ...]:
    """Return the parameters side by side. `1` and `1.0` differ: a parameter's type can change what a library does with it."""
    return compare_values([(one.name, one.value) for one in a.version.params], [(one.name, one.value) for one in b.version.params])
