"""Clock use: where the time of day goes into a result. To measure a duration, or to write the date on something, is no such use."""

import ast
import re
from collections.abc import Iterator, Sequence

from mvlake.capture.parsing import parsed
from mvlake.capture.purity import words
from mvlake.capture.situation import Situation
from mvlake.records.hint import Hint, HintCode
from mvlake.records.source import plain_python, without_directive

_TRIGGER = re.compile(r"""\b(?:now|utcnow|today|time|time_ns)\s*\(|["'](?:now|today)["']""")
_DATES = frozenset(("now", "utcnow", "today"))
_OWNERS = words("datetime date dt Timestamp pd pandas pendulum arrow timezone")
# What only writes a date in another way: it stays a date.
_PASSING = words("""
    replace astimezone normalize date time to_pydatetime to_datetime64 timestamp floor ceil round toordinal year month day hour
    minute weekday isoweekday dayofyear quarter week combine tz_localize tz_convert
""")
_WRAPPING = words("int float round str repr abs Timestamp to_datetime datetime64 timedelta Timedelta relativedelta DateOffset")
_SEEDING = re.compile(r"(?i)seed|random_state|rng")
_BOUNDS = words("start end start_date end_date since until from_date to_date as_of asof before after periods")
_STARTS = re.compile(r"(?i)(?:^|_)(?:t\d*|tic|toc|start\w*|began|begin\w*|before|last\w*|prev\w*|epoch|end\w*|stop\w*|deadline)$")
_SHOWN = 2


def time_dependent(situation: Situation) -> Hint | None:
    """Return a hint when the date or time at which a cell ran is compared or reckoned with other data, or seeds a generator."""
    texts = [without_directive(cell.source) for cell in situation.cells]
    if not any(_TRIGGER.search(text) for text in texts):
        return None
    found = list(uses_of_clocks(texts))
    if not found:
        return None
    shown = "; ".join(dict.fromkeys(said for _, said in found[:_SHOWN]))
    return Hint(HintCode.TIME_DEPENDENT, f"it depends on when it ran: {shown}", cells=tuple(sorted({place for place, _ in found})))


def uses_of_clocks(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the place of a cell, from 1, and the expression, of each use of the date or time as data."""
    clocks: set[str] = set()  # names that hold a date, in the order in which the cells ran
    for place, text in enumerate(texts, 1):
        if not _TRIGGER.search(text) and not any(name in text for name in clocks):
            continue
        tree = parsed(text) or parsed(plain_python(text))
        for node in ast.walk(tree) if tree is not None else ():
            yield from ((place, _shown(one)) for one in _used(node, clocks))
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                clocks.discard(name)
                if _is_date(node.value, clocks):
                    clocks.add(name)


def _used(node: ast.AST, clocks: set[str]) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        sides = [(_is_date(one, clocks), one) for one in (node.left, node.right)]
        if sides[0][0] != sides[1][0] and not any(_is_span(one) or _is_start(one) for is_date, one in sides if not is_date):
            yield node
    elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
        left, right = node.left, node.comparators[0]
        if _is_date(left, clocks) != _is_date(right, clocks) and not _is_start(right if _is_date(left, clocks) else left):
            yield node
    elif isinstance(node, ast.Call):
        callee = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
        if _SEEDING.search(callee) and any(_is_time(one, clocks) for one in node.args):
            yield node
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            is_seed = bool(_SEEDING.search(keyword.arg)) and _is_time(keyword.value, clocks)
            if is_seed or (keyword.arg in _BOUNDS and _is_date(keyword.value, clocks)):
                yield node


def _is_date(node: ast.expr, clocks: set[str]) -> bool:
    """True for today, now, a name that holds one of them, and a date a fixed span away."""
    while True:
        if isinstance(node, ast.Name):
            return node.id in clocks
        if isinstance(node, ast.Attribute) and node.attr in _PASSING:
            node = node.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_span(node.right):
            node = node.left
        elif isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in _DATES and _last(function.value) in _OWNERS:
                return True
            if isinstance(function, ast.Attribute) and function.attr in _PASSING:
                node = function.value
            elif _last(function) in ("Timestamp", "to_datetime", "datetime64") and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant):
                    return said.value in ("now", "today")
                node = said
            else:
                return False
        else:
            return False


def _is_time(node: ast.expr, clocks: set[str]) -> bool:
    """True for what the clock says, as a number too: `int(time.time())`."""
    for one in ast.walk(node):
        if isinstance(one, ast.expr) and _is_date(one, clocks):
            return True
        if isinstance(one, ast.Call) and ast.unparse(one.func) in ("time.time", "time.time_ns", "time"):
            return True
    return False


def _is_span(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and _last(node.func) in _WRAPPING)


def _is_start(node: ast.expr) -> bool:
    """True for a name that tells of a moment in the run itself, so that what is reckoned is a duration."""
    return bool(_STARTS.search(_last(node)))


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:59]}…"
