"""Statements: what running one reads, binds and changes."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from mvlake.capture.cell_facts import FunctionFacts
from mvlake.capture.describing import OTHER, Describing
from mvlake.capture.descriptions import dotted_name
from mvlake.capture.purity import words
from mvlake.capture.scopes import Kind, Scope, names_bound_in
from mvlake.capture.values import ARGUMENT, FRESH, RECEIVER, Value
from mvlake.capture.walk import function_facts

_SUPPRESSING = words("""
    suppress raises assertRaises assertRaisesRegex ExitStack AsyncExitStack
""")
# Decorators that keep the function for later. Any other may call it at once.
_KEEPING = words("""
    staticmethod classmethod property dataclass cache lru_cache cached_property wraps contextmanager total_ordering njit jit vmap
    no_grad inference_mode abstractmethod overload final override setter getter deleter singledispatch register fixture delayed
    vectorize guvectorize function compile memoize
""")


class Statements(Describing):
    """Reads statements."""

    def __init__(self) -> None:
        super().__init__()
        self._class_parts: list[FunctionFacts] = []

    def run(self, statements: Sequence[ast.stmt]) -> None:
        """Read statements in the order in which they run."""
        for node in statements:
            run = self._runners.get(type(node))
            if run is not None:
                run(self, node)

    def _expression(self, node: ast.Expr) -> None:
        self.value(node.value)
        self.touch_by_call(node.value, is_statement=True)

    def _assign(self, node: ast.Assign) -> None:
        self._note_function(node.targets, node.value)
        value = self.value(node.value)
        for target in node.targets:
            self.bind_target(target, value)
            self.describe(target, node.value)
            self._note_copy(target, node.value, value)
            if isinstance(target, ast.Attribute | ast.Subscript):
                self.touch(target, node)
        self.touch_by_call(node.value, is_statement=False)

    def _note_copy(self, target: ast.expr, node: ast.expr, value: Value) -> None:
        """Remember that a name holds a shallow copy: what lies inside of both is the same."""
        if isinstance(target, ast.Name) and not self.function_depth and self.scope is self.module and _is_shallow_copy(node):
            self.copies |= {(target.id, token) for token in self.expanded(value.copied)}

    def _annotated(self, node: ast.AnnAssign) -> None:
        if not self.function_depth:  # a function does not evaluate the annotations of its variables
            self.value(node.annotation)
        if node.value is not None:
            value = self.value(node.value)
            self._note_function([node.target], node.value)
            self.bind_target(node.target, value)
            self.describe(node.target, node.value)

    def _augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            before = self.read(target.id)
            value = self.value(node.value)
            self.effects.mutated |= before.own
            self.bind(target.id, Value(before.own, before.held | value.held, before.copied | value.copied | value.own))
        else:
            value = self.value(node.value)
            self.store_into(target, value.copy())
            self.touch(target, node)
        self.describe(target, node.value, is_augmented=isinstance(target, ast.Name))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for one in target.elts if isinstance(target, ast.Tuple | ast.List) else (target,):
                if isinstance(one, ast.Name):
                    self.read(one.id)
                    self.unbind(one.id)
                else:
                    self.store_into(one, FRESH)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        items = self.value(node.iter).item()

        def once() -> None:
            self.bind_target(node.target, items)
            self.describe_loop(node.target)
            self._repeated(node.body)

        self.branch(once)
        self.branch(lambda: self.run(node.orelse))

    def _while(self, node: ast.While) -> None:
        self.value(node.test)
        self.branch(lambda: self._repeated(node.body, node.test))
        self.branch(lambda: self.run(node.orelse))

    def _repeated(self, body: Sequence[ast.stmt], test: ast.expr | None = None) -> None:
        """Read a loop's body: what a name shares at its end, it shares in the next round's changes."""
        outer, self.effects.mutated = self.effects.mutated, set()  # what this loop alone changes: loops would else cost a square
        self.run(body)
        if test is not None:
            self.value(test)
        changed = self.effects.mutated
        if not self.function_depth:
            env = self.module.env
            for name in {token.removeprefix("+") for token in changed} & env.keys():
                changed |= env[name].own
        outer |= changed
        self.effects.mutated = outer

    def _if(self, node: ast.If) -> None:
        self.value(node.test)
        gains = [self.branch(lambda: self.run(node.body))]
        gains.append(self.branch(lambda: self.run(node.orelse)))
        self.join(gains)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        swallows = False
        for item in node.items:
            value = self.value(item.context_expr)
            self.change(value)
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars, value)
                self.describe_loop(item.optional_vars)
            swallows = swallows or dotted_name(item.context_expr).rpartition(".")[2] in _SUPPRESSING
        if swallows:
            self.branch(lambda: self.run(node.body))
        else:
            self.run(node.body)

    def _try(self, node: Any) -> None:
        tried = self.branch(lambda: self.run([*node.body, *node.orelse]))
        gains = [tried, *(self._handler(one) for one in node.handlers)]
        self.run(node.finalbody)  # it also runs when nothing before it did: before the branches are joined
        self.join(gains)

    def _handler(self, handler: ast.ExceptHandler) -> set[str] | None:
        def handle() -> None:
            if handler.type is not None:
                self.value(handler.type)
            if handler.name:
                self.bind(handler.name, FRESH)
            self.run(handler.body)
            if handler.name:
                self.owner(handler.name).sure.discard(handler.name)  # Python deletes it at the end of the handler

        return self.branch(handle)

    def _match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)
        gains: list[set[str] | None] = []
        for case in node.cases:

            def one(case: ast.match_case = case) -> None:
                self._pattern(case.pattern, subject)
                if case.guard is not None:
                    self.value(case.guard)
                self.run(case.body)

            gains.append(self.branch(one))
        last = node.cases[-1]
        is_complete = last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        self.join(gains if is_complete else [*gains, set()])

    def _pattern(self, pattern: ast.pattern, subject: Value) -> None:
        for one in ast.walk(pattern):
            if isinstance(one, ast.MatchValue):
                self.value(one.value)
            elif isinstance(one, ast.MatchClass):
                self.value(one.cls)
            elif isinstance(one, ast.MatchMapping):
                self.values(one.keys)
            name = getattr(one, "rest", None) if isinstance(one, ast.MatchMapping) else getattr(one, "name", None)
            if isinstance(name, str):
                self.bind(name, Value(subject.item().own | subject.own))
                self.describe_loop(ast.Name(name, ast.Store()))

    def _leave(self, node: Any) -> None:
        value = getattr(node, "value", None) or getattr(node, "exc", None)
        if value is not None:
            found = self.value(value)
            self.effects.returned |= found.parts
        cause = getattr(node, "cause", None)
        if cause is not None:
            self.value(cause)
        self.is_reachable = False

    def _assert(self, node: ast.Assert) -> None:
        self.value(node.test)
        self.branch(lambda: self.values([node.msg]))

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        base = "." * getattr(node, "level", 0) + (getattr(node, "module", None) or "")
        for one in node.names:
            if one.name == "*":
                self.has_star_import = self.is_dynamic = True
                continue
            name = one.asname or (one.name if isinstance(node, ast.ImportFrom) else one.name.partition(".")[0])
            self.bind(name, FRESH)
            if isinstance(node, ast.ImportFrom):
                module = f"{base}.{one.name}" if base and not base.endswith(".") else base + one.name
            else:
                module = one.name if one.asname else name
            if self.scope is self.module:
                self.imports[name] = module
                self.functions.pop(name, None)
                if isinstance(node, ast.Import):
                    self.modules.add(name)
                self.bindings[name] = OTHER
            if module == "__main__":
                self.is_dynamic = self.runs_unseen_code = True

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = self.values(node.decorator_list)
        self.values([*node.args.defaults, *node.args.kw_defaults])
        facts = self._body_facts(node)
        self._define(node.name, facts, node, decorators)

    def _body_facts(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> FunctionFacts:
        names, declared = names_bound_in(node.body)
        scope = Scope(Kind.FUNCTION, self.scope, names=names, declared=declared)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        annotations = [one.annotation for one in arguments if one.annotation is not None]
        self.values([*annotations, node.returns])
        is_method = self.scope.kind is Kind.CLASS and arguments and not _is_static(node)
        if is_method:
            scope.env[arguments[0].arg] = Value(frozenset((RECEIVER,)))
        facts = self.function(node.args, scope, lambda: self.run(node.body))
        yields = any(isinstance(one, ast.Yield | ast.YieldFrom) for part in node.body for one in ast.walk(part))
        return replace(facts, is_generator=yields)

    def _define(self, name: str, facts: FunctionFacts, node: Any, decorators: Sequence[Value]) -> None:
        self.bind(name, Value(frozenset(facts.shares)) if self.function_depth else FRESH)
        if self.scope is not self.module:
            # Inside a function or class: whoever runs the outer body may run this one.
            if self.function_depth:
                self.absorb(facts)
            else:
                changing = frozenset((name,)) if facts.changes_something else frozenset()
                handing = frozenset((name,)) if facts.hands_out else frozenset()
                self._class_parts.append(replace(facts, changing=changing, handing=handing))
            return
        if self.branch_depth and name in self.functions:
            facts = _both(facts, self.functions[name])
        self.functions[name] = facts
        self.changing_methods |= facts.changing
        self.handing_methods |= facts.handing
        self.bindings[name] = OTHER
        self.imports.pop(name, None)
        if any(dotted_name(one).rpartition(".")[2] not in _KEEPING for one in node.decorator_list):
            self.use(name)
            for one in decorators:
                self.change(one)

    def _class(self, node: ast.ClassDef) -> None:
        decorators = self.values(node.decorator_list)
        bases = [*node.bases, *(one.value for one in node.keywords)]
        self.values(bases)
        names, declared = names_bound_in(node.body)
        outer, self._class_parts = self._class_parts, []
        with self.inside(Scope(Kind.CLASS, self.scope, names=names, declared=declared)) as scope:
            self.run(node.body)
        parts, self._class_parts = self._class_parts, outer
        mothers = frozenset(one.id for one in bases if isinstance(one, ast.Name) and self.owner(one.id) is self.module)
        kept = {token.removeprefix("+") for value in scope.env.values() for token in value.parts}
        facts = FunctionFacts(reads=mothers, shares=frozenset(kept - {ARGUMENT, RECEIVER}), makes_functions=True)
        for one in parts:
            facts = _both(facts, one)
        self._define(node.name, facts, node, decorators)

    def _note_function(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        """Remember what `name = lambda …` and `name = (… for …)` do when they run later."""
        if self.scope is not self.module or self.function_depth:
            return
        names = [one.id for one in targets if isinstance(one, ast.Name)]
        if isinstance(value, ast.Lambda):
            facts = self.lambda_facts(value)
        elif isinstance(value, ast.GeneratorExp):
            with self.body(Scope(Kind.FUNCTION, self.scope)) as effects:
                self.value(value)
            facts = function_facts(self, effects)
        elif isinstance(value, ast.Name) and value.id in self.functions:
            facts = self.functions[value.id]
        else:
            for name in names:
                self.functions.pop(name, None)
            return
        for name in names:
            self.functions[name] = facts

    def _global(self, node: ast.Global) -> None:
        if self.scope is not self.module:
            self.scope.declared |= set(node.names)

    def _alias(self, node: Any) -> None:
        self.bind(node.name.id, FRESH)
        self.describe(node.name, None)
        for one in ast.walk(node.value):
            if isinstance(one, ast.Name):
                self.read(one.id)

    _runners: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        ast.Expr: _expression,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Delete: _delete,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: _while,
        ast.If: _if,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.Match: _match,
        ast.Return: _leave,
        ast.Raise: _leave,
        ast.Break: _leave,
        ast.Continue: _leave,
        ast.Assert: _assert,
        ast.Import: _import,
        ast.ImportFrom: _import,
        ast.FunctionDef: _definition,
        ast.AsyncFunctionDef: _definition,
        ast.ClassDef: _class,
        ast.Global: _global,
    }
    if hasattr(ast, "TypeAlias"):  # Python 3.12
        _runners[ast.TypeAlias] = _alias


def _is_shallow_copy(node: ast.expr) -> bool:
    """True for `a.copy()`, `copy.copy(a)`, `a | b` and `a + b`."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr | ast.Add)
    return isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] == "copy"


def _is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)


def _both(a: FunctionFacts, b: FunctionFacts) -> FunctionFacts:
    return FunctionFacts(
        reads=a.reads | b.reads,
        mutates=a.mutates | b.mutates,
        binds=a.binds | b.binds,
        calls=a.calls | b.calls,
        shares=a.shares | b.shares,
        changes_arguments=a.changes_arguments or b.changes_arguments,
        makes_functions=a.makes_functions or b.makes_functions,
        is_generator=a.is_generator or b.is_generator,
        trusted={key: a.trusted.get(key, frozenset()) | b.trusted.get(key, frozenset()) for key in {*a.trusted, *b.trusted}},
        changing=a.changing | b.changing,
        hands_out=a.hands_out or b.hands_out,
        handing=a.handing | b.handing,
        reads_files=a.reads_files | b.reads_files,
        writes_files=a.writes_files | b.writes_files,
    )
