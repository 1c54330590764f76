"""Markdown summary of replays, for the page that CI shows."""

import re
from collections.abc import Sequence

from mvlake.records.answers import Verdicts
from mvlake.records.departure import Departure
from mvlake.records.events import Verdict, VerdictItem
from mvlake.records.replays import LeftOut, Replays, Unanswered
from mvlake.view.blocks import Span
from mvlake.view.clean import visible, without_ansi
from mvlake.view.outline.asked import asked_words
from mvlake.view.outline.departure import departs_at
from mvlake.view.outline.wording import NO_VERDICT, verdict_words
from mvlake.view.quantities import plural, seconds

_ITEMS = 50
# By its first line a later run knows the summary of an earlier one, which it may replace.
_MADE = "<!-- mvlake replay: what versions gave when they ran again. The next replay with this file replaces it. -->\n"
# ASCII punctuation: a backslash before any of it is Markdown for the character itself (CommonMark §2.4).
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!|~$@:<>&\"'/=^-])")


def as_markdown(answer: Verdicts | Replays) -> str:
    """Return a table of verdicts, and under it what was not identical, what nobody can compare last."""
    answers, left_out = (answer.answers, answer.left_out) if isinstance(answer, Replays) else ((answer,), ())
    rows = "".join(_row(one) for one in answers) or "| none | | | |\n"
    details = "".join(_details(one) if isinstance(one, Verdicts) else _why_none(one) for one in answers)
    head = "| version | verdict | identical | took |\n|---|---|---|---|\n"
    return f"{_MADE}### Replays\n\n{head}{rows}{details}{_left_out(left_out)}"


def _why_none(one: Unanswered) -> str:
    hint = f" ({_text(one.hint, 400)})" if one.hint else ""
    return f"\n**{_text(one.ref)}** could not be replayed: {_text(one.reason, 600)}{hint}\n"


def _left_out(left_out: Sequence[LeftOut]) -> str:
    lines = [f"- {_text(one.ref)}: {_text(one.reason, 400)}\n" for one in left_out[:_ITEMS]]
    lines += [f"- … and {len(left_out) - _ITEMS:,} more\n"] if len(left_out) > _ITEMS else []
    return f"\nLeft out:\n\n{''.join(lines)}" if lines else ""


def _row(answer: Verdicts | Unanswered) -> str:
    if isinstance(answer, Unanswered):
        return f"| {_text(answer.ref)} | {NO_VERDICT.text} | | |\n"
    replayed = answer.replayed
    same = sum(item.verdict is Verdict.IDENTICAL for item in replayed.items)
    unknown = sum(item.verdict is Verdict.NOT_COMPARABLE for item in replayed.items)
    judged = f"{same:,} of {len(replayed.items):,}" + (f", {unknown:,} not compared" if unknown else "")
    how = "".join(word.text for word in asked_words(replayed.asked) if isinstance(word, Span))
    which = _text(answer.ref) + (f": {_text(how)}" if how else "")
    return f"| {which} | {verdict_words(replayed.verdict).text} | {judged} | {seconds(replayed.duration)} |\n"


def _details(answer: Verdicts) -> str:
    differing = answer.replayed.differences[:_ITEMS]
    world = "".join(f"- {one.kind.value} {_text(one.name)}: {_text(one.reason, 400)}\n" for one in differing)
    found = (f"\nNot found as it was:\n\n{world}" if world else "") + _departure(answer.replayed.departure)
    items = sorted(
        (one for one in answer.replayed.items if one.verdict is not Verdict.IDENTICAL),
        key=lambda one: (one.verdict is Verdict.NOT_COMPARABLE, -one.verdict.severity),
    )
    error = f"\nA cell raised: {_text(answer.error, 600)}\n" if answer.error else ""
    if not items:
        return f"\n**{_text(answer.ref)}**\n{error}{found}" if error or found else ""
    rows = "".join(_item(item) for item in items[:_ITEMS])
    more = f"\n… and {len(items) - _ITEMS:,} more\n" if len(items) > _ITEMS else ""
    unknown = sum(item.verdict is Verdict.NOT_COMPARABLE for item in items)
    counts = [plural(len(items) - unknown, "difference")] if len(items) > unknown else []
    counts += [f"{unknown:,} not compared"] if unknown else []
    head = f"\n**{_text(answer.ref)}**, {', '.join(counts)}\n{error}\n"
    return f"{head}| verdict | kind | name | because |\n|---|---|---|---|\n{rows}{more}{found}"


def _departure(departure: Departure | None) -> str:
    if departure is None:
        return ""
    causes = "".join(
        f"- **{_text(f'{one.kind.value} {one.name}'.strip())}** ({one.basis.value}): {_text(one.reason, 400)}"
        + (f" {_text(one.advice, 400)}\n" if one.advice else "\n")
        for one in departure.causes
    )
    inputs = "".join(
        f"- {one.kind.value} {_text(one.name)}, cell {one.cell}: {_text(one.reason, 400)}\n" for one in departure.inputs[:_ITEMS]
    )
    untested = f"\nNo experiment: {_text(departure.untested, 400)}\n" if departure.untested else ""
    listed = (f"\n{causes}" if causes else "") + (f"\nDiffered already:\n\n{inputs}" if inputs else "")
    return f"\nIt departs {departs_at(departure)}.\n{listed}{untested}"


def _item(item: VerdictItem) -> str:
    return f"| {verdict_words(item.verdict).text} | {_text(item.kind)} | {_text(item.name)} | {_text(item.reason, 400)} |\n"


def _text(text: str, limit: int = 120) -> str:
    # One line: a table's row ends where its line does. Escaped after cleaning: cleaning writes backslashes too.
    line = " ".join(without_ansi(text[: limit * 4]).split())
    return _SPECIAL.sub(r"\\\1", visible(line, limit=limit))
