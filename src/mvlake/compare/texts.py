"""Texts: the verdict on what a run printed or showed, against what another one did."""

from typing import TypeAlias

from mvlake.compare.clock import Run
from mvlake.compare.markup import drawing, spread_out, visible_text, without_made_up
from mvlake.compare.measuring import Found, graded
from mvlake.compare.noise import Stilled, stilled
from mvlake.compare.places import HERE, without_folder
from mvlake.compare.printed import compare_text
from mvlake.records.events import Verdict
from mvlake.records.tolerance import Tolerance

Runs: TypeAlias = tuple[Run, Run]

_UNREAD = Found(Verdict.DRIFTED, "differs, and its text could not be read")
_IDENTIFIERS = "identifiers"
BUT_FOR = "the same but for"


def judge_printed(a: str | None, b: str | None, runs: Runs, tolerance: Tolerance) -> Found:
    """Return the verdict on two printed texts; a replay printed `b`."""
    if a is None or b is None:
        return _UNREAD
    before, after = _still(a, b, runs)
    passed = before.differs_in(after)
    if before.text == after.text:
        return Found(Verdict.IDENTICAL, _but_for(passed))
    found = graded(compare_text(before.text, after.text, tolerance), tolerance, equal="every number is equal")
    if passed and found.verdict is not Verdict.DRIFTED:
        return found._replace(reason=f"{found.reason}; passed over: {', '.join(passed)}")
    return found


def judge_shown(a: str | None, b: str | None, media_type: str, runs: Runs, tolerance: Tolerance) -> Found:
    """Return the verdict on what was displayed under one media type; None is what is no text, or too long to be read again."""
    if a is None or b is None or "javascript" in media_type:
        return Found(Verdict.NOT_COMPARABLE, f"it differs, and nobody looks into {media_type or 'it'} to tell how")
    if media_type == "text/html":
        return _judge_html(a, b, runs, tolerance)
    if media_type == "image/svg+xml":
        before, after = _still(drawing(a), drawing(b), runs)
        if before.text == after.text:
            return Found(Verdict.IDENTICAL, _but_for((_IDENTIFIERS, "metadata")))
        return Found(Verdict.DRIFTED, "the drawing differs; another version of a plotting library or font is enough for that")
    if media_type.endswith("json"):
        a, b = spread_out(a), spread_out(b)
        if a == b:
            return Found(Verdict.IDENTICAL, _but_for((_IDENTIFIERS,)))
    return judge_printed(a, b, runs, tolerance)


def _judge_html(a: str, b: str, runs: Runs, tolerance: Tolerance) -> Found:
    a, b = without_made_up(a), without_made_up(b)
    before, after = _still(a, b, runs)
    if before.text == after.text:
        return Found(Verdict.IDENTICAL, _but_for(before.differs_in(after) or (_IDENTIFIERS,)))
    seen = visible_text(a), visible_text(b)
    if not any(seen):
        return Found(Verdict.NOT_COMPARABLE, "it differs, and a browser alone could tell what it shows")
    found = judge_printed(*seen, runs, tolerance)
    if found.verdict is Verdict.IDENTICAL:
        return Found(Verdict.EQUIVALENT, "the same text in other markup")
    return found._replace(reason=f"of its text, {found.reason}") if found.verdict is Verdict.DRIFTED else found


def _still(a: str, b: str, runs: Runs) -> tuple[Stilled, Stilled]:
    before, after = stilled(a, runs[0]), stilled(b, runs[1])
    there, here = without_folder(before.text, after.text)
    if (there, here) != (before.text, after.text):
        before, after = Stilled(there, before.noises), Stilled(here, {**after.noises, HERE: [here]})
    return before, after


def _but_for(kinds: tuple[str, ...]) -> str:
    return f"{BUT_FOR} {', '.join(kinds)}" if kinds else "has the same content"
