"""Seeds: calls in the text of a cell that are given a seed, and which generators such a call decides."""

import ast
from collections.abc import Container, Iterator, Mapping

from mvlake.capture.cell_facts import SeedCall
from mvlake.capture.clocks import is_clock
from mvlake.capture.descriptions import dotted_name
from mvlake.capture.literals import literal_of
from mvlake.capture.purity import words
from mvlake.records.randomness import SeedSource

_FUNCTIONS = words("""
    seed manual_seed manual_seed_all set_seed seed_everything set_random_seed default_rng RandomState SeedSequence Random
    PCG64 PCG64DXSM MT19937 Philox SFC64 PRNGKey
""")
_KEYWORDS = frozenset(("random_state", "seed", "random_seed"))
_EVERYTHING = frozenset(("set_seed", "seed_everything", "set_random_seed"))
_OTHERS = ("tensorflow.", "tf.", "polars.", "pl.", "jax.")  # libraries whose own generators they mean
_GLOBALS = frozenset(("random", "numpy.random", "torch"))
# What seeds itself from the operating system when it is given no seed, or None.
_UNSEEDED = words("""
    random.seed random.Random numpy.random.seed numpy.random.RandomState numpy.random.default_rng numpy.random.SeedSequence
    numpy.random.PCG64 numpy.random.PCG64DXSM numpy.random.MT19937 numpy.random.Philox numpy.random.SFC64
    torch.seed torch.random.seed torch.cuda.seed torch.cuda.seed_all
""")
_SYSTEM = words("""
    os.urandom os.getrandom urandom secrets.randbits secrets.randbelow secrets.token_bytes secrets.token_hex randbits token_bytes
    token_hex uuid.uuid1 uuid.uuid4 uuid1 uuid4
""")


def seeds_in(node: ast.Call, imports: Mapping[str, str], clocks: Container[str] = ()) -> Iterator[SeedCall]:
    """Yield the seeds that a call is given: `np.random.seed(0)`, `train_test_split(…, random_state=SEED)`.

    Also those that nobody chose: `random.seed()`, `random.seed(time.time())`. `clocks` are names that hold what a clock said.
    """
    function = ""
    for keyword in node.keywords:
        if keyword.arg in _KEYWORDS:
            function = function or _resolved(dotted_name(node.func), imports)
            yield from _seed(function, keyword.arg or "", keyword.value, clocks)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    if name and node.args:
        function = function or _resolved(dotted_name(node.func), imports)
        if function.rpartition(".")[2] in _FUNCTIONS:
            yield from _seed(function, "", node.args[0], clocks)
    elif name and not node.keywords and (function := _resolved(dotted_name(node.func), imports)) in _UNSEEDED:
        yield SeedCall(function, source=SeedSource.SYSTEM)


def source_of(function: str) -> SeedSource | None:
    """Return the source of what a function gives, None where it is not one that draws from the operating system.

    >>> source_of("secrets.randbits"), source_of("load_seed")
    (<SeedSource.SYSTEM: 'system'>, None)
    """
    return SeedSource.SYSTEM if function in _SYSTEM else None


def decided(seed: SeedCall) -> frozenset[str]:
    """Return the global generators that a call seeds: what they draw afterwards is known, if the seed is.

    >>> [sorted(decided(SeedCall(name))) for name in ("numpy.random.seed", "torch.manual_seed", "numpy.random.default_rng")]
    [['numpy.random'], ['torch'], []]
    """
    name = seed.function.rpartition(".")[2]
    if seed.function in ("torch.seed", "torch.random.seed"):
        return frozenset(("torch",))
    if seed.keyword and name not in (*_EVERYTHING, "seed", "manual_seed"):
        return frozenset()
    if name in _EVERYTHING:
        return frozenset() if seed.function.startswith(_OTHERS) else _GLOBALS
    if name in ("manual_seed", "manual_seed_all"):
        return frozenset(("torch",))
    return frozenset({"random.seed": ("random",), "numpy.random.seed": ("numpy.random",)}.get(seed.function, ()))


def _seed(function: str, keyword: str, value: ast.expr, clocks: Container[str]) -> Iterator[SeedCall]:
    if isinstance(value, ast.Name):
        yield SeedCall(function, keyword, variable=value.id, source=SeedSource.CLOCK if value.id in clocks else None)
        return
    literal = literal_of(value)
    if literal is None:
        yield SeedCall(function, keyword, source=_source(value, clocks))
    elif literal[0] is not None:
        yield SeedCall(function, keyword, value=literal[0])
    elif function in _UNSEEDED:  # `random_state=None` of others is no seed: they draw from a global generator
        yield SeedCall(function, keyword, source=SeedSource.SYSTEM)


def _source(value: ast.expr, clocks: Container[str]) -> SeedSource | None:
    """Return what a computed seed was drawn from, None where it may be chosen."""
    parts = [one for one in ast.walk(value) if isinstance(one, ast.expr)]
    if any(isinstance(one, ast.Call) and source_of(dotted_name(one.func)) for one in parts):
        return SeedSource.SYSTEM
    return SeedSource.CLOCK if any(is_clock(one, clocks) for one in parts) else None


def _resolved(name: str, imports: Mapping[str, str]) -> str:
    """Return a dotted name with its beginning as it was imported: `np.random.seed` is `numpy.random.seed`."""
    first, dot, rest = name.partition(".")
    return f"{imports.get(first, _USUAL.get(first, first))}{dot}{rest}"


_USUAL = {"np": "numpy", "tf": "tensorflow", "pl": "polars"}  # imported in another cell
