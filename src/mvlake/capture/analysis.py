"""Analysis: the facts of one cell, from its text alone."""

import ast
from collections.abc import Sequence

from mvlake.capture.cell_facts import Binding, BindingKind, CellFacts, LastExpression
from mvlake.capture.clocks import is_clock
from mvlake.capture.descriptions import described
from mvlake.capture.facts.finder import Finder
from mvlake.capture.facts.steps import steps_of
from mvlake.capture.parsing import parsed
from mvlake.capture.purity import is_constructor
from mvlake.capture.shell_calls import ShellCalls, is_command_only

_UNREADABLE = CellFacts(is_analyzable=False)


def analyze(source: str) -> CellFacts:
    """Return what a cell reads, binds and changes. `source` is its text after IPython's transformation.

    Never raises: text that is no Python, or nested too deeply to follow, has facts that say so.

    >>> facts = analyze("b = a; b.append(limit)")
    >>> sorted(facts.reads), sorted(facts.surely_binds), sorted(facts.mutates_earlier)
    (['a', 'limit'], ['b'], ['a'])
    """
    tree = parsed(source)
    return _UNREADABLE if tree is None else facts_of(tree.body, source)


def facts_of(statements: Sequence[ast.stmt], source: str) -> CellFacts:
    """Return the facts of some statements of a text: what they would read, bind and change as a cell of their own."""
    tree = ast.Module(body=list(statements), type_ignores=[])
    walk = ShellCalls()
    try:
        walk.run(tree.body)
        return _facts(walk, tree, source)
    except RecursionError:
        return _UNREADABLE


def _facts(walk: ShellCalls, tree: ast.Module, source: str) -> CellFacts:
    effects = walk.effects
    mutated = walk.expanded(effects.mutated)
    lent = {callee: walk.expanded(tokens) for callee, tokens in effects.lent.items()}
    direct = set(effects.reads)
    deferred: set[str] = set()
    for name, function in walk.functions.items():
        if name not in walk.used:
            deferred |= function.reads - walk.module.sure
    deferred -= direct
    modules = {name for name in walk.modules if name not in {token.removeprefix("+") for token in effects.patched}}
    tokens = mutated | _lent_for_change(lent)
    changed = {token.removeprefix("+") for token in tokens}
    for group, members in walk.groups.items():
        if not tokens.isdisjoint(members):
            tokens.add(group)
    changed |= {name for name, value in walk.module.env.items() if not value.own.isdisjoint(tokens)}
    return CellFacts(
        reads=frozenset(direct | deferred),
        deferred_reads=frozenset(deferred),
        binds=frozenset(effects.binds),
        surely_binds=frozenset(walk.module.sure & effects.binds),
        deletes=frozenset(walk.deletes),
        mutates=frozenset(name for name in changed if name.isidentifier() and name not in modules),
        mutates_earlier=frozenset(token for token in mutated if not token.startswith("+")),
        lent={callee: frozenset(tokens) for callee, tokens in lent.items()},
        calls=frozenset(effects.calls),
        trusted={callee: frozenset(walk.expanded(tokens)) for callee, tokens in effects.trusted.items()},
        reads_files=frozenset(effects.reads_files),
        writes_files=frozenset(effects.writes_files),
        overwrites_files=frozenset(effects.overwrites_files),
        links=frozenset(walk.expanded_links(effects.links)),
        copies=frozenset(walk.copies),
        patched=frozenset(effects.patched),
        functions=dict(walk.functions),
        imports=dict(walk.imports),
        modules=frozenset(walk.modules),
        has_star_import=walk.has_star_import,
        is_dynamic=walk.is_dynamic,
        runs_unseen_code=walk.runs_unseen_code,
        configures=walk.configures or any(name in ("os", "sys", "plt", "matplotlib", "mpl") for name in effects.mutated),
        is_command=is_command_only(tree),
        bindings={name: walk.bindings[name] for name in walk.bindings if name in effects.binds},
        items=dict(walk.items),
        touched={name: frozenset(names) for name, names in walk.touched.items()},
        clocks=frozenset(walk.clocks),
        texts=frozenset(walk.texts),
        keywords={callee: dict(given) for callee, given in walk.keywords.items()},
        last_expression=_last_expression(walk, tree, source),
        seeds=tuple(walk.seeds),
        sites=Finder().find(tree),
        steps=steps_of(tree, source),
    )


def _lent_for_change(lent: dict[str, set[str]]) -> set[str]:
    """Return what functions of unknown manners were given; constructors keep their arguments unchanged."""
    return {token for callee, tokens in lent.items() if not is_constructor(callee) for token in tokens}


def _last_expression(walk: ShellCalls, tree: ast.Module, source: str) -> LastExpression | None:
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return None
    found = described(last.value)
    if walk.is_shell_call(last.value) if isinstance(last.value, ast.Call) else False:
        found = Binding(BindingKind.OTHER)
    return LastExpression(
        kind=found.kind,
        function=found.function,
        names=frozenset(one.id for one in ast.walk(last.value) if isinstance(one, ast.Name)),
        is_shown=not _ends_with_semicolon(source, last),
        is_clock=is_clock(last.value, walk.clocks),
        name=last.value.id if isinstance(last.value, ast.Name) else "",
    )


def _ends_with_semicolon(source: str, last: ast.stmt) -> bool:
    lines = source.split("\n")
    rest = lines[(last.end_lineno or 1) - 1].encode()[last.end_col_offset or 0 :].decode(errors="replace")
    return rest.lstrip(" \t)").startswith(";")
