"""Printed: numbers that a cell only printed, found again in its output by the text of the `print` that stands in the cell."""

import ast
import re
from collections.abc import Iterator, Mapping

from mvlake.capture.descriptions import dotted_name
from mvlake.capture.facts.measured import Measured, number
from mvlake.capture.metric_names import is_measuring, says_no_measure
from mvlake.capture.parsing import parsed
from mvlake.records.facts import MetricSource

_NUMBER = r"([-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)"
_REPORT = re.compile(r"^\s*accuracy\s+(\d\.\d+)\s+\d+\s*$", re.MULTILINE)
_LABEL = re.compile(r"([A-Za-z][\w @/-]{0,40}?)\s*[:=]\s*$")
_MOST = 20
_LONGEST = 200_000
_LONGEST_LINE = 500
_MOST_GAPS = 6


def measured_in_print(source: str, streams: Mapping[str, str], known: set[str]) -> Iterator[Measured]:
    """Yield the results of measuring functions that stand in a `print`, as far as the output has them.

    `known` are names of metrics and functions of which more than this is known.
    """
    text = "\n".join(one for one in streams.get("stdout", "")[-_LONGEST:].split("\n") if len(one) <= _LONGEST_LINE)
    tree = parsed(source) if text and "print" in source else None
    if tree is None:
        return
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and dotted_name(one.func) == "print"]
    told = set(known)
    for call in calls[:_MOST]:
        for one in _of_print(call, text, told):
            told |= {one.name, one.metric.function.rpartition(".")[2]}
            yield one


def _of_print(call: ast.Call, text: str, known: set[str]) -> Iterator[Measured]:
    first = call.args[0] if len(call.args) == 1 else None
    if isinstance(first, ast.Call) and dotted_name(first.func).rpartition(".")[2] == "classification_report":
        found = _REPORT.findall(text)
        if found and not known & {"accuracy_score", "accuracy"}:
            yield number("accuracy", float(found[-1]), MetricSource.PRINTED, dotted_name(first.func))
        return
    pattern, names = _pattern(call)
    if not names or pattern.count(".*?") > _MOST_GAPS:
        return
    matches = list(re.finditer(pattern, text))
    for position, (function, label) in enumerate(names, 1) if matches else ():
        name = _named(label) or function.rpartition(".")[2]
        if function and function.rpartition(".")[2] not in known and name not in known and not says_no_measure(name):
            yield number(name, float(matches[-1][position].replace(",", "")), MetricSource.PRINTED, function)


def _pattern(call: ast.Call) -> tuple[str, list[tuple[str, str]]]:
    """Return what the output of a `print` looks like, and for each number in it who measured it and the text before it."""
    pattern, names = "", list[tuple[str, str]]()
    for position, argument in enumerate(call.args):
        pattern += r"\s" if position else ""
        before = "" if position == 0 else _text_of(call.args[position - 1])
        for part in argument.values if isinstance(argument, ast.JoinedStr) else [argument]:
            if isinstance(part, ast.Constant):
                before = str(part.value)
                pattern += re.escape(before)
                continue
            value = part.value if isinstance(part, ast.FormattedValue) else part
            called = (dotted_name(one.func) for one in ast.walk(value) if isinstance(one, ast.Call))
            measuring = next((one for one in called if is_measuring(one)), "")
            pattern += r"\s*" + _NUMBER if measuring else r".*?"
            if measuring:
                names.append((measuring, before))
            before = ""
    return pattern, names


def _text_of(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _named(label: str) -> str:
    found = _LABEL.search(label)
    return re.sub(r"[^\w@]+", "_", found[1].strip()) if found else ""
