"""Calls: what calling a function or a method reads and changes, by what its name promises."""

import ast

from mvlake.capture.descriptions import dotted_name
from mvlake.capture.expressions import Expressions
from mvlake.capture.file_names import note_files
from mvlake.capture.literals import literal_of
from mvlake.capture.names_in_strings import names_in_query, names_in_sql
from mvlake.capture.purity import (
    HIGHER_ORDER,
    MODULE_NAMES,
    Manners,
    is_constructor,
    manners_of_function,
    manners_of_method,
    words,
)
from mvlake.capture.seeds import seeds_in
from mvlake.capture.values import ARGUMENT, FRESH, Value, container, either, result

# Methods that libraries promise to make something new of what they are given, and that people write themselves.
_ASKED = frozenset(("predict", "predict_proba", "transform", "inverse_transform", "decision_function", "score", "evaluate"))
_UNSEEN = frozenset(("exec", "eval", "globals", "locals", "execfile", "__import__"))
_CONFIGURING = words("""
    seed manual_seed manual_seed_all set_seed seed_everything set_random_seed set_option set_config set_theme
    set_style filterwarnings simplefilter basicConfig chdir set_printoptions set_default_dtype set_num_threads
    use_deterministic_algorithms set_verbosity set_loglevel reset_defaults set_palette set_context
""")
_STYLES = frozenset(
    ("plt.style.use", "matplotlib.use", "mpl.use", "matplotlib.style.use", "os.environ.update", "os.environ.setdefault")
)

# Objects inside modules that a program changes on purpose.
_STATE = frozenset(("path", "environ", "rcParams", "modules", "argv", "options", "conf"))


class Calls(Expressions):
    """Reads calls."""

    def call(self, node: ast.Call) -> Value:
        """Read a call; return what its result shares."""
        if self.is_shell_call(node):
            return self.shell_call(node)
        function = node.func
        self._note_keywords(node)
        self.seeds += seeds_in(node, self.imports, self.clocks)
        if isinstance(function, ast.Name):
            return self._function_call(node, function.id)
        if isinstance(function, ast.Attribute):
            return self._method_call(node, function)
        callee = self.value(function)
        given = self._arguments(node)
        self.change(either([callee, *given]))
        return Value(either([callee, *given]).parts)

    def is_shell_call(self, node: ast.Call) -> bool:
        """True for `get_ipython().method(…)`."""
        raise NotImplementedError

    def shell_call(self, node: ast.Call) -> Value:
        """Read a call of a method of the shell."""
        raise NotImplementedError

    def code(self, text: str) -> bool:
        """Read Python text that runs in place; False when it is none."""
        raise NotImplementedError

    def _arguments(self, node: ast.Call) -> list[Value]:
        found = [
            one.item() if isinstance(arg, ast.Starred) else one for arg, one in zip(node.args, self.values(node.args), strict=True)
        ]
        for keyword in node.keywords:
            one = self.value(keyword.value)
            found.append(one.item() if keyword.arg is None else one)
            if keyword.arg == "out":
                self.change(one)
        return found

    def _note_keywords(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            literal = literal_of(keyword.value)
            if literal is not None:
                self.keywords.setdefault(dotted_name(node.func), {})[keyword.arg] = literal[0]

    def _function_call(self, node: ast.Call, name: str) -> Value:
        callee = self.read(name)
        if self.owner(name) is not self.module:
            return self._unknown([callee, *self._arguments(node)])
        given = self._arguments(node)
        if name in self.functions and not self.function_depth:
            return self._own_function_call(name, given)
        if name not in self.effects.binds and name in _UNSEEN | {"vars", "dir"}:
            self._unseen(node, name)
            return FRESH
        if name in _CONFIGURING:
            self.configures = True
        if name in ("map", "filter") and node.args:
            return self._higher_order(node, given[1:])
        if name in ("setattr", "delattr", "next") and given:
            self.change(given[0])
            self.link(given[0], given[1:])
            return given[0].item()
        manners = manners_of_function(name)
        note_files(self, node, name)
        if manners is not Manners.UNKNOWN:
            self._keys(node, either(given))
            self.trust(name, given)
            return _shared(manners, given)
        self.effects.calls.add(name)
        known = self.functions.get(name)  # inside a function: it may be another one by then, but it hardly is
        if known is None and self.function_depth and is_constructor(name):
            self.trust(name, given)
        elif known is None:
            self.lend(name, given)
        elif known is not None and (known.changes_arguments or known.shares):
            self.change(either(given))
        inside = container(given)
        self._note_schedule(name, given)
        if is_constructor(name):
            return Value(frozenset((result(name),)), inside.held, inside.copied)
        return Value(inside.held | {result(name)}, copied=inside.copied)

    def _own_function_call(self, name: str, given: list[Value]) -> Value:
        facts = self.functions[name]
        self.effects.calls.add(name)
        if facts.changes_arguments:
            self.change(either(given))
        for callee, tokens in facts.trusted.items():
            if ARGUMENT in tokens:
                self.trust(callee, given)
        shared = either(self._shared_by(name))
        if facts.changes_arguments:
            self.link(Value(either(given).parts), [shared, *given])
        elif shared is not FRESH:
            for one in given:
                self.link(one, [shared])
        return Value(either(given).parts | shared.parts | {result(name)})

    def _shared_by(self, function: str) -> list[Value]:
        """Return what a function of this cell may hand out, also through other functions."""
        found: list[Value] = []
        waiting, seen = [function], {function}
        while waiting:
            for one in self.functions[waiting.pop()].shares - seen:
                seen.add(one)
                if one in self.functions:
                    waiting.append(one)
                else:
                    found.append(self.module.env.get(one) or Value(frozenset((one, result(one)))))
        return found

    def _method_call(self, node: ast.Call, function: ast.Attribute) -> Value:
        name = function.attr
        receiver = self.value(function.value)
        if self._is_module(function.value):
            receiver = FRESH
        given = self._arguments(node)
        self._names_in_text(node, name)
        if name in _CONFIGURING or dotted_name(function) in _STYLES:
            self.configures = True
        self._note_schedule(name, given)
        is_drawing = _draws_itself(node, function)
        if is_drawing or self._is_in_place(node):
            self.change(either(self.value(one.value) for one in node.keywords if one.arg == "ax") if is_drawing else receiver)
            return FRESH
        if name in HIGHER_ORDER:
            self.trust(f".{name}", [receiver, *given])
            shared = self._higher_order(node, [receiver])
            return shared if name == "pipe" else self._handed(name, shared.copy(), [receiver, *given])
        manners = manners_of_method(name)
        if name == "sort" and not node.args and receiver is not FRESH:
            manners = Manners.TRAINS
        elif name == "sort" or (is_constructor(name) and manners is Manners.UNKNOWN):
            manners = Manners.LOOKS if name == "sort" else Manners.GATHERS
        note_files(self, node, name)
        if name in self.changing_methods:
            manners = Manners.UNKNOWN  # a class of this cell has a method of that name, and it changes things
        if manners is Manners.UNKNOWN:
            if isinstance(function.value, ast.Name):
                self.effects.calls.add(function.value.id)
            return self._unknown([receiver, *given])
        if manners is Manners.TRAINS:
            self.change(receiver)
            return Value(receiver.parts)
        if manners is Manners.STORES:
            self._store(function.value, receiver, given)
            return receiver.item() if name == "setdefault" else FRESH
        self._keys(node, either([receiver, *given]))
        self.trust(f".{name}", [receiver, *given])
        return self._handed(name, _shared(manners, [receiver, *given]), [receiver, *given])

    def _handed(self, name: str, shared: Value, values: list[Value]) -> Value:
        """Return what a method hands out that by its name changes nothing; the notebook's own may hand out what it is given."""
        if name in self.handing_methods:
            return _shared(Manners.VIEWS, values)
        if name not in _ASKED or self.function_depth:
            return shared
        # Whose class that is, is known where the cells are followed.
        return Value(shared.own | {result(f".{name}")}, shared.held, shared.copied)

    def _note_schedule(self, name: str, given: list[Value]) -> None:
        if name.endswith(("LR", "Scheduler")):  # it sets the rates of its optimizer when it is made
            self.change(either(given))

    def _is_module(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute) and node.attr not in _STATE:
            node = node.value
        if not isinstance(node, ast.Name):
            return False
        name = node.id
        if name in self.modules:
            return True
        return name in MODULE_NAMES and name not in self.module.env and self.owner(name) is self.module

    def _is_in_place(self, node: ast.Call) -> bool:
        return any(
            one.arg in ("inplace", "in_place") and not (isinstance(one.value, ast.Constant) and one.value.value is False)
            for one in node.keywords
        )

    def _store(self, target: ast.expr, receiver: Value, given: list[Value]) -> None:
        self.effects.mutated |= receiver.own
        self.link(receiver, given)
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            self.hold(target.id, container(given))

    def _unknown(self, values: list[Value]) -> Value:
        everything = either(values)
        self.change(everything)
        self.link(Value(everything.parts), [everything])
        return Value(everything.parts, copied=everything.copied)

    def _higher_order(self, node: ast.Call, receivers: list[Value]) -> Value:
        """Read the call of a method that hands its receiver, or parts of it, to functions."""
        for argument in [*node.args, *(one.value for one in node.keywords)]:
            if isinstance(argument, ast.Lambda):
                if self.lambda_facts(argument).changes_arguments:
                    self.change(either(receivers))
            elif isinstance(argument, ast.Name) and self.owner(argument.id) is self.module:
                known = None if self.function_depth else self.functions.get(argument.id)
                if known is None:
                    self.lend(argument.id, receivers)
                elif known.changes_arguments:
                    self.change(either(receivers))
        return container(receivers)

    def _keys(self, node: ast.Call, values: Value) -> None:
        """Read what a key function does to the things that it is given."""
        for keyword in node.keywords:
            if isinstance(keyword.value, ast.Lambda) and self.lambda_facts(keyword.value).changes_arguments:
                self.change(values)

    def _names_in_text(self, node: ast.Call, method: str) -> None:
        if method not in ("query", "eval", "sql", "execute"):
            return
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        for text in texts:
            if method in ("query", "eval"):
                for name in sorted(names_in_query(text)):
                    self.read(name)
            if method in ("sql", "query", "execute"):
                for name in sorted(names_in_sql(text)):
                    self.read(name)

    def _unseen(self, node: ast.Call, name: str) -> None:
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if name in ("exec", "eval") and isinstance(text, str) and len(node.args) == 1 and self.code(text.strip()):
            return
        if name in ("vars", "dir") and node.args:
            return
        if name == "__import__" and isinstance(text, str):
            return
        self.is_dynamic = self.runs_unseen_code = True


def _draws_itself(node: ast.Call, function: ast.Attribute) -> bool:
    """True for `df.hist(bins=3)` and `df.plot.bar("a", "b")`: what axes draw is given to them, and they change."""
    is_accessor = isinstance(function.value, ast.Attribute) and function.value.attr == "plot"
    if not is_accessor and function.attr not in ("hist", "plot", "boxplot"):
        return False
    return all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.args) and not any(
        one.arg in (None, "x", "data") and not isinstance(one.value, ast.Constant) for one in node.keywords
    )


def _shared(manners: Manners, values: list[Value]) -> Value:
    if manners is Manners.LOOKS:
        return FRESH
    if manners is Manners.COPIES:
        return either(values).copy()
    if manners is Manners.GATHERS:
        return container([Value(one.own, one.held, one.copied) for one in values])
    if manners is Manners.VIEWS:
        return either([*values, *(one.item() for one in values)])
    return Value(either(values).parts)
