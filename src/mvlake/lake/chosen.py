"""Chosen: the versions that a replay of several is of, each once, and those that are left out, with the reason."""

from collections.abc import Callable, Sequence

from mvlake.errors import InvalidTime, InvalidVerb, LabelNotFound, NothingToReplay
from mvlake.lake.history import find
from mvlake.lake.needs import changed_need
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry
from mvlake.records.moment import parse_start
from mvlake.records.ref import parse_ref
from mvlake.records.replays import Choice, LeftOut


def choose(parts: Parts, refs: Sequence[str], choice: Choice) -> tuple[tuple[Entry, ...], tuple[LeftOut, ...]]:
    """Return the versions to replay in the order asked, and those left out. Without refs, all names are meant.

    Raises what finding a ref raises, before anything runs; NothingToReplay when no version is left, unless that is allowed, or none
    is left because nothing has changed.
    """
    parts.log.refresh()
    if not refs and not choice.is_asked:
        raise InvalidVerb("no version is named", usage="replay REF … [--all] [--since DATE|REF] [--changed-env]")
    is_since = _since(parts, choice.since)
    meant: dict[tuple[str, int], Entry] = {}
    left: dict[tuple[str, int], LeftOut] = {}
    for ref in dict.fromkeys(refs) if refs else sorted(parts.ledger.names()):
        is_wide, found = _meant(parts, ref, choice)
        for entry in found:
            place = (entry.version.name, entry.version.number)
            reason = "" if is_since(entry) else f"it was not made after {choice.since}"
            if reason and is_wide:  # nobody asked for this one
                continue
            out = LeftOut(entry.ref, reason) if reason else _left_out(parts, entry, choice)
            if out is not None:
                left.setdefault(place, out)
            else:
                meant.setdefault(place, entry)
    chosen, left_out = tuple(meant.values()), tuple(left.values())
    _check_any(chosen, left_out, refs, choice)
    return chosen, left_out


def _meant(parts: Parts, ref: str, choice: Choice) -> tuple[bool, Sequence[Entry]]:
    """Return the versions that one ref stands for, and whether they are more than it names."""
    names = parts.ledger.names()
    parsed = parse_ref(ref, existing=names)
    if ref.strip() in names and (choice.all_ or choice.since):
        return True, parts.ledger.entries(parsed.name)
    if choice.all_ and parsed.label and not parsed.name:
        holding = [name for name in sorted(names) if parsed.label in parts.ledger.labels.current(name)]
        if not holding:
            known = {label for name in names for label in parts.ledger.labels.current(name)}
            raise LabelNotFound("this lake", parsed.label, existing=sorted(known))
        return False, [find(parts, f"{name}{ref.strip()}") for name in holding]
    return False, [parts.ledger.find(parsed)]


def _since(parts: Parts, since: str) -> Callable[[Entry], bool]:
    """Return what tells whether a version was made after a date (from its first moment), or after another version."""
    if not since:
        return lambda _: True
    try:
        moment = parse_start(since)
    except InvalidTime:
        seq = find(parts, since).seq
        return lambda entry: entry.seq > seq
    return lambda entry: entry.created_at >= moment


def _left_out(parts: Parts, entry: Entry, choice: Choice) -> LeftOut | None:
    if entry.forgotten is not None:
        because = f": {entry.forgotten.text}" if entry.forgotten.text else ""
        return LeftOut(entry.ref, f"it was forgotten{because}")
    if choice.changed_env and not changed_need(parts, entry.version):
        return LeftOut(entry.ref, "what its imports need is as it was", is_unchanged=True)
    return None


def _check_any(chosen: Sequence[Entry], left_out: Sequence[LeftOut], refs: Sequence[str], choice: Choice) -> None:
    if chosen or choice.allow_empty or (left_out and all(one.is_unchanged for one in left_out)):
        return
    raise NothingToReplay(refs, since=choice.since, left_out=[f"{one.ref}: {one.reason}" for one in left_out])
