"""Cell facts: what the text of one executed cell says that it reads, binds and changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mvlake.capture.facts.sites import Sites
from mvlake.capture.facts.step import Step
from mvlake.records.canonical import Json
from mvlake.records.randomness import SeedSource

_NO_NAMES: frozenset[str] = frozenset()
_NO_PAIRS: frozenset[tuple[str, str]] = frozenset()


class BindingKind(StrEnum):
    """What stands on the right of a binding."""

    LITERAL = "literal"
    CALL = "call"
    COMPUTED = "computed"
    OTHER = "other"  # loop variables, imports, definitions, `with … as`


@dataclass(frozen=True, slots=True)
class Binding:
    """How a name got its value: `function` is the callee as written, `literal` plain JSON (`records.plain`) of a pure literal.

    `float(…)`, `round(…)`, `….item()` and the mean of a call count as that call. `sources` are the names that it was
    made from, in a branch or a loop also those that may decide it. `is_record`: a dictionary of literals and bare names;
    `is_measured`: a dictionary that holds what a measuring function returned. `is_iterator`: reading it may use it up.
    `is_grouped`: it measures each group of a frame.
    """

    kind: BindingKind
    function: str = ""
    literal: Json = None
    sources: frozenset[str] = _NO_NAMES
    is_record: bool = False
    is_measured: bool = False
    is_iterator: bool = False
    is_grouped: bool = False


@dataclass(frozen=True, slots=True)
class LastExpression:
    """The expression that a cell ends with. `is_shown` is False after `;`: the value exists, IPython does not show it."""

    kind: BindingKind
    function: str
    names: frozenset[str]
    is_shown: bool
    is_clock: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """What the body of a function, class or lambda does to globals whenever it runs.

    `shares` are globals whose objects it may hand out or store its arguments in; `changes_arguments` says that it may
    change what it is given in place, `makes_functions` that what it returns may run code of its body later. `trusted` tells what is
    handed to callees that are believed to change nothing, by their names alone; `changing` are methods of a class that do.
    `hands_out`: what it returns may be what it was given, or a part of it; `handing` are methods of a class that do so.
    """

    reads: frozenset[str] = _NO_NAMES
    mutates: frozenset[str] = _NO_NAMES
    binds: frozenset[str] = _NO_NAMES
    calls: frozenset[str] = _NO_NAMES
    shares: frozenset[str] = _NO_NAMES
    changes_arguments: bool = False
    makes_functions: bool = False
    is_generator: bool = False
    hands_out: bool = False
    handing: frozenset[str] = _NO_NAMES
    changes_receiver: bool = False
    trusted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changing: frozenset[str] = _NO_NAMES
    reads_files: frozenset[str] = _NO_NAMES
    writes_files: frozenset[str] = _NO_NAMES

    @property
    def changes_something(self) -> bool:
        """True when calling it may change what it is given, or what is there already."""
        return bool(self.changes_receiver or self.changes_arguments or self.mutates or self.binds)


@dataclass(frozen=True, slots=True)
class SeedCall:
    """A seed in the text: the call that is given it, as imports resolve it, the keyword if it has one, and its value.

    `value` is plain JSON; where it is a variable, `variable` names it. With a `source`, nobody chose it.
    """

    function: str
    keyword: str = ""
    value: Json = None
    variable: str = ""
    source: SeedSource | None = None


@dataclass(frozen=True, slots=True)
class CellFacts:
    """The names of one cell; every set errs on the side of naming too many, `surely_binds` on the side of too few.

    `reads` includes the bodies of what the cell defines; `deferred_reads` are those of them that running the cell
    itself does not read, because nothing in it uses the function. `mutates` are names whose object may be changed in
    place, `mutates_earlier` those whose object is from before the cell, `lent` (callee → names) what is passed to
    functions of unknown manners and to constructors, `calls` names that are called (a callable object may change itself).
    `trusted` (`.method` or function → names) is what is handed to callees that are believed to change nothing, by their
    names alone. `reads_files` and `writes_files` are paths as they are written, `overwrites_files` those of them of which
    nothing is left of what was in them. `links` are pairs of tokens (`capture.values`) that may share memory afterwards,
    `copies` pairs of a name and a token of which it holds a shallow copy.
    `patched` are names with an attribute set. `items` are results stored under a literal text key: `scores["auc"] = …`.
    `touched` tells of names whose object a statement is there to change what else stands in it: `model.fit(X[:n])`
    touches model with model, X and n.

    `texts` are its text literals, and the words of its shell commands.

    `is_dynamic`: it may bind names that its text does not show. `runs_unseen_code`: it may also read and change anything.
    `configures`: it sets session state that no name holds (seeds, options, `%matplotlib`, `sys.path`).
    """

    is_analyzable: bool = True
    reads: frozenset[str] = _NO_NAMES
    deferred_reads: frozenset[str] = _NO_NAMES
    binds: frozenset[str] = _NO_NAMES
    surely_binds: frozenset[str] = _NO_NAMES
    deletes: frozenset[str] = _NO_NAMES
    mutates: frozenset[str] = _NO_NAMES
    mutates_earlier: frozenset[str] = _NO_NAMES
    lent: Mapping[str, frozenset[str]] = field(default_factory=dict)
    calls: frozenset[str] = _NO_NAMES
    trusted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reads_files: frozenset[str] = _NO_NAMES
    writes_files: frozenset[str] = _NO_NAMES
    overwrites_files: frozenset[str] = _NO_NAMES
    links: frozenset[tuple[str, str]] = frozenset()
    copies: frozenset[tuple[str, str]] = _NO_PAIRS
    patched: frozenset[str] = _NO_NAMES
    functions: Mapping[str, FunctionFacts] = field(default_factory=dict)
    imports: Mapping[str, str] = field(default_factory=dict)
    modules: frozenset[str] = _NO_NAMES
    has_star_import: bool = False
    is_dynamic: bool = False
    runs_unseen_code: bool = False
    configures: bool = False
    is_command: bool = False
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    items: Mapping[tuple[str, str], Binding] = field(default_factory=dict)
    touched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    clocks: frozenset[str] = _NO_NAMES
    texts: frozenset[str] = _NO_NAMES
    keywords: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    last_expression: LastExpression | None = None
    seeds: tuple[SeedCall, ...] = ()
    sites: Sites = field(default_factory=Sites)
    steps: tuple[Step, ...] = ()
