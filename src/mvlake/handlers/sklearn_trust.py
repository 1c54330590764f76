"""Trust of scikit-learn archives: which classes and functions an archive may name. Ours, fixed here, never read from an archive.

Three kinds of names, each allowed in its own place only: classes whose instances are made of plain attributes (no constructor is
run), pure functions that a model may hold (it is not called on loading), and types that a setting may be.

Left out on purpose: `scipy.stats` distributions (restoring one executes source text that it carries), `operator.methodcaller`,
bound methods, and functions that read files or the network.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from mvlake.handlers.sklearn_walk import estimators

# Private classes that fitted estimators hold. Plain Python attributes, but for the neighbour trees and their metrics,
# which `sklearn_bounds` checks after they were made.
_OBJECTS = """
collections.OrderedDict
sklearn._loss.link.HalfLogitLink sklearn._loss.link.IdentityLink sklearn._loss.link.Interval sklearn._loss.link.LogitLink
sklearn._loss.link.LogLink sklearn._loss.link.MultinomialLogit
sklearn._loss.loss.AbsoluteError sklearn._loss.loss.ExponentialLoss sklearn._loss.loss.HalfBinomialLoss
sklearn._loss.loss.HalfGammaLoss
sklearn._loss.loss.HalfMultinomialLoss sklearn._loss.loss.HalfPoissonLoss sklearn._loss.loss.HalfSquaredError
sklearn._loss.loss.HalfTweedieLoss sklearn._loss.loss.HalfTweedieLossIdentity sklearn._loss.loss.HuberLoss
sklearn._loss.loss.PinballLoss
sklearn.calibration._CalibratedClassifier sklearn.calibration._SigmoidCalibration sklearn.calibration._TemperatureScaling
sklearn.cluster._bisect_k_means._BisectingTree
sklearn.compose._column_transformer.make_column_selector
sklearn.ensemble._hist_gradient_boosting.binning._BinMapper
sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor
sklearn.frozen._frozen.FrozenEstimator
sklearn.impute._iterative.IterativeImputer
sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace
sklearn.metrics._scorer._CurveScorer sklearn.metrics._scorer._MultimetricScorer sklearn.metrics._scorer._PassthroughScorer
sklearn.metrics._scorer._Scorer
sklearn.model_selection._split._CVIterableWrapper
sklearn.multiclass._ConstantPredictor
sklearn.neighbors._ball_tree.BallTree sklearn.neighbors._kd_tree.KDTree
sklearn.neural_network._stochastic_optimizers.AdamOptimizer sklearn.neural_network._stochastic_optimizers.SGDOptimizer
sklearn.utils._bunch.Bunch
sklearn.utils._metadata_requests.MetadataRequest sklearn.utils._metadata_requests.MethodMetadataRequest
sklearn.model_selection._search_successive_halving.HalvingGridSearchCV
sklearn.model_selection._search_successive_halving.HalvingRandomSearchCV
scipy.interpolate._bsplines.BSpline
"""
_METRICS = ("BrayCurtis", "Canberra", "Chebyshev", "Euclidean", "Hamming", "Haversine", "Manhattan", "Minkowski", "SEuclidean")
_FUNCTIONS = """
numpy.abs numpy.amax numpy.amin numpy.around numpy.asarray numpy.average numpy.clip numpy.diff numpy.max numpy.mean numpy.median
numpy.min numpy.nan_to_num numpy.nanmax numpy.nanmean numpy.nanmedian numpy.nanmin numpy.nanstd numpy.nansum numpy.ptp numpy.ravel
numpy.round numpy.std numpy.sum numpy.var
scipy._lib.array_api_compat.numpy._aliases.asarray
sklearn.cluster._kmeans._kmeans_single_elkan sklearn.cluster._kmeans._kmeans_single_lloyd
"""
SPARSE = frozenset(
    f"scipy.sparse._{kind}.{kind}_{form}" for kind in ("csr", "csc", "coo", "bsr", "dia") for form in ("matrix", "array")
)
LOSSES = frozenset(
    {
        *(f"sklearn._loss._loss.Cy{name}" for name in ("AbsoluteError", "ExponentialLoss", "HuberLoss", "PinballLoss")),
        *(
            f"sklearn._loss._loss.CyHalf{name}"
            for name in ("BinomialLoss", "GammaLoss", "MultinomialLoss", "PoissonLoss", "SquaredError")
        ),
        *(f"sklearn._loss._loss.CyHalf{name}" for name in ("TweedieLoss", "TweedieLossIdentity")),
        *(f"sklearn.linear_model._sgd_fast.{name}" for name in ("EpsilonInsensitive", "Hinge", "ModifiedHuber", "SquaredHinge")),
        "sklearn.linear_model._sgd_fast.SquaredEpsilonInsensitive",
    }
)
# Each has a form of its own in an archive, and stands nowhere else.
_FORMS = {"sklearn.tree._tree.Tree", "numpy.dtype", "functools.partial", "sklearn.impute._iterative._ImputerTriplet"}
# Whose public functions compute on what they are given, and do nothing else.
_PURE_MODULES = ("sklearn.metrics", "sklearn.metrics.pairwise", "sklearn.feature_selection", "sklearn.preprocessing")
# Whose public classes are settings of estimators.
_CLASS_MODULES = ("sklearn.gaussian_process.kernels", "sklearn.model_selection")
_NUMBERS = (
    *("bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"),
    *(
        "longdouble",
        "complex64",
        "complex128",
        "str_",
        "bytes_",
        "datetime64",
        "timedelta64",
        "intp",
        "uintp",
        "longlong",
        "ulonglong",
    ),
)


@dataclass(frozen=True, slots=True)
class Trust:
    """The names that an archive may use: as an instance, as a function, as a type, as the class of a numpy scalar."""

    objects: frozenset[str]
    functions: frozenset[str]
    types: frozenset[str]
    scalars: frozenset[str]

    @property
    def names(self) -> list[str]:
        """All of them: what the reader is told to trust, after each name was found to stand in its own place."""
        return sorted(self.objects | self.functions | self.types | self.scalars | SPARSE | LOSSES | _FORMS)


@cache
def trust() -> Trust:
    """Return the names that this product trusts, resolved against the installed scikit-learn. Imports it."""
    from importlib import import_module

    import numpy as np
    import scipy.special

    objects = set(_OBJECTS.split()) | {f"sklearn.metrics._dist_metrics.{name}Distance64" for name in _METRICS}
    objects |= {_name(kind) for kind in estimators() if kind.__module__.startswith("sklearn.")}
    functions = set(_FUNCTIONS.split())
    for module in map(import_module, _PURE_MODULES):
        functions |= {_name(one) for one in _public(module) if callable(one) and not isinstance(one, type)}
    for module in map(import_module, _CLASS_MODULES):
        objects |= {_name(one) for one in _public(module) if isinstance(one, type)}
    for namespace in (np, scipy.special):
        functions |= _ufuncs(namespace)
    scalars = {f"numpy.{name}" for name in _NUMBERS}
    types = scalars | {
        f"builtins.{name}" for name in ("int", "float", "str", "bool", "bytes", "object", "list", "tuple", "dict", "len")
    }
    return Trust(frozenset(objects), frozenset(functions), frozenset(types), frozenset(scalars))


def _public(module: Any) -> list[Any]:
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    found = [vars(module).get(name) for name in names]  # an attribute access could be an import of something experimental
    return [one for one in found if str(getattr(one, "__module__", "")).startswith(module.__name__)]


def _ufuncs(namespace: Any) -> set[str]:
    import numpy as np

    names = [name for name in dir(namespace) if isinstance(getattr(namespace, name, None), np.ufunc)]
    # skops names a ufunc by whichever module it finds it in first.
    modules: tuple[str, ...] = ("numpy", "numpy._core._multiarray_umath", "numpy._core.umath", "numpy._core.numeric", "numpy._core")
    if namespace is not np:
        modules = ("scipy.special", "scipy.special._ufuncs", "scipy.special._special_ufuncs")
    return {f"{module}.{getattr(namespace, name).__name__}" for name in names for module in modules}


def _name(obj: Any) -> str:
    return f"{obj.__module__}.{obj.__name__}"
