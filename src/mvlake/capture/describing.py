"""Describing: remembers how the names of a cell got their values."""

import ast
from dataclasses import replace

from mvlake.capture.calls import Calls
from mvlake.capture.cell_facts import Binding, BindingKind
from mvlake.capture.clocks import is_clock
from mvlake.capture.descriptions import described, dotted_name, names_in
from mvlake.capture.purity import Manners, manners_of_method

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
            found = Binding(BindingKind.OTHER, sources=self._names_so_far())
        elif is_augmented:
            before = self.bindings.get(name, OTHER).sources
            found = Binding(BindingKind.COMPUTED, sources=before | names_in(value) | {name})
        else:
            found = described(value)
        if self.branch_depth:
            found = replace(found, sources=found.sources | self._names_so_far())
        self.bindings[name] = found

    def _names_so_far(self) -> frozenset[str]:
        return frozenset(self.effects.reads | self.bindings.keys())

    def touch(self, node: ast.expr, others: ast.AST) -> None:
        """Remember what an object is changed with, where a statement is there to change it."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name) and not self.function_depth and self.scope is self.module:
            names = names_in(others) | (self._names_so_far() if self.branch_depth else frozenset())
            self.touched.setdefault(node.id, set()).update(names)

    def touch_by_call(self, node: ast.expr, *, is_statement: bool) -> None:
        """Remember the same of a call: of a method that trains or stores, of any unknown one whose result nobody keeps."""
        if isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call):
            return
        if isinstance(node.func, ast.Attribute):
            manners = manners_of_method(node.func.attr)
            if manners in (Manners.TRAINS, Manners.STORES) or (is_statement and manners is Manners.UNKNOWN):
                self.touch(node.func, node)
        is_unknown = manners_of_method(dotted_name(node.func).rpartition(".")[2]) is Manners.UNKNOWN
        if is_statement and is_unknown:
            for given in [*node.args, *(one.value for one in node.keywords)]:
                self.touch(given, node)

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
