"""Noise: what a text says of the run that printed it, and not of what came out: passed over where two texts are compared.

Only known forms are. How long something took is noise where it is no longer than the run itself, a date where it lies within the
run (`clock`); a length of time that cannot be that of the run, and another day, are results and stay.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from mvlake.compare.clock import Run, is_reading, readings
from mvlake.compare.places import CELL_FILE, TEMPORARY

_LONGEST = 2000  # characters of a line in which forms are looked for that span it
_SLACK = 0.1  # seconds by which clocks within one run may disagree

PROGRESS, TIMINGS, READINGS = "progress bars", "how long it took", "what the clock said"
_UNITS = {"n": 1e-9, "u": 1e-6, "\u00b5": 1e-6, "\u03bc": 1e-6, "ms": 1e-3, "mi": 60.0, "s": 1.0, "h": 3600.0}

# What IPython's %%time, %time and %timeit print; IPython.core.magics.execution.
_WHOLE_LINE = re.compile(
    r"\s*(?:CPU times: .*|Wall time: .*|Compiler *: .*|[^±\n]+± [^±\n]+ per loop \(mean ± std\. dev\. of .+\))\s*"
)
# Lines that are there in some runs and not in others: %timeit's on its slowest loop, and LightGBM's on how it chose to count.
_COMES_AND_GOES = re.compile(
    r"\s*(?:The slowest run took .* times longer than the fastest\..*"
    r"|You can set `force_(?:row|col)_wise=true` to remove the overhead\."
    r"|And if memory is not enough, you can set `force_col_wise=true`\.)\s*"
)
_CHOICE = re.compile(r"(?<=Auto-choosing )(?:row|col)-wise(?= multi-threading)")
# tqdm's `[00:03<00:01, 12.3it/s]`, and the bar before it, whose length depends on that.
_BAR = re.compile(r"\|[█▏▎▍▌▋▊▉#\d ]*\| (?P<done>[\d.]+\w?/[\d.]+\w?) \[\d\d[\d:]*<[^\]\n]{0,80}\]")
_NUMBER = r"(?P<number>\d{1,12}(?:\.\d{1,20})?) ?(?P<unit>ns|[u\u00b5\u03bc]s|ms|s(?:ec(?:ond)?s?)?|min(?:ute)?s?|h(?:ours?)?)\b"
_CLOCKED = r"(?P<hours>\d{1,6}):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d{1,9})?)"
_TOOK = re.compile(
    r"(?:\b(?:took|elapsed|lasted|remaining|testing was|(?:done|finished|completed|trained|fitted|ran) in"
    r"|(?:wall|train(?:ing)?|fit(?:ting)?|run|total|test|prediction|execution|inference|elapsed) time)\b[ :=~|]{0,12})"
    rf"(?:{_CLOCKED}|{_NUMBER})",
    re.IGNORECASE,
)
# Keras's `0s 5ms/step`, and seconds that stand alone between the parts of a line: `epoch 3 - 0.05s - loss: 0.31`, `(1.2s)`.
_PER_STEP = re.compile(
    r"(?<![\w.])(?P<number>\d{1,12}(?:\.\d{1,20})?)(?P<unit>[u\u00b5\u03bcm]?s)"
    r"(?:/(?:step|epoch|it|iter|sample|batch)\b|(?= \d+[u\u00b5\u03bcm]?s/(?:step|epoch|it)))"
)
_BETWEEN = re.compile(
    r"(?:(?<=- )|(?<=\| )|(?<=, )|(?<=[(\[]))"
    r"(?P<number>\d{1,12}(?:\.\d{1,20})?)(?P<unit>[u\u00b5\u03bcm]?s)(?= *(?:[-)\]|,]|$))"
)


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of noise that its shape alone tells, and how it looks."""

    kind: str
    pattern: re.Pattern[str]


_FORMS = (
    Form("memory addresses", re.compile(r"(?<= at )0x[0-9a-fA-F]{6,16}\b")),
    Form("files of cells", CELL_FILE),
    Form("execution counts", re.compile(r"\b(?:In ?|Out)\[\d+\]")),
    Form("temporary names", TEMPORARY),
    Form("process numbers", re.compile(r"\bpid[=: ]{1,2}\d+\b")),
)


@dataclass(slots=True)
class Stilled:
    """A text with a mark in the place of each noise, and the noises by kind, in their order."""

    text: str
    noises: dict[str, list[str]] = field(default_factory=dict)

    def differs_in(self, other: "Stilled") -> tuple[str, ...]:
        """Return the kinds of noise that two texts differ in."""
        kinds = dict.fromkeys((*self.noises, *other.noises))
        return tuple(kind for kind in kinds if self.noises.get(kind) != other.noises.get(kind))


def stilled(text: str, run: Run) -> Stilled:
    """Return a text that a run printed, without its noise.

    >>> from datetime import datetime, UTC
    >>> run = Run(datetime(2026, 3, 3, 14, tzinfo=UTC), 2.0)
    >>> stilled("<Net at 0x7f12ab34cd56> took 1.5 s, half-life 1.5 s, took 90 s", run).text
    '<Net at …> took …, half-life 1.5 s, took 90 s'
    """
    noises: dict[str, list[str]] = {}

    def put_away(kind: str, pattern: re.Pattern[str], line: str, is_noise: Callable[[re.Match[str]], bool] = lambda _: True) -> str:
        def mark(match: re.Match[str]) -> str:
            if not is_noise(match):
                return match[0]
            noises.setdefault(kind, []).append(match[0])
            return _kept(match) + "…"

        return pattern.sub(mark, line)

    def took(match: re.Match[str]) -> bool:
        return _seconds(match) <= run.duration * 1.05 + _SLACK

    def lines() -> Iterator[str]:
        for whole in text.split("\n"):
            line = _overwritten(whole)
            if line != whole:
                noises.setdefault(PROGRESS, []).append(whole)
            if _COMES_AND_GOES.fullmatch(line[:_LONGEST]):
                noises.setdefault(TIMINGS, []).append(line)
                continue
            if _WHOLE_LINE.fullmatch(line[:_LONGEST]):
                noises.setdefault(TIMINGS, []).append(line)
                line = "…"
            line = put_away(PROGRESS, _BAR, line)
            line = put_away(TIMINGS, _CHOICE, line)
            line = put_away(TIMINGS, _TOOK, line, took)
            line = put_away(TIMINGS, _PER_STEP, line, took)
            line = put_away(TIMINGS, _BETWEEN, line, took)
            line = put_away(READINGS, readings(), line, lambda match: is_reading(match, run))
            for form in _FORMS:
                line = put_away(form.kind, form.pattern, line)
            yield line

    return Stilled("\n".join(lines()), noises)


def _kept(match: re.Match[str]) -> str:
    """Return what of a noise stays: the words before a number, how far a bar has come."""
    told = match.groupdict()
    if told.get("done"):
        return f"{told['done']} "
    start = next((match.start(name) for name in ("hours", "number") if told.get(name)), match.start())
    return match[0][: start - match.start()]


def _overwritten(line: str) -> str:
    """Return what is to be seen of a line that was written over again and again, as bars of progress are."""
    if "\r" not in line:
        return line
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")


def _seconds(match: re.Match[str]) -> float:
    found = match.groupdict()
    if found.get("hours"):
        return int(found["hours"]) * 3600.0 + int(found["minutes"]) * 60.0 + float(found["seconds"])
    unit = found["unit"].lower()
    return float(found["number"]) * (_UNITS.get(unit[:2]) or _UNITS[unit[:1]])
