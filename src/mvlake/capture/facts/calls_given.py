"""Calls given: literals in calls as parameters: `train(depth=3)`, `lgb.train({"num_leaves": 7}, …)`, `Adam(weights, lr=0.01)`."""

from collections.abc import Iterator, Mapping, Sequence

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.facts.sites import Given
from mvlake.capture.metric_names import is_measuring, says_no_setting
from mvlake.capture.purity import is_constructor, words
from mvlake.records.canonical import Json, canonical
from mvlake.records.facts import Param, ParamSource

_MOST = 100
_LARGEST = 2_000
_LIBRARIES = words("""
    sklearn xgboost lightgbm catboost imblearn statsmodels keras tensorflow torch jax flax optax optuna transformers prophet
    scipy hdbscan umap lightning pytorch_lightning skorch torchvision hyperopt ray sentence_transformers
""")
_SPARING = frozenset(("torch", "jax", "tensorflow", "torchvision", "scipy"))  # of these most functions are arithmetic
_TRAINING = words("""
    fit train compile fit_resample tune optimize minimize curve_fit least_squares differential_evolution basinhopping dual_annealing
""")
# They measure, and how they fit and draw for it are settings.
_RESAMPLING = words("""
    cross_val_score cross_validate cross_val_predict permutation_importance validation_curve learning_curve permutation_test_score
""")


def given_to_calls(
    tracked: CellFacts, needed: Sequence[CellFacts], used: frozenset[str], settings: Mapping[str, frozenset[str]]
) -> tuple[Param, ...]:
    """Return the literals that were given to calls which train, build or evaluate, of the tracked cell and of those that it needs.

    `used` are the names from which the tracked cell's results flow; `settings` are those of models by variable: what is told
    of the model itself is not told again of the call that made it.
    """
    imports = {name: module for cell in (*needed, tracked) for name, module in cell.imports.items()}
    functions = {name for cell in (*needed, tracked) for name in cell.functions if not name.startswith("<")}
    told = frozenset().union(*settings.values()) if settings else frozenset()
    found: dict[str, Param] = {}
    for cell in (*needed, tracked):
        for given in cell.sites.given:
            if not _flows(given, cell is tracked, used) or not _configures(given.function, imports, functions):
                continue
            known = frozenset().union(*(settings.get(one, frozenset()) for one in given.targets))
            for name, value in _params(given, told if given.owner else known):
                found.pop(name, None)
                found[name] = Param(name, value, ParamSource.CALL)
    return tuple(found.values())[:_MOST]


def keywords_by_target(cells: Sequence[CellFacts]) -> dict[str, frozenset[str]]:
    """Return the keywords that the calls whose result a name holds were given, by name: whoever writes one means it."""
    found: dict[str, frozenset[str]] = {}
    for cell in cells:
        for given in cell.sites.given:
            names = frozenset((*(key for key, _ in given.literals), *given.named))
            for target in given.targets:
                found[target] = found.get(target, frozenset()) | names
    return found


def _flows(given: Given, is_tracked: bool, used: frozenset[str]) -> bool:  # noqa: FBT001  one fact among three
    if given.owner:
        return given.owner in used
    root = given.function.partition(".")[0]
    return is_tracked or root in used or any(one.partition(".")[0] in used for one in given.targets)


def _configures(function: str, imports: Mapping[str, str], functions: set[str]) -> bool:
    root, _, rest = function.partition(".")
    last = function.rpartition(".")[2]
    if root in functions:
        return not rest or last in _TRAINING
    if is_measuring(last) and last not in _RESAMPLING:
        return False
    library = imports.get(root, "").partition(".")[0]
    if library in _SPARING:
        return is_constructor(last) or last in _TRAINING
    if library in _LIBRARIES:
        return last not in ("set_config", "make_scorer", "plot", "show")
    return bool(rest) and last in _TRAINING and not library


def _params(given: Given, known: frozenset[str]) -> Iterator[tuple[str, Json]]:
    short = given.function.rpartition(".")[2]
    for key, value in given.literals:
        name = f"{short}.params" if key.isdecimal() else f"{short}.{key}"
        if key in known or says_no_setting(key) or len(canonical(value)) > _LARGEST:
            continue
        yield name, value
