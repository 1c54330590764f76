"""Printed: numbers that a cell only printed, found again in its output by the text of the `print` that stands in the cell."""

import ast
import re
from collections.abc import Iterator, Mapping

from mvlake.capture.descriptions import dotted_name
from mvlake.capture.facts.finder import names_given
from mvlake.capture.facts.lineage import Lineage
from mvlake.capture.facts.measured import Measured, number
from mvlake.capture.facts.observations import held_out
from mvlake.capture.facts.reports import REPORT, measured_in_report
from mvlake.capture.metric_names import is_cross_validating, is_measuring, says_no_measure
from mvlake.capture.parsing import parsed
from mvlake.records.facts import MetricSource

_NUMBER = r"([-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)"
_LABEL = re.compile(r"([A-Za-z][\w @/-]{0,40}?)\s*[:=]\s*$")
_MOST = 20
_LONGEST = 200_000
_LONGEST_LINE = 500
_MOST_GAPS = 6


def measured_in_print(source: str, streams: Mapping[str, str], known: set[str], lineage: Lineage) -> Iterator[Measured]:
    """Yield results of measuring functions, and measures that objects have, that stand in a `print`, as far as the output has them.

    `known` are names of metrics and functions of which more than this is known.
    """
    text = "\n".join(one for one in streams.get("stdout", "")[-_LONGEST:].split("\n") if len(one) <= _LONGEST_LINE)
    tree = parsed(source) if text and "print" in source else None
    if tree is None:
        return
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and dotted_name(one.func) == "print"]
    told = set(known)
    for call in calls[:_MOST]:
        for one in _of_print(call, text, told, lineage):
            told |= {one.name, one.metric.function.rpartition(".")[2]}
            yield one


def _of_print(call: ast.Call, text: str, known: set[str], lineage: Lineage) -> Iterator[Measured]:
    first = call.args[0] if len(call.args) == 1 else None
    if isinstance(first, ast.Call) and dotted_name(first.func).rpartition(".")[2] == REPORT:
        if REPORT not in known:
            dataset = lineage.dataset(names_given(first))
            for one in measured_in_report(REPORT, text, dotted_name(first.func), MetricSource.PRINTED):
                if not (one.name == f"{REPORT}.accuracy" and known & {"accuracy_score", "accuracy"}):
                    yield one.of(dataset)
        return
    pattern, names = _pattern(call)
    if not names or pattern.count(".*?") > _MOST_GAPS:
        return
    matches = list(re.finditer(pattern, text))
    for position, (measuring, function, label) in enumerate(names, 1) if matches else ():
        name = _named(label) or function.rpartition(".")[2]
        if function and function.rpartition(".")[2] not in known and name not in known and not says_no_measure(name):
            found = number(name, float(matches[-1][position].replace(",", "")), MetricSource.PRINTED, function)
            yield found.of(held_out("") if is_cross_validating(function) else lineage.dataset(names_given(measuring)))


def _pattern(call: ast.Call) -> tuple[str, list[tuple[ast.expr, str, str]]]:
    """Return what the output of a `print` looks like, and of each number in it what measured it, its name, the text before it."""
    pattern, names = "", list[tuple[ast.expr, str, str]]()
    for position, argument in enumerate(call.args):
        pattern += r"\s" if position else ""
        before = "" if position == 0 else _text_of(call.args[position - 1])
        for part in argument.values if isinstance(argument, ast.JoinedStr) else [argument]:
            if isinstance(part, ast.Constant):
                before = str(part.value)
                pattern += re.escape(before)
                continue
            value = part.value if isinstance(part, ast.FormattedValue) else part
            measuring = next(_measuring(value), None)
            pattern += r".*?" if measuring is None else r"\s*" + _NUMBER
            if measuring is not None:
                names.append((*measuring, before))
            before = ""
    return pattern, names


def _measuring(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Yield the calls in an expression that measure, and then what it asks an object for: `fitted.rsquared`."""
    inner = list(ast.walk(node))
    for one in inner:
        if isinstance(one, ast.Call) and is_measuring(dotted_name(one.func)):
            yield one, dotted_name(one.func)
    for one in inner:
        if isinstance(one, ast.Attribute) and is_measuring(one.attr):
            yield one, dotted_name(one)


def _text_of(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _named(label: str) -> str:
    found = _LABEL.search(label)
    return re.sub(r"[^\w@]+", "_", found[1].strip()) if found else ""
