"""Reports: the text that scikit-learn's `classification_report` makes, read back into its numbers."""

import re
from collections.abc import Iterator

from mvlake.capture.facts.measured import Measured, number
from mvlake.records.facts import MetricSource

REPORT = "classification_report"
_HEAD = re.compile(r"^ *precision +recall +f1-score +support$")
_ROW = re.compile(r"^ *(\S.*?) +(\d\.\d+) +(\d\.\d+) +(\d\.\d+) +(?:\d+)$")
_ACCURACY = re.compile(r"^ *accuracy +(\d\.\d+) +\d+$")
_COLUMNS = ("precision", "recall", "f1-score")
_AVERAGES = frozenset(("micro avg", "macro avg", "weighted avg", "samples avg"))
_MOST_ROWS = 30
_LONGEST = 200_000


def measured_in_report(name: str, text: str, function: str, source: MetricSource) -> Iterator[Measured]:
    """Yield the numbers of the last report in a text, named as its dictionary names them: `name.0.precision`.

    Of very many classes the averages alone; what a row counts (`support`) measures nothing.
    """
    rows = list(_rows(text[-_LONGEST:]))
    is_long = len(rows) > _MOST_ROWS
    for label, values in rows:
        if is_long and label not in _AVERAGES and label != "accuracy":
            continue
        if label == "accuracy":
            yield number(f"{name}.accuracy", values[0], source, function)
        else:
            for column, value in zip(_COLUMNS, values, strict=True):
                yield number(f"{name}.{label}.{column}", value, source, function)


def _rows(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    lines = text.split("\n")
    heads = [place for place, line in enumerate(lines) if _HEAD.match(line)]
    label = ""
    for line in lines[heads[-1] + 1 :] if heads else ():
        if not line.strip() and label not in _AVERAGES:
            continue  # before the accuracy, or the averages
        accuracy, row = _ACCURACY.match(line), _ROW.match(line)
        if accuracy is not None:
            yield "accuracy", (float(accuracy[1]),)
        elif row is not None:
            label = row[1]
            yield label, tuple(float(one) for one in row.groups()[1:])
        else:
            return
