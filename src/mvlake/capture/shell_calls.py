"""Shell calls: what IPython makes of magics and `!commands`: `get_ipython().run_line_magic("time", "…")` and its like."""

import ast
import re

from mvlake.capture.cell_facts import Binding, BindingKind
from mvlake.capture.names_in_strings import names_in_command, names_in_sql
from mvlake.capture.parsing import parsed
from mvlake.capture.purity import words
from mvlake.capture.scopes import Kind, Scope, names_bound_in
from mvlake.capture.statements import Statements
from mvlake.capture.values import FRESH, Value
from mvlake.capture.walk import function_facts
from mvlake.records.source import plain_python

OUR_MAGICS = frozenset(("mv", "track"))
_IN_PLACE = frozenset(("time", "prun", "capture", "track", "memit", "mprun", "lprun", "pyinstrument", "heat", "scalene"))
_APART = frozenset(("timeit",))  # runs its text inside a function: it binds nothing
_CONFIGURING = words("""
    load_ext reload_ext unload_ext matplotlib config autoreload env set_env cd autoawait precision pylab xmode gui colors
    alias alias_magic aimport pdb autocall automagic rehashx pushd popd
""")
_UNSEEN = frozenset(
    ("reset", "reset_selective", "rerun", "recall", "macro", "edit", "ed", "debug", "px", "autopx", "load_module", "cython")
)
_BINDING = frozenset(("run", "pylab", "store", "load", "cython", "loadpy", "dhist", "xdel"))
_INERT = words("""
    html HTML javascript js latex markdown svg SVG bash sh script cmd system sx perl ruby python python2 python3 pypy writefile file
    sql R ai cmd powershell
""")
# The options that take a value, which is no part of the code.
_OPTION = re.compile(r"\s*(?:--?[nrpslTDfmiac]\s+\S+|--\w[\w-]*(?:=\S+)?|-\w\S*)(?=\s|$)")
_PLAIN_OPTION = re.compile(r"\s*(?:-[qtcov]+|--\w[\w-]*)(?=\s|$)")
_MAX_NESTED = 12


class ShellCalls(Statements):
    """Reads calls of the shell's methods."""

    nested = 0

    def is_shell_call(self, node: ast.Call) -> bool:
        """True for `get_ipython().method(…)`."""
        function = node.func
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Call):
            return False
        inner = function.value.func
        return isinstance(inner, ast.Name) and inner.id == "get_ipython"

    def shell_call(self, node: ast.Call) -> Value:
        """Read the call of a method of the shell."""
        assert isinstance(node.func, ast.Attribute)
        method = node.func.attr
        texts = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
        self.values(node.args)
        self.values([one.value for one in node.keywords])
        if method in ("system", "getoutput", "getoutputs", "system_raw", "system_piped"):
            self._command(texts[0] or "" if texts else "")
        elif method == "run_line_magic" and len(texts) >= 2 and texts[0] is not None:
            self._line_magic(texts[0], texts[1] or "")
        elif method == "run_cell_magic" and len(texts) >= 3 and texts[0] is not None:
            self._cell_magic(texts[0], texts[1] or "", texts[2] or "")
        elif method in ("set_next_input", "show_usage", "getoutput", "display_formatter", "pinfo", "enable_gui"):
            pass
        else:
            self.is_dynamic = self.runs_unseen_code = True
        return FRESH

    def code(self, text: str) -> bool:
        """Read Python text that runs in place; False when it is none."""
        tree = parsed(text) or parsed(plain_python(text))
        if tree is None or self.nested >= _MAX_NESTED:
            return False
        self.nested += 1
        self.run(tree.body)
        self.nested -= 1
        return True

    def _code_apart(self, text: str) -> bool:
        tree = parsed(text) or parsed(plain_python(text))
        if tree is None or self.nested >= _MAX_NESTED:
            return False
        self.nested += 1
        names, declared = names_bound_in(tree.body)
        with self.body(Scope(Kind.FUNCTION, self.scope, names=names, declared=declared)) as effects:
            self.run(tree.body)
        self.absorb(function_facts(self, effects))
        self.nested -= 1
        return True

    def _command(self, text: str) -> None:
        self.texts.update(text.replace("=", " ").split())
        for name in sorted(names_in_command(text)):
            self.read(name)

    def _line_magic(self, name: str, line: str) -> None:
        if name in OUR_MAGICS:
            return
        if name in _IN_PLACE or name in _APART:
            text = without_options(line)
            understood = self._code_apart(text) if name in _APART else self.code(text)
            if not understood:
                self.is_dynamic = self.runs_unseen_code = True
            return
        self._command(line)
        if name in _CONFIGURING:
            self.configures = True
        if name in _UNSEEN or (name == "run" and re.search(r"(^|\s)-\w*i", line)):
            self.is_dynamic = self.runs_unseen_code = True
        elif name in _BINDING:
            self.is_dynamic = True

    def _cell_magic(self, name: str, line: str, body: str) -> None:
        if name in _INERT:
            self._command(line)
            if name == "sql":
                for table in sorted(names_in_sql(body)):
                    self.read(table)
            if name in ("writefile", "file"):
                self.configures = True  # it writes a file that a later cell may import or read
            for target in re.findall(r"--(?:out|err)[= ]\s*([A-Za-z_]\w*)", line):
                self.bind(target, FRESH)
                self.bindings[target] = Binding(BindingKind.OTHER)
            return
        if name in _APART:
            setup = without_options(line)
            understood = self._code_apart(f"{setup}\n{body}")
        else:
            if name not in _IN_PLACE:
                self.is_dynamic = self.runs_unseen_code = True
            understood = self.code(body)
        if not understood:
            self.is_dynamic = self.runs_unseen_code = True
        output = without_options(line).strip()
        if name == "capture" and output.isidentifier():
            self.bind(output, FRESH)
            self.bindings[output] = Binding(BindingKind.OTHER)


def without_options(line: str) -> str:
    """Return a magic's line without its leading options: `-n 10 -r3 f(x)` is `f(x)`."""
    while True:
        match = _PLAIN_OPTION.match(line) or _OPTION.match(line)
        if match is None:
            return line.strip()
        line = line[match.end() :]


def is_command_only(tree: ast.Module) -> bool:
    """True when every statement is a line of ours (`%mv …`, `%load_ext mvlake`): not code that a result depends on."""
    return bool(tree.body) and all(isinstance(one, ast.Expr) and _is_command(one.value) for one in tree.body)


def _is_command(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "run_line_magic":
        return False
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    if len(texts) < 2:
        return False
    return texts[0] in OUR_MAGICS or (texts[0] in ("load_ext", "reload_ext", "unload_ext") and str(texts[1]).strip() == "mvlake")
