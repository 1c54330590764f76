"""Walk: the state of reading one cell: the scope, what is bound, shared and changed so far."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from mvlake.capture.cell_facts import Binding, FunctionFacts, LastExpression, SeedCall
from mvlake.capture.scopes import Effects, Kind, Scope
from mvlake.capture.values import ARGUMENT, FRESH, RECEIVER, Value, earlier, either, new
from mvlake.records.canonical import Json

_MANY = 48


class Walk:
    """The state of reading a cell in the order in which it runs."""

    def __init__(self) -> None:
        self.module = Scope(Kind.MODULE)
        self.scope = self.module
        self.effects = Effects()
        self.functions: dict[str, FunctionFacts] = {}
        self.used: set[str] = set()
        self.changing_methods: set[str] = set()
        self.handing_methods: set[str] = set()
        self.copies: set[tuple[str, str]] = set()
        self.imports: dict[str, str] = {}
        self.modules: set[str] = set()
        self.deletes: set[str] = set()
        self.bindings: dict[str, Binding] = {}
        self.items: dict[tuple[str, str], Binding] = {}
        self.touched: dict[str, set[str]] = {}
        self.clocks: set[str] = set()
        self.texts: set[str] = set()
        self.keywords: dict[str, dict[str, Json]] = {}
        self.last: LastExpression | None = None
        self.seeds: list[SeedCall] = []
        self.groups: dict[str, frozenset[str]] = {}
        self.function_depth = 0
        self.branch_depth = 0
        self.is_reachable = True
        self.has_star_import = self.is_dynamic = self.runs_unseen_code = self.configures = False

    def owner(self, name: str) -> Scope:
        """Return the scope that this name belongs to where it stands."""
        scope: Scope = self.scope
        while scope.parent is not None:
            if name in scope.declared:
                return self.module
            if name in scope.names and (scope.kind is not Kind.CLASS or scope is self.scope):
                return scope
            scope = scope.parent
        return scope

    def read(self, name: str) -> Value:
        """Note that a name is read; return what its value shares."""
        scope = self.owner(name)
        if scope is not self.module:
            if scope.kind is Kind.CLASS and name not in scope.sure:
                return either((scope.env.get(name, FRESH), self._read_global(name)))
            return scope.env.get(name, FRESH)
        return self._read_global(name)

    def _read_global(self, name: str) -> Value:
        if self.function_depth:
            self.effects.reads.add(name)
            return Value(frozenset((earlier(name),)))
        if name not in self.module.sure:
            self.effects.reads.add(name)
        if name in self.functions:
            self.use(name)
        found = self.module.env.get(name)
        return Value(frozenset((earlier(name),))) if found is None else found

    def use(self, name: str) -> None:
        """Note that a function of this cell may run now: what its body does happens here, with all that it uses."""
        waiting, seen = [name], {name}
        while waiting:
            facts = self.functions[waiting.pop()]
            self.effects.reads |= facts.reads - self.module.sure
            self.effects.calls |= facts.calls
            for callee, tokens in facts.trusted.items():
                self.effects.trusted.setdefault(callee, set()).update(tokens - {ARGUMENT, RECEIVER})
            self.effects.reads_files |= facts.reads_files
            self.effects.writes_files |= facts.writes_files
            for changed in facts.mutates:
                self.change(self.module.env.get(changed) or Value(frozenset((earlier(changed),))))
            for bound in facts.binds:
                self.bind(bound, FRESH, scope=self.module, surely=False)
            more = [one for one in facts.reads if one in self.functions and one not in seen]
            seen.update(more)
            waiting += more
        self.used |= seen

    def bind(self, name: str, value: Value, *, scope: Scope | None = None, surely: bool = True) -> None:
        """Note that a name is bound to a value."""
        scope = scope or self.owner(name)
        if scope is self.module:
            self.effects.binds.add(name)
            if self.function_depth:
                self.effects.links |= {(earlier(name), token) for token in value.parts}
                return
            token = new(name)
            self.effects.links |= {(token, other) for other in value.parts if other != token}
            value = Value(value.own | {token}, value.held, value.copied)
        # A comprehension may run not once: what it binds outside is never sure.
        surely = surely and (scope is self.scope or self.scope.kind is not Kind.COMPREHENSION)
        if surely and self.branch_depth == 0:
            scope.env[name] = self.compact(value)
        else:
            before = scope.env.get(name)
            if before is None and scope is self.module:
                before = Value(frozenset((earlier(name),)))
            scope.env[name] = self.compact(either((value, before or FRESH)))
        if surely and name not in scope.sure:
            scope.sure.add(name)
            scope.trail.append(name)

    def unbind(self, name: str) -> None:
        """Note that a name is deleted."""
        scope = self.owner(name)
        if scope is self.module:
            self.effects.binds.add(name)
            self.deletes.add(name)
            if not self.function_depth:
                self.effects.binds.discard(name)
                self.bindings.pop(name, None)
        scope.sure.discard(name)

    def compact(self, value: Value) -> Value:
        """Return the value with one token for many: a name in a long chain of calls would else carry the whole chain."""
        if len(value.own) + len(value.held) + len(value.copied) <= _MANY:
            return value
        return Value(self._grouped(value.own), self._grouped(value.held), self._grouped(value.copied))

    def _grouped(self, tokens: frozenset[str]) -> frozenset[str]:
        if len(tokens) <= _MANY // 4:
            return tokens
        token = f"<{len(self.groups)}>"
        self.groups[token] = tokens
        return frozenset((token,))

    def expanded(self, tokens: Iterable[str]) -> set[str]:
        """Return the tokens with those that stand for many resolved."""
        found: set[str] = set()
        waiting = list(tokens)
        while waiting:
            token = waiting.pop()
            if token not in found:
                found.add(token)
                waiting += self.groups.get(token, ())
        return found - self.groups.keys()

    def expanded_links(self, links: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the links with groups resolved: each group is tied together through one of its members."""
        ends: dict[str, str] = {}
        found: set[tuple[str, str]] = set()
        for token, members in self.groups.items():  # a group's members are older than it
            resolved = sorted(ends.get(one, one) for one in members)
            ends[token] = resolved[0]
            found |= {(resolved[0], one) for one in resolved[1:]}
        return found | {(ends.get(first, first), ends.get(second, second)) for first, second in links}

    def change(self, value: Value) -> None:
        """Note that an object may be changed in place, with all that it holds."""
        self.effects.mutated |= value.parts

    def link(self, value: Value, others: Iterable[Value]) -> None:
        """Note that objects may share memory from now on."""
        tokens = [token for other in others for token in other.parts]
        if value.own and tokens:
            # Sharing is mutual and passes on, so tying all to one says as much as all pairs do.
            first = min(value.own)
            self.effects.links |= {(first, other) for other in (*value.own, *tokens) if other != first}

    def lend(self, callee: str, values: Iterable[Value]) -> None:
        """Note that objects were passed to a function of unknown manners."""
        self.effects.lent.setdefault(callee, set()).update(token for value in values for token in value.parts)

    def trust(self, callee: str, values: Iterable[Value]) -> None:
        """Note that objects were passed to a callee (`.method`, or a function) that is believed to change nothing, by its name."""
        for value in values:
            tokens = value.own or value.held
            if tokens:
                self.effects.trusted.setdefault(callee, set()).update(tokens)

    def branch(self, walk: Callable[[], object]) -> set[str] | None:
        """Read code that may not run; return what is sure at its end, None when its end is never reached."""
        scope = self.scope
        mark = len(scope.trail)
        was_reachable, self.is_reachable = self.is_reachable, True
        self.branch_depth += 1
        walk()
        self.branch_depth -= 1
        gained = scope.sure.intersection(scope.trail[mark:])
        del scope.trail[mark:]
        scope.sure -= gained
        is_reached, self.is_reachable = self.is_reachable, was_reachable
        return gained if is_reached else None

    def join(self, gains: Iterable[set[str] | None]) -> None:
        """Go on after branches of which one ran: what all that reach their end made sure is sure."""
        alive = [one for one in gains if one is not None]
        if not alive:
            self.is_reachable = False
            return
        common = set.intersection(*alive)
        self.scope.sure |= common
        self.scope.trail += sorted(common)

    @contextmanager
    def inside(self, scope: Scope) -> Iterator[Scope]:
        """Read what stands in an inner scope."""
        outer, self.scope = self.scope, scope
        try:
            yield scope
        finally:
            self.scope = outer

    @contextmanager
    def body(self, scope: Scope) -> Iterator[Effects]:
        """Read a function's body, which runs later: its effects are collected apart."""
        outer, self.effects = self.effects, Effects()
        depth, self.branch_depth = self.branch_depth, 0
        reachable, self.is_reachable = self.is_reachable, True
        self.function_depth += 1
        try:
            with self.inside(scope):
                yield self.effects
        finally:
            self.function_depth -= 1
            self.effects, self.branch_depth, self.is_reachable = outer, depth, reachable

    def absorb(self, facts: FunctionFacts) -> None:
        """Take over the effects of a function that may run at any time from here on."""
        if self.function_depth:
            self.effects.makes_functions = True
            self.effects.reads |= facts.reads
            self.effects.mutated |= facts.mutates
            self.effects.binds |= facts.binds
            self.effects.calls |= facts.calls
            self.effects.returned |= facts.shares
            self.effects.reads_files |= facts.reads_files
            self.effects.writes_files |= facts.writes_files
            for callee, tokens in facts.trusted.items():
                self.effects.trusted.setdefault(callee, set()).update(tokens)
            return
        self.functions[""] = facts
        self.use("")
        del self.functions[""]
        self.used.discard("")


def function_facts(walk: Walk, effects: Effects) -> FunctionFacts:
    """Return the facts of a body from its effects."""
    changed = walk.expanded(effects.mutated.union(*effects.lent.values()))
    mine = (ARGUMENT, RECEIVER)
    shares = _reached(walk.expanded_links(effects.links), mine) | walk.expanded(effects.returned)
    named = {token.removesuffix("()") for token in changed if token not in mine}
    return FunctionFacts(
        reads=frozenset(effects.reads),
        mutates=frozenset(named),
        binds=frozenset(effects.binds),
        calls=frozenset(effects.calls),
        shares=frozenset(token.removesuffix("()") for token in shares if token not in mine),
        changes_arguments=ARGUMENT in changed,
        makes_functions=effects.makes_functions,
        hands_out=not walk.expanded(effects.returned).isdisjoint(mine),
        changes_receiver=RECEIVER in changed,
        reads_files=frozenset(effects.reads_files),
        writes_files=frozenset(effects.writes_files),
        trusted={callee: frozenset(walk.expanded(tokens)) for callee, tokens in effects.trusted.items()},
    )


def _reached(links: Iterable[tuple[str, str]], start: Iterable[str]) -> set[str]:
    """Return the tokens that links tie to these, directly or through others."""
    ties: dict[str, list[str]] = {}
    for first, second in links:
        ties.setdefault(first, []).append(second)
        ties.setdefault(second, []).append(first)
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        token = waiting.pop()
        if token not in found:
            found.add(token)
            waiting += ties.get(token, ())
    return found
