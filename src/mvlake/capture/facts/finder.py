"""Finder: finds the sites of a cell in its tree."""

import ast
from collections.abc import Iterator, Sequence

from mvlake.capture.descriptions import dotted_name
from mvlake.capture.facts.selections import grouped, is_split, loop_selects, looped_over, part_of_split, selection, takes_rows
from mvlake.capture.facts.sites import Given, Site, Sites
from mvlake.capture.literals import literal_of
from mvlake.capture.metric_names import is_measuring
from mvlake.records.canonical import Json

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Loop = ast.For | ast.AsyncFor


class Finder:
    """Finds the sites of one cell."""

    def __init__(self) -> None:
        self._sites: list[Site] = []
        self._given: list[Given] = []
        self._origins: dict[str, tuple[str, ...]] = {}
        self._selected: dict[str, str] = {}
        self._splits: dict[str, str] = {}
        self._fits: dict[str, int] = {}
        self._loops: list[_Loop] = []

    def find(self, tree: ast.Module) -> Sites:
        """Return the sites of a cell's tree."""
        self._read(tree.body, "")
        return Sites(
            tuple(self._sites),
            tuple(self._given),
            tuple(self._origins.items()),
            tuple(self._selected.items()),
            tuple(self._splits.items()),
            tuple(self._fits.items()),
        )

    def _read(self, statements: Sequence[ast.stmt], owner: str) -> None:
        for node in statements:
            if isinstance(node, _Function):
                self._read(node.body, owner or node.name)
            elif isinstance(node, _Loop):
                if not owner:
                    for name in _stored(node.target):
                        self._origins[name] = looped_over(node.iter)
                self._loops.append(node)
                self._read([*node.body, *node.orelse], owner)
                self._loops.pop()
            elif any(True for _ in _blocks(node)):
                for block in _blocks(node):
                    self._read(block, owner)
            elif not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass | ast.Global):
                self._simple(node, owner)

    def _simple(self, node: ast.stmt, owner: str) -> None:
        inner = list(ast.walk(node))
        calls = [one for one in inner if isinstance(one, ast.Call)]
        takes_part = any(isinstance(one, ast.Subscript) for one in inner) or any(takes_rows(one) for one in calls)
        targets = tuple(_targets(node))
        value = getattr(node, "value", None)
        for call in calls:
            self._note_given(call, owner, targets)
        if owner:
            return
        for one in _comprehensions(node):
            for name in _stored(one.target):
                self._origins.setdefault(name, looped_over(one.iter))
        if value is not None:
            self._note_origins(node, value, targets, selected=selection(value) if takes_part else "")
        if calls:
            measuring = next((one for one in calls if is_measuring(dotted_name(one.func))), None)
            self._note_site(node, calls[0] if measuring is None else measuring, targets, is_measured=measuring is not None)
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in _FITTING:
                root = dotted_name(call.func).partition(".")[0]
                self._fits |= dict.fromkeys([root, *(name.partition(".")[0] for name in targets)], call.end_lineno or call.lineno)

    def _note_site(self, node: ast.stmt, call: ast.Call, targets: tuple[str, ...], *, is_measured: bool) -> None:
        given = [*call.args, *(one.value for one in call.keywords)]
        segments = [text for one in given if is_measured and (text := selection(one))]
        loops = tuple(name for loop in self._loops for name in _stored(loop.target))
        around = [*self._loops[::-1], *_comprehensions(node)]
        group = next((name for loop in around if loop_selects(loop) for name in _stored(loop.target)), "")
        frame = grouped(node)
        self._sites.append(
            Site(
                first=node.lineno,
                last=node.end_lineno or node.lineno,
                targets=targets,
                function=dotted_name(call.func) if is_measured else "",
                arguments=(*names_given(call), frame) if frame else names_given(call),
                segment=segments[0] if segments else "",
                loops=loops,
                group=group or frame,
            )
        )

    def _note_origins(self, node: ast.stmt, value: ast.expr, targets: tuple[str, ...], *, selected: str) -> None:
        names = looped_over(value)
        for name in targets:
            if "." not in name:
                self._origins[name] = names
                if selected:
                    self._selected[name] = selected
        if isinstance(node, ast.Assign) and is_split(value) and isinstance(node.targets[0], ast.Tuple):
            for position, one in enumerate(node.targets[0].elts):
                if isinstance(one, ast.Name):
                    self._splits[one.id] = part_of_split(position)

    def _note_given(self, call: ast.Call, owner: str, targets: tuple[str, ...]) -> None:
        literals: dict[str, Json] = {}
        named: list[str] = []
        for keyword in call.keywords:
            found = literal_of(keyword.value)
            if found is not None and keyword.arg is not None:
                literals[keyword.arg] = found[0]
            elif keyword.arg is not None:
                named.append(keyword.arg)
        for position, argument in enumerate(call.args):
            found = literal_of(argument) if isinstance(argument, ast.Dict) and argument.keys else None
            if found is not None:
                literals[f"{position + 1}"] = found[0]
        if literals or named:
            self._given.append(Given(dotted_name(call.func), owner, targets, tuple(literals.items()), tuple(named), call.lineno))


_FITTING = frozenset(("fit", "partial_fit", "fit_transform", "fit_predict", "fit_resample"))


def _comprehensions(node: ast.AST) -> list[ast.comprehension]:
    return [one for one in ast.walk(node) if isinstance(one, ast.comprehension)]


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the bodies of a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def _targets(node: ast.stmt) -> Iterator[str]:
    found = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    for target in found:
        if target is not None:
            yield from _stored(target)
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "extend", "update"):
        yield from _stored(call.func.value)  # `losses.append(…)`, `history["loss"].append(…)`


def _stored(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target binds, and `owner.key` where it stores under a text key."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _stored(one)
    elif isinstance(target, ast.Starred):
        yield from _stored(target.value)
    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        key = target.slice.value if isinstance(target.slice, ast.Constant) else None
        yield f"{target.value.id}.{key}" if isinstance(key, str) else target.value.id


def names_given(node: ast.expr) -> tuple[str, ...]:
    """Return the names in what a call is given, in the order in which they stand; those of any other expression."""
    given = [*node.args, *(one.value for one in node.keywords)] if isinstance(node, ast.Call) else [node]
    return tuple(dict.fromkeys(name for one in given for name in _names(one)))


def _names(node: ast.expr) -> Iterator[str]:
    """Yield the names in an argument, in the order in which they stand."""
    if isinstance(node, ast.Name):
        yield node.id
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _names(child)
