"""Card: the quiet line after a tracked cell. It runs each time, so it is plain strings: no rich, no tables."""

from collections.abc import Sequence

from mvlake.compare.diff import CellDiff, Change, Diff, MetricDiff, ModelDiff, Outcome, ValueDiff
from mvlake.compare.says_again import says_again
from mvlake.records.answers import Committed
from mvlake.records.artifact import Omission
from mvlake.records.canonical import Json
from mvlake.records.facts import Metric
from mvlake.records.hint import Hint
from mvlake.records.redaction import Redaction
from mvlake.records.version import Version
from mvlake.view.blocks import Span, Words, bad, code, good, joined, muted
from mvlake.view.clean import visible
from mvlake.view.elements import Element, Style, element, markup
from mvlake.view.outline.data import short_data_text
from mvlake.view.outline.wording import metric_text, telling_metrics
from mvlake.view.quantities import MINUS, is_finite, number, plural, signed
from mvlake.view.quantities import size as bytes_text
from mvlake.view.style import CARD_SHEET
from mvlake.view.value_change import change_words
from mvlake.view.values import as_number, value_text
from mvlake.view.words import NO_MATH, words_of

_TELLING = 3
_METRICS = 2
_FOLDED = 40
_VALUE = 24
_NAME = 40
_OMITTED = 2
_HINT = 160
_RULES = 3
_SENTENCE = 300
_BAR = 20
_DURABLE: Words = (muted(" · durable"),)


def card_text(committed: Committed, diff: Diff | None, *, was_awaited: bool = False) -> str:
    """Return one line on a commit, one more when something was not captured, and one when it may not reproduce.

    `diff` is from its parent, if it has one.

    `was_awaited`: the card first said that the version is being written, so now it says that it is durable.
    """
    shown, rest = _card(committed, diff)
    more = f" · +{len(rest):,} more" if rest else ""
    lines = [_plain(joined([(code(committed.version.ref),), joined(shown)], "  ")) + more]
    if committed.is_confirmation:
        lines = [_plain(_confirmed(committed.version))]
    if committed.version.omitted and not committed.is_confirmation:
        lines.append(_plain(_omitted(committed.version.omitted)))
    if committed.version.redacted and not committed.is_confirmation:
        lines.append(_plain(_redacted(committed.version.redacted)))
    if committed.version.hints and not committed.is_confirmation:
        lines.append(_plain(_hinted(committed.version.hints)))
    if was_awaited:
        lines[0] += _plain(_DURABLE)
    return "\n".join(lines)


def card_html(committed: Committed, diff: Diff | None, *, was_awaited: bool = False) -> str:
    """Return the same as a small HTML fragment, with the other changes folded."""
    durable = _DURABLE if was_awaited else ()
    if committed.is_confirmation:
        return _fragment([element("p", *words_of((*_confirmed(committed.version), *durable)))])
    shown, rest = _card(committed, diff)
    line = (element("code", committed.version.ref, kind="mvl-ref"), " ", *words_of(joined(shown)), *words_of(durable))
    parts = [element("p", *line)]
    if rest:
        listed = [element("p", *words_of(words)) for words in rest[:_FOLDED]]
        if len(rest) > _FOLDED:
            listed.append(element("p", f"… and {len(rest) - _FOLDED:,} more", kind="mvl-muted"))
        summary = element("summary", *line, element("span", f" · {len(rest):,} more", kind="mvl-muted"))
        parts = [element("details", summary, *listed)]
    if committed.version.omitted:
        parts.append(element("p", *words_of(_omitted(committed.version.omitted))))
    if committed.version.redacted:
        parts.append(element("p", *words_of(_redacted(committed.version.redacted))))
    if committed.version.hints:
        parts.append(element("p", *words_of(_hinted(committed.version.hints))))
    return _fragment(parts)


def failure_text(sentence: str) -> str:
    """Return the one line that says why nothing was recorded."""
    return _plain(_failure(sentence))


def failure_html(sentence: str) -> str:
    """Return the same as a small HTML fragment."""
    return _fragment([element("p", *words_of(_failure(sentence)))])


def late_text(cells: int) -> str:
    """Return the one line that says what was not seen of cells that ran before."""
    return _plain(_late(cells))


def late_html(cells: int) -> str:
    """Return the same as a small HTML fragment."""
    return _fragment([element("p", *words_of(_late(cells)))])


def writing_text(name: str, size: int) -> str:
    """Return the one line that says that a version is being written while the user goes on."""
    return _plain(_writing(name, size))


def writing_html(name: str, size: int) -> str:
    """Return the same as a small HTML fragment."""
    return _fragment([element("p", *words_of(_writing(name, size)))])


def waiting_text(name: str, done: int, size: int, cancelled: Sequence[str], what: str = "writing") -> str:
    """Return the one line that says what is waited for; or, when the wait was interrupted, of what no version was made."""
    return _plain(_waiting(name, done, size, cancelled, what))


def waiting_html(name: str, done: int, size: int, cancelled: Sequence[str], what: str = "writing") -> str:
    """Return the same as a small HTML fragment."""
    return _fragment([element("p", *words_of(_waiting(name, done, size, cancelled, what)))])


def _fragment(parts: Sequence[Element]) -> str:
    return markup(element("div", Style(CARD_SHEET), *parts, kind=f"mvl mvl-card {NO_MATH}", translate="no"))


def _card(committed: Committed, diff: Diff | None) -> tuple[list[Words], list[Words]]:
    """Return the most telling changes, and the rest."""
    if diff is None:
        facts = [_metric_now(one) for one in telling_metrics(committed.version.metrics, _FOLDED)]
        facts += _counts(committed.version)[: max(_TELLING - len(facts), 0)]
        return facts[:_TELLING], facts[_TELLING:]
    metrics = _metrics(diff.metrics)
    other = [
        *[_param(one) for one in _telling_params(diff.params)],
        *[(Span(short_data_text(one)),) for one in diff.data if one.change is not Change.UNCHANGED],
        *[_model(one) for one in diff.models if one.change is not Change.UNCHANGED],
        *_code(diff.code),
        *[_named("module", one.name, one.change) for one in diff.modules if one.change is not Change.UNCHANGED],
        *[_named("figure", one.name, one.change) for one in diff.figures if one.change is not Change.UNCHANGED],
        *[_named("output", one.name, one.change) for one in diff.streams if one.change is not Change.UNCHANGED],
        *_packages(diff),
    ]
    # Metrics first, but what was done to move them must be seen too.
    count = _METRICS if other else _TELLING
    first = metrics[:count]
    shown = [*first, *other[: _TELLING - len(first)]]
    return shown or [(muted("no differences"),)], [*metrics[count:], *other[_TELLING - len(first) :]]


def _telling_params(params: Sequence[ValueDiff]) -> list[ValueDiff]:
    changes = {one.name: (one.change, one.a, one.b) for one in params if one.change is not Change.UNCHANGED}
    return [one for one in params if one.name in changes and not says_again(one.name, changes[one.name], changes)]


def _counts(version: Version) -> list[Words]:
    counts = ((len(version.params), "parameter"), (len(version.artifacts), "artifact"))
    return [(muted(plural(count, thing)),) for count, thing in counts if count]


def _metrics(metrics: Sequence[MetricDiff]) -> list[Words]:
    changed = [one for one in metrics if one.change is not Change.UNCHANGED]
    if not changed:
        return [_metric_same(one) for one in metrics[:1]]
    judged = {Outcome.BETTER, Outcome.WORSE}
    return [_metric(one) for one in sorted(changed, key=lambda one: one.outcome not in judged)]


def _metric(metric: MetricDiff) -> Words:
    name = muted(f"{_short(metric.name, _NAME)} ")
    if metric.change is Change.REMOVED:
        return name, muted("removed")
    value = Span(_value(metric.b))
    if metric.change is Change.ADDED or not is_finite(metric.delta):
        return name, value, muted(" (new)" if metric.change is Change.ADDED else " (changed)")
    delta = f"({signed(metric.delta)}"
    match metric.outcome:
        case Outcome.BETTER:
            return name, value, Span(" "), good(f"{delta} ▲ better)")
        case Outcome.WORSE:
            return name, value, Span(" "), bad(f"{delta} ▼ worse)")
        case Outcome.WITHIN_NOISE:
            return name, value, muted(f" {delta} ≈ within noise)")
        case _:
            return name, value, muted(f" {delta})")


def _metric_same(metric: MetricDiff) -> Words:
    return muted(f"{_short(metric.name, _NAME)} "), Span(_value(metric.b)), muted(" (same)")


def _metric_now(metric: Metric) -> Words:
    guessed = (muted(" (a guess)"),) if metric.source.is_guess and not metric.steps else ()
    return muted(f"{_short(metric.name, _NAME)} "), Span(metric_text(metric), limit=_VALUE), *guessed


def _value(value: Json) -> str:
    found = as_number(value)
    return number(found) if found is not None else _short(value_text(value), _VALUE)


def _param(param: ValueDiff) -> Words:
    name = _short(param.name, _NAME)
    match param.change:
        case Change.ADDED:
            return muted(f"+ {name} "), Span(_short(value_text(param.b), _VALUE))
        case Change.REMOVED:
            return (muted(f"{MINUS} {name}"),)
        case _:
            return change_words(name, param.a, param.b, limit=_VALUE)


def _model(model: ModelDiff) -> Words:
    changed = [one.name for one in model.settings if one.change is not Change.UNCHANGED]
    if model.change is Change.CHANGED and changed:
        return muted(f"{_short(model.name, _NAME)} "), Span(f"{plural(len(changed), 'setting')} changed")
    return _named("model", model.name, model.change)


def _code(cells: Sequence[CellDiff]) -> list[Words]:
    lines = [line.op for cell in cells if cell.change is not Change.UNCHANGED for line in cell.lines]
    added, removed = lines.count("+"), lines.count("-")
    return [(muted("code "), Span(f"+{added:,} {MINUS}{removed:,} lines"))] if added or removed else []


def _packages(diff: Diff) -> list[Words]:
    count = sum(one.change is not Change.UNCHANGED for one in diff.environment.packages)
    return [(Span(f"{plural(count, 'package')} changed"),)] if count else []


def _named(what: str, name: str, change: Change) -> Words:
    return muted(f"{what} "), Span(f"{_short(name, _NAME)} {change.value}")


def _confirmed(version: Version) -> Words:
    return muted("confirms "), code(version.ref), muted(": same code, inputs and outputs")


def _omitted(omitted: Sequence[Omission]) -> Words:
    shown = [(Span(f"{_short(one.name, _NAME)} ({_short(one.reason, 60)})"),) for one in omitted[:_OMITTED]]
    more = f" and {len(omitted) - _OMITTED:,} more" if len(omitted) > _OMITTED else ""
    return (muted("not captured: "), *joined(shown, ", "), *((muted(more),) if more else ()))


def _redacted(redacted: Sequence[Redaction]) -> Words:
    secrets = [one for one in redacted if not one.column]
    columns = dict.fromkeys(f"{one.column} ({one.rule})" for one in redacted if one.column)
    rules = list(dict.fromkeys(one.rule for one in secrets)) + list(columns)
    more = f" and {len(rules) - _RULES:,} more" if len(rules) > _RULES else ""
    shown = ", ".join(_short(rule, _NAME) for rule in rules[:_RULES])
    counts = [plural(sum(one.count for one in secrets), "secret")] if secrets else []
    counts += [plural(len(columns), "column")] if columns else []
    return muted(f"{' and '.join(counts)} redacted: "), Span(shown), muted(more)


def _hinted(hints: Sequence[Hint]) -> Words:
    more = f" · +{plural(len(hints) - 1, 'more hint')} in show" if len(hints) > 1 else ""
    return muted("may not reproduce: "), Span(_short(hints[0].text, _HINT)), muted(more)


def _failure(sentence: str) -> Words:
    return muted("mvlake recorded nothing: "), Span(" ".join(sentence.split()), limit=_SENTENCE)


def _late(cells: int) -> Words:
    ran = f"{plural(cells, 'cell')} ran before %load_ext"
    return muted("mvlake  "), Span(ran), muted(": known by their text; what they read, printed and drew at random was not seen")


def _writing(name: str, size: int) -> Words:
    return code(_short(name, _NAME)), muted(f"  {bytes_text(size)}, writing…")


def _waiting(name: str, done: int, size: int, cancelled: Sequence[str], what: str = "writing") -> Words:
    if cancelled:
        return muted("mvlake was interrupted, and made no version of "), Span(", ".join(cancelled), limit=_SENTENCE)
    filled = _BAR * min(done, size) // max(size, 1)
    bar = "█" * filled + "░" * (_BAR - filled)
    return muted(f"mvlake is {what} "), code(_short(name, _NAME)), muted(f" {bar} {bytes_text(done)} of {bytes_text(size)}")


def _plain(words: Words) -> str:
    return "".join(visible(word.text, limit=word.limit) for word in words if isinstance(word, Span))


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
