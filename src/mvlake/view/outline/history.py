"""The outline of `log`: a line for each version, newest first."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mvlake.compare.says_again import says_again
from mvlake.records.answers import Entry, History
from mvlake.records.events import Attempt
from mvlake.records.facts import Param
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Paragraph, Section, Span, When, Words, bad, code, joined, muted, strong
from mvlake.view.outline.history_graph import courses, drawn
from mvlake.view.outline.wording import head, metric_text, telling_metrics, verdict_words
from mvlake.view.quantities import TIMES, plural
from mvlake.view.value_change import change_words
from mvlake.view.values import value_text

_ENTRIES = 200
_METRICS = 3
_CONSIDERED = 20
_PARAMS = 2
_ATTEMPTS = 5
_VALUE = 24


def history(answer: History) -> Sequence[Block]:
    """Return the outline of a history."""
    if not answer.entries and not answer.attempts:
        return (Paragraph((muted("no versions yet: put %%track NAME on top of a cell"),)),)
    by_ref = {entry.ref: entry.version for entry in answer.entries}
    entries, more = head(answer.entries, _ENTRIES)
    metrics = _metric_names(entries)
    rows = tuple(_row(entry, by_ref, metrics) for entry in entries)
    values = [Column(name, is_number=True) for name in metrics]
    columns = (Column("version"), Column("when (UTC)"), *values, Column("what"), Column("checks"))
    if answer.is_graph:
        rows = drawn(entries, rows)
    older = (Paragraph((muted("older versions are not listed: --limit 0 lists all"),)),) if answer.is_cut else ()
    above = courses(entries, metrics) if answer.is_graph else ()
    return (*above, Grid(columns, rows, more), *older, *_attempts(answer.attempts))


def one_entry(answer: Entry) -> Sequence[Block]:
    """Return the outline of one version as later records speak of it."""
    return history(History((answer,)))


def ref_words(entry: Entry) -> Words:
    """Return a version's ref with its labels and tags."""
    labels = [(strong(f"@{label}"),) for label in entry.labels]
    tags = [(muted(tag),) for tag in entry.tags]
    tags += [(bad("forgotten"),)] if entry.forgotten is not None else []
    return joined([(code(entry.ref),), joined([*labels, *tags], " ")], "  ")


def _metric_names(entries: Sequence[Entry]) -> list[str]:
    """Return the metrics that most of these versions have, each a column; earlier ones first among equals."""
    counts = Counter(metric.name for entry in entries for metric in telling_metrics(entry.version.metrics, _CONSIDERED))
    return [name for name, _ in counts.most_common(_METRICS)]


def _row(entry: Entry, by_ref: Mapping[str, Version], metrics: Sequence[str]) -> tuple[Words, ...]:
    version = entry.version
    found = {one.name: one for one in version.metrics}
    values: list[Words] = [(Span(metric_text(found[name])),) if name in found else () for name in metrics]
    return ref_words(entry), (When(entry.created_at, says_zone=False),), *values, _what(entry, by_ref), _checks(entry)


def _what(entry: Entry, by_ref: Mapping[str, Version]) -> Words:
    version = entry.version
    note = entry.notes[-1].text if entry.notes else ""
    parent = by_ref.get(f"{version.name}:v{version.parent}")
    changed = _changed_params(parent.params, version.params) if parent else []
    said: list[Words] = [(Span(first),)] if (first := _first_line(version.message)) else []
    said += [(muted("note: "), Span(first))] if (first := _first_line(note)) else []
    return joined([*said, *changed])


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]


def _changed_params(before: Sequence[Param], after: Sequence[Param]) -> list[Words]:
    known = {param.name: param.value for param in before}
    changes = {param.name: (known[param.name], param.value) for param in after if known.get(param.name, param.value) != param.value}
    changed = [param for param in after if param.name in changes and not says_again(param.name, changes[param.name], changes)]
    shown = [change_words(one.name, known[one.name], one.value, limit=_VALUE) for one in changed[:_PARAMS]]
    new = [param for param in after if param.name not in known][: _PARAMS - len(shown)]
    shown += [(muted(f"+ {param.name} "), Span(value_text(param.value), limit=30)) for param in new]
    return shown


def _checks(entry: Entry) -> Words:
    verdict = (verdict_words(entry.judged.replayed.verdict),) if entry.judged is not None else ()
    confirmed = (muted(f"confirmed {TIMES}{entry.confirmations:,}"),) if entry.confirmations else ()
    return joined([verdict, confirmed])


def _attempts(attempts: Sequence[tuple[Attempt, str]]) -> tuple[Block, ...]:
    if not attempts:
        return ()
    shown, more = head(attempts, _ATTEMPTS)
    rows = tuple(
        ((code(one.name),), (When(at, says_zone=False),), (bad(one.error_type), Span(f": {one.error_message}")))
        for one, at in shown
    )
    grid = Grid((Column("name"), Column("when (UTC)"), Column("raised")), rows, more)
    return (Section("Attempts", (muted(f"{plural(len(attempts), 'execution')} raised and made no version"),), (grid,)),)
