"""Describing: remembers how the names of a cell got their values."""

import ast

from mvlake.capture.calls import Calls
from mvlake.capture.cell_facts import Binding, BindingKind
from mvlake.capture.clocks import is_clock
from mvlake.capture.descriptions import described

OTHER = Binding(BindingKind.OTHER)


class Describing(Calls):
    """Describes bindings at the top level of a cell."""

    def describe(self, target: ast.expr, value: ast.expr | None, *, is_augmented: bool = False) -> None:
        """Remember how the names of a target got their value, where that is at the top level of the cell."""
        if self.function_depth or self.scope is not self.module:
            return
        if isinstance(target, ast.Tuple | ast.List):
            self._describe_items(target, value)
            return
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Subscript):
            self._describe_item(target, value)
        if not isinstance(target, ast.Name):
            return
        name = target.id
        timed = value is not None and is_clock(value, self.clocks)
        if timed or (is_augmented and name in self.clocks):
            self.clocks.add(name)
        else:
            self.clocks.discard(name)
        if value is None:
            self.bindings[name] = OTHER
        elif is_augmented:
            self.bindings[name] = Binding(BindingKind.COMPUTED)
        else:
            self.bindings[name] = described(value)

    def _describe_items(self, target: ast.Tuple | ast.List, value: ast.expr | None) -> None:
        pairs = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        if pairs and not any(isinstance(one, ast.Starred) for one in [*target.elts, *value.elts]):  # type: ignore[union-attr]
            for one, item in zip(target.elts, value.elts, strict=True):  # type: ignore[union-attr]
                self.describe(one, item)
            return
        for one in target.elts:
            self.describe(one, value)
            name = one.id if isinstance(one, ast.Name) else ""
            if name in self.bindings and self.bindings[name].kind is BindingKind.LITERAL:
                # The parts of a literal that is no tuple of the same length: `a, b = "xy"`.
                self.bindings[name] = Binding(BindingKind.COMPUTED)

    def _describe_item(self, target: ast.Subscript, value: ast.expr | None) -> None:
        key = target.slice
        if (
            value is None
            or not isinstance(target.value, ast.Name)
            or not isinstance(key, ast.Constant)
            or not isinstance(key.value, str)
        ):
            return
        place = (target.value.id, key.value)
        if is_clock(value, self.clocks):
            self.items.pop(place, None)
        else:
            self.items[place] = described(value)

    def on_walrus(self, node: ast.NamedExpr) -> None:
        """Describe the binding."""
        self.describe(node.target, node.value)

    def describe_loop(self, target: ast.expr) -> None:
        """Remember that a loop counts with these names."""
        for one in ast.walk(target):
            if isinstance(one, ast.Name):
                self.describe(one, None)
