"""Labels: `promote`, `rollback`, `labels` and `at`. A label moves by a record; nothing is ever overwritten."""

from mvlake.errors import AmbiguousRef, LabelNotFound, VersionNotFound
from mvlake.lake.forget import check_wanted
from mvlake.lake.gates import check_gates, passages_of_labels
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.remark import check_text
from mvlake.records.answers import Done, Held, LabelRow, Labels
from mvlake.records.digest import Digest
from mvlake.records.events import LabelMove
from mvlake.records.moment import parse_moment
from mvlake.records.names import check_label, check_name
from mvlake.records.record import Record


def promote(parts: Parts, ref: str, label: str, *, reason: str) -> Done:
    """Point a label at a version; GateClosed when it does not meet what the lake's policy asks for."""
    label, reason = check_label(label), check_text("a reason", reason)
    version = find(parts, ref).version
    check_wanted(parts, version)
    move = parts.ledger.labels.promotion(version.name, version.number, label, reason)
    if move is not None:
        check_gates(parts, version, label)
    else:
        return Done(f"{version.name}@{label} is {version.ref} already", version.ref)

    def make(seq: int, prev: Digest) -> Record:
        # Somebody may have moved it meanwhile: the record says from where it really went. Or replayed the version, which drifted.
        check_wanted(parts, version)
        check_gates(parts, version, label)
        now = parts.ledger.labels.promotion(version.name, version.number, label, reason)
        return parts.record(seq, prev, now or move)

    written = parts.log.append(make)[0].body
    assert isinstance(written, LabelMove)
    return Done(f"{version.name}@{label}: {_place(written)}", version.ref)


def rollback(parts: Parts, label: str, *, reason: str) -> Done:
    """Point a label (`name@label`, or `label` when one name has it) back to where it pointed before.

    No gate is asked: it is where the label was, and whoever goes back has no time for a replay.
    """
    reason = check_text("a reason", reason)
    parts.log.refresh()
    name, label = _which(parts, label)

    def make(seq: int, prev: Digest) -> Record:
        return parts.record(seq, prev, parts.ledger.labels.rollback(name, label, reason))

    written = parts.log.append(make)[0].body
    assert isinstance(written, LabelMove)
    return Done(f"{name}@{label}: {_place(written)}", f"{name}:v{written.to_number}")


def labels(parts: Parts, name: str | None) -> Labels:
    """Return where labels point, and every move that they made."""
    parts.log.refresh()
    if name is not None:
        _check_known(parts, name)
    history = parts.ledger.labels
    current = _in_force(history.rows(name))
    passages, problem = passages_of_labels(parts, current)
    return Labels(current, history.rows(name), passages, problem)


def at(parts: Parts, time: str, label: str | None) -> Held:
    """Return what held the labels, or one label, at a moment; LabelNotFound for a label that never was."""
    parts.log.refresh()
    moment = parse_moment(time)
    name = None
    if label is not None:
        name, _, label = label.rpartition("@")
        label = check_label(label)
        if name:
            _check_known(parts, name)
        known = {row.move.label for row in parts.ledger.labels.rows(name or None)}
        if label not in known:
            raise LabelNotFound(name or "this lake", label, existing=sorted(known))
    rows = parts.ledger.labels.held_at(moment, name=name or None, label=label)
    return Held(moment, tuple(row for row in rows if row.move.to_number is not None))


def _in_force(rows: tuple[LabelRow, ...]) -> tuple[LabelRow, ...]:
    last = {(row.move.name, row.move.label): row for row in rows}
    return tuple(last[key] for key in sorted(last))


def _which(parts: Parts, text: str) -> tuple[str, str]:
    name, _, label = text.rpartition("@")
    label = check_label(label)
    if name:
        _check_known(parts, name)
        if label not in parts.ledger.labels.current(name):
            raise LabelNotFound(name, label, existing=sorted(parts.ledger.labels.current(name)))
        return name, label
    names = [one for one in parts.ledger.names() if label in parts.ledger.labels.current(one)]
    if len(names) > 1:
        raise AmbiguousRef(f"@{label}", candidates=[f"{one}@{label}" for one in names])
    if not names:
        known = {other for one in parts.ledger.names() for other in parts.ledger.labels.current(one)}
        raise LabelNotFound("this lake", label, existing=sorted(known))
    return names[0], label


def _check_known(parts: Parts, name: str) -> None:
    check_name(name, existing=parts.ledger.names())
    if not parts.ledger.count(name):
        raise VersionNotFound(name, existing=parts.ledger.names())


def _place(move: LabelMove) -> str:
    before = "nowhere" if move.from_number is None else f"v{move.from_number}"
    return f"{before} → v{move.to_number}"
