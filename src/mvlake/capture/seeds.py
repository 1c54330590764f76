"""Seeds: calls in the text of a cell that are given a seed, and which generators such a call decides."""

import ast
from collections.abc import Iterator, Mapping

from mvlake.capture.cell_facts import SeedCall
from mvlake.capture.descriptions import dotted_name
from mvlake.capture.literals import literal_of
from mvlake.capture.purity import words

_FUNCTIONS = words("""
    seed manual_seed manual_seed_all set_seed seed_everything set_random_seed default_rng RandomState SeedSequence Random
    PCG64 PCG64DXSM MT19937 Philox SFC64 PRNGKey
""")
_KEYWORDS = frozenset(("random_state", "seed", "random_seed"))
_EVERYTHING = frozenset(("set_seed", "seed_everything", "set_random_seed"))
_OTHERS = ("tensorflow.", "tf.", "polars.", "pl.", "jax.")  # libraries whose own generators they mean
_GLOBALS = frozenset(("random", "numpy.random", "torch"))


def seeds_in(node: ast.Call, imports: Mapping[str, str]) -> Iterator[SeedCall]:
    """Yield the seeds that a call is given: `np.random.seed(0)`, `train_test_split(…, random_state=SEED)`."""
    function = ""
    for keyword in node.keywords:
        if keyword.arg in _KEYWORDS:
            function = function or _resolved(dotted_name(node.func), imports)
            yield from _seed(function, keyword.arg or "", keyword.value)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    if name and node.args:
        function = function or _resolved(dotted_name(node.func), imports)
        if function.rpartition(".")[2] in _FUNCTIONS:
            yield from _seed(function, "", node.args[0])


def decided(seed: SeedCall) -> frozenset[str]:
    """Return the global generators from which all is known after a call.

    >>> [sorted(decided(SeedCall(name))) for name in ("numpy.random.seed", "torch.manual_seed", "numpy.random.default_rng")]
    [['numpy.random'], ['torch'], []]
    """
    name = seed.function.rpartition(".")[2]
    if seed.keyword and name not in (*_EVERYTHING, "seed", "manual_seed"):
        return frozenset()
    if name in _EVERYTHING:
        return frozenset() if seed.function.startswith(_OTHERS) else _GLOBALS
    if name in ("manual_seed", "manual_seed_all"):
        return frozenset(("torch",))
    return frozenset({"random.seed": ("random",), "numpy.random.seed": ("numpy.random",)}.get(seed.function, ()))


def _seed(function: str, keyword: str, value: ast.expr) -> Iterator[SeedCall]:
    if isinstance(value, ast.Name):
        yield SeedCall(function, keyword, variable=value.id)
        return
    literal = literal_of(value)
    if literal is None:
        yield SeedCall(function, keyword)
    elif literal[0] is not None:  # `random_state=None` is none
        yield SeedCall(function, keyword, value=literal[0])


def _resolved(name: str, imports: Mapping[str, str]) -> str:
    """Return a dotted name with its beginning as it was imported: `np.random.seed` is `numpy.random.seed`."""
    first, dot, rest = name.partition(".")
    return f"{imports.get(first, _USUAL.get(first, first))}{dot}{rest}"


_USUAL = {"np": "numpy", "tf": "tensorflow", "pl": "polars"}  # imported in another cell
