"""Clocks: expressions that depend on when the cell ran. A duration is no metric of a model."""

import ast
from collections.abc import Container

from mvlake.capture.purity import words

_READINGS = words("""
    time perf_counter monotonic process_time thread_time default_timer now utcnow today time_ns perf_counter_ns monotonic_ns
    process_time_ns thread_time_ns clock timeit repeat ctime localtime gmtime elapsed_time
""")
_WRAPPERS = words("""
    float int round abs max min sum divmod str timedelta Timestamp to_datetime
""")


def is_clock(node: ast.expr, clocks: Container[str]) -> bool:
    """True for a clock reading, or arithmetic on one: `clocks` are names already known to hold such."""
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, ast.Name):
            if one.id in clocks:
                return True
        elif isinstance(one, ast.BinOp):
            stack += (one.left, one.right)
        elif isinstance(one, ast.UnaryOp):
            stack.append(one.operand)
        elif isinstance(one, ast.NamedExpr | ast.Attribute | ast.Subscript | ast.Starred):
            stack.append(one.value)
        elif isinstance(one, ast.Tuple | ast.List):
            stack += one.elts
        elif isinstance(one, ast.Call):
            if _reads_clock(one.func):
                return True
            stack += _passed_on(one)
    return False


def _reads_clock(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        # `time.time()` and `datetime.datetime.now()`, not `run.time()` of a model nor `np.repeat(a, 2)`.
        root = function.value
        base = root.id if isinstance(root, ast.Name) else root.attr if isinstance(root, ast.Attribute) else ""
        if function.attr in ("time", "repeat", "timeit", "clock"):
            return base in ("time", "timeit", "_time")
        return function.attr in _READINGS
    return isinstance(function, ast.Name) and function.id in _READINGS - {"repeat", "now", "today"}


def _passed_on(call: ast.Call) -> list[ast.expr]:
    if isinstance(call.func, ast.Attribute):
        return [call.func.value]  # (end - start).total_seconds()
    if isinstance(call.func, ast.Name) and call.func.id in _WRAPPERS:
        return list(call.args)
    return []
