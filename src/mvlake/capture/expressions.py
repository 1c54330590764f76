"""Expressions: what evaluating one reads and binds, and what its value shares."""

import ast
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from mvlake.capture.cell_facts import FunctionFacts
from mvlake.capture.purity import ACCESSORS
from mvlake.capture.scopes import Kind, Scope, names_bound_in
from mvlake.capture.values import ARGUMENT, FRESH, Value, container, either, new
from mvlake.capture.walk import Walk, function_facts

_ARGUMENT = Value(frozenset((ARGUMENT,)))
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Expressions(Walk):
    """Reads expressions."""

    def value(self, node: ast.expr) -> Value:
        """Read an expression; return what its value shares."""
        read = self._readers.get(type(node))
        return self._rest(node) if read is None else read(self, node)

    def call(self, node: ast.Call) -> Value:
        """Read a call; return what its result shares."""
        raise NotImplementedError

    def values(self, nodes: Iterable[ast.expr | None]) -> list[Value]:
        """Read expressions in order; None stands for nothing."""
        return [self.value(node) for node in nodes if node is not None]

    def bind_target(self, target: ast.expr, value: Value) -> None:
        """Bind a target of an assignment, a loop or a `with`."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self.bind_target(one, value.item())
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, container([value]))
        else:
            self.store_into(target, value)

    def store_into(self, target: ast.expr, value: Value) -> None:
        """Read `owner.attribute = …` or `owner[key] = …`: the owner changes, and then holds the value."""
        if not isinstance(target, ast.Attribute | ast.Subscript):
            return
        owner = self.value(target.value)
        if isinstance(target, ast.Subscript):
            self.value(target.slice)
        elif isinstance(target.value, ast.Name):
            self.effects.patched |= {token for token in owner.own if not token.startswith("+")}
        # Storing changes the container itself, not what else it holds.
        self.effects.mutated |= owner.own
        self.link(owner, [value])
        root = target.value
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if isinstance(root, ast.Name) and value.parts | value.copied:
            self.hold(root.id, value)

    def hold(self, name: str, value: Value) -> None:
        """Note that the object of a name now holds a value too."""
        scope = self.owner(name)
        if scope is self.module and self.function_depth:
            return
        before = scope.env.get(name)
        if before is None:
            if scope is not self.module:
                return
            before = Value(frozenset((name,)))
        scope.env[name] = self.compact(either((before, Value(held=value.parts, copied=value.copied))))

    def function(self, arguments: ast.arguments, scope: Scope, read: Callable[[], object]) -> FunctionFacts:
        """Read a function's body; return what it does to globals whenever it runs."""
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        for one in every:
            scope.names.add(one.arg)
            scope.env.setdefault(one.arg, _ARGUMENT)
        with self.body(scope) as effects:
            read()
        return function_facts(self, effects)

    def _rest(self, node: ast.AST) -> Value:
        shared = [self.value(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
        # Operators give new objects, but [model] + [other] holds both.
        return container(shared).copy()

    def _name(self, node: ast.Name) -> Value:
        return self.read(node.id)

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, str):
            self.texts.add(node.value)
        return FRESH

    def _attribute(self, node: ast.Attribute) -> Value:
        owner = self.value(node.value)
        # What an accessor changes is the frame itself, and nothing inside of it.
        is_itself = not owner.held and node.attr in ACCESSORS
        return owner if is_itself else owner.item()

    def _subscript(self, node: ast.Subscript) -> Value:
        owner = self.value(node.value)
        self.value(node.slice)
        # A list or a mask as index makes a new frame or array; a plain index may be the very object.
        is_fancy = isinstance(node.slice, ast.List | ast.Compare | ast.ListComp) or (
            isinstance(node.slice, ast.BinOp) and isinstance(node.slice.op, ast.BitAnd | ast.BitOr)
        )
        is_fancy = is_fancy or (isinstance(node.slice, ast.UnaryOp) and isinstance(node.slice.op, ast.Invert))
        return owner.copy() if is_fancy else owner.item()

    def _display(self, node: ast.Tuple | ast.List | ast.Set) -> Value:
        items = zip(node.elts, self.values(node.elts), strict=True)
        return container([one.item() if isinstance(item, ast.Starred) else one for item, one in items])

    def _dict(self, node: ast.Dict) -> Value:
        keys = [FRESH if key is None else self.value(key) for key in node.keys]
        items = self.values(node.values)
        return container([*keys, *(one.item() if key is None else one for key, one in zip(node.keys, items, strict=True))])

    def _either(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        found: list[Value] = []
        chosen = self.branch(lambda: found.append(self.value(node.body)))
        self.join([chosen, self.branch(lambda: found.append(self.value(node.orelse)))])
        return either(found)

    def _boolean(self, node: ast.BoolOp) -> Value:
        found = [self.value(node.values[0])]
        self.branch(lambda: found.extend(self.values(node.values[1:])))
        return either(found)

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        scope = self.scope
        while scope.kind is Kind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        inner, self.scope = self.scope, scope
        try:
            owner = self.owner(node.target.id)
        finally:
            self.scope = inner
        self.bind(node.target.id, value, scope=owner)
        self.on_walrus(node)
        return value

    def on_walrus(self, node: ast.NamedExpr) -> None:
        """Describe the binding."""

    def _passed(self, node: ast.Await | ast.YieldFrom | ast.Starred) -> Value:
        return self.value(node.value)

    def _formatted(self, node: ast.FormattedValue) -> Value:
        self.values([node.value, node.format_spec])
        return FRESH

    def _yield(self, node: ast.Yield) -> Value:
        if node.value is not None:
            self.effects.returned |= self.value(node.value).parts
        return FRESH

    def _text(self, node: ast.JoinedStr) -> Value:
        self.values(node.values)
        return FRESH

    def _lambda(self, node: ast.Lambda) -> Value:
        self.values([*node.args.defaults, *node.args.kw_defaults])
        facts = self.lambda_facts(node)
        self.absorb(facts)
        if self.function_depth:
            return Value(facts.shares)
        # It may be stored and run later: it is a function of this cell without a name.
        token = f"<lambda {len(self.functions)}>"
        self.functions[token] = facts
        return Value(facts.shares | {new(token)})

    def lambda_facts(self, node: ast.Lambda) -> FunctionFacts:
        """Return what the body of a lambda does."""
        scope = Scope(Kind.FUNCTION, self.scope, names=names_bound_in([node.body])[0])

        def read() -> None:
            self.effects.returned |= self.value(node.body).parts

        return self.function(node.args, scope, read)

    def _comprehension(self, node: _Comprehension) -> Value:
        scope = Scope(Kind.COMPREHENSION, self.scope)
        found: list[Value] = []

        def read() -> None:
            for position, one in enumerate(node.generators):
                items = self.value(one.iter) if position else first
                for name in ast.walk(one.target):
                    if isinstance(name, ast.Name):
                        scope.names.add(name.id)
                self.bind_target(one.target, items.item())
                self.values(one.ifs)
            results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            found.extend(self.values(results))

        first = self.value(node.generators[0].iter)
        with self.inside(scope):
            read()
        return container(found)

    _readers: ClassVar[dict[type, Callable[[Any, Any], Value]]] = {
        ast.Name: _name,
        ast.Constant: _constant,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.Tuple: _display,
        ast.List: _display,
        ast.Set: _display,
        ast.Dict: _dict,
        ast.IfExp: _either,
        ast.BoolOp: _boolean,
        ast.NamedExpr: _walrus,
        ast.Await: _passed,
        ast.YieldFrom: _passed,
        ast.Starred: _passed,
        ast.FormattedValue: _formatted,
        ast.Yield: _yield,
        ast.JoinedStr: _text,
        ast.Lambda: _lambda,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.DictComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.Call: lambda walk, node: walk.call(node),
    }
