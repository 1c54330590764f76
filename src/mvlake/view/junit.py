"""JUnit XML of replays: a suite for each version, a test case for each thing that was judged."""

import re
from collections import Counter
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from mvlake.records.answers import Verdicts
from mvlake.records.departure import Departure
from mvlake.records.events import Verdict, VerdictItem
from mvlake.records.fields import to_fields
from mvlake.records.replays import LeftOut, Replays, Unanswered
from mvlake.view.clean import without_ansi
from mvlake.view.outline.departure import departs_at

_TEXT = 20_000
_NAME = 300
# What XML 1.0 cannot hold, even escaped (production [2] Char), and bidirectional overrides.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]")
_ELEMENTS = {
    Verdict.DRIFTED: "failure",
    Verdict.NOT_COMPARABLE: "skipped",
    Verdict.NOT_RUN: "skipped",
    Verdict.FAILED: "error",
}


def as_junit(answer: Verdicts | Replays) -> str:
    """Return the XML. `drifted` is a failure, `failed` an error; `not comparable` and `not run` are skipped; the rest passes.

    A replay that came to no verdict is an error, and a version that was left out is skipped.
    """
    parts = (*answer.answers, *answer.left_out) if isinstance(answer, Replays) else (answer,)
    suites = [_suite(one) if isinstance(one, Verdicts) else _suite_of_none(one) for one in parts]
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mvlake replay">\n' + "".join(suites) + "</testsuites>\n"


def _suite(answer: Verdicts) -> str:
    replayed = answer.replayed
    items = replayed.items
    if not any(_tells(item, replayed.verdict) for item in items):
        # The verdict came from no item that is seen (a cell raised before anything could be judged, or all is skipped).
        reason = answer.error or f"the replay was {replayed.verdict.value}"
        shown = replayed.verdict if replayed.verdict is Verdict.DRIFTED or replayed.verdict.is_reproduced else Verdict.FAILED
        items = (*items, VerdictItem("replay", answer.ref, shown, reason))
    tags = Counter(_tag(item) for item in items)
    counts = f'tests="{len(items)}" failures="{tags["failure"]}" errors="{tags["error"]}" skipped="{tags["skipped"]}"'
    counts += f' time="{max(replayed.duration, 0):.3f}"'
    cases = "".join(_case(answer.ref, item) for item in items)
    said = f"    <system-err>{escape(_clean(answer.error, _TEXT))}</system-err>\n" if answer.error else ""
    return f"  <testsuite name={_quoted(answer.ref)} {counts}>\n{_departed(replayed.departure)}{cases}{said}  </testsuite>\n"


def _departed(departure: Departure | None) -> str:
    if departure is None:
        return ""
    told = [("departs", departs_at(departure))]
    told += [("differed", f"{one.kind.value} {one.name}, cell {one.cell}: {one.reason}") for one in departure.inputs]
    told += [("cause", f"{one.kind.value} {one.name} ({one.basis.value}): {one.reason} {one.advice}") for one in departure.causes]
    told += [("untested", departure.untested)] if departure.untested else []
    return _properties(told, "    ")


def _properties(told: Sequence[tuple[str, object]], margin: str) -> str:
    rows = (f"  <property name={_quoted(name)} value={quoteattr(_clean(str(value), _TEXT))}/>" for name, value in told)
    return "".join(f"{margin}{row}\n" for row in ("<properties>", *rows, "</properties>"))


def _suite_of_none(one: Unanswered | LeftOut) -> str:
    """Return the suite of a version of which nothing was judged: one case, which says why."""
    tag = "skipped" if isinstance(one, LeftOut) else "error"
    counts = f'tests="1" failures="0" errors="{int(tag == "error")}" skipped="{int(tag == "skipped")}" time="0"'
    said = f"    <testcase classname={_quoted(f'{one.ref} replay')} name={_quoted(one.ref)}>\n"
    told = f"<skipped message={_quoted(one.reason)}/>" if isinstance(one, LeftOut) else _error(one)
    return f"  <testsuite name={_quoted(one.ref)} {counts}>\n{said}      {told}\n    </testcase>\n  </testsuite>\n"


def _error(one: Unanswered) -> str:
    text = one.reason + (f"\nHint: {one.hint}" if one.hint else "")
    return f"<error type={_quoted(one.code or 'error')} message={_quoted(_first(one.reason))}>{escape(_clean(text, _TEXT))}</error>"


def _first(text: str) -> str:
    return text.strip().split("\n", 1)[0]


def _tag(item: VerdictItem) -> str:
    """Return the element that says how an item came out, empty for one that passed."""
    return _ELEMENTS.get(item.verdict, "")


def _tells(item: VerdictItem, verdict: Verdict) -> bool:
    return item.verdict is verdict and _tag(item) != "skipped"


def _case(ref: str, item: VerdictItem) -> str:
    named = f"    <testcase classname={_quoted(f'{ref} {item.kind}')} name={_quoted(item.name)}"
    inside = _measured(item) + _outcome(item)
    return f"{named}>\n{inside}    </testcase>\n" if inside else f"{named}/>\n"


def _measured(item: VerdictItem) -> str:
    """Return the verdict on what was measured, the tolerance and how far it was off, as properties of its case."""
    if item.measured is None:
        return ""
    found = to_fields(item.measured)
    assert isinstance(found, dict)
    return _properties([("verdict", item.verdict.value), *found.items()], "      ")


def _outcome(item: VerdictItem) -> str:
    tag = _tag(item)
    if not tag:
        return ""
    first = _quoted(_first(item.reason))
    if tag == "skipped":
        return f"      <skipped message={first}/>\n"
    return f"      <{tag} type={_quoted(item.verdict.value)} message={first}>{escape(_clean(item.reason, _TEXT))}</{tag}>\n"


def _quoted(text: str) -> str:
    return quoteattr(_clean(text, _NAME))


def _clean(text: str, limit: int) -> str:
    found = _FORBIDDEN.sub("", without_ansi(text[: limit * 2]))
    return found if len(found) <= limit else found[: limit - 1] + "…"
