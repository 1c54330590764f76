"""Document: an answer as JSON for other programs. Keys are only ever added; there is no NaN and no lone surrogate in it."""

from collections.abc import Callable, Mapping
from typing import Any

from mvlake.compare.diff import Diff
from mvlake.compare.document import to_document
from mvlake.compare.leaderboard import Leaderboard
from mvlake.compare.many import Many
from mvlake.compare.varied import Varied
from mvlake.errors import MvlakeError
from mvlake.records.answers import (
    Checkup,
    Collection,
    Committed,
    Corrections,
    Done,
    Entry,
    Findings,
    Held,
    History,
    LabelRow,
    Labels,
    Manual,
    Mended,
    Past,
    Restored,
    Script,
    Shown,
    Status,
    Synced,
    Table,
    Verdicts,
)
from mvlake.records.canonical import Json
from mvlake.records.fields import to_fields
from mvlake.records.foreseen import Plans
from mvlake.records.past import PastCell
from mvlake.records.replays import Replays, Unanswered
from mvlake.view.jsonable import jsonable
from mvlake.view.values import ordinary
from mvlake.view.version_document import correction_document, departure_document, version_document


def as_document(answer: Any) -> Json:
    """Return the JSON of any answer, Diff or MvlakeError; TypeError for anything else."""
    for kind in type(answer).__mro__:
        if kind in _DOCUMENTS:
            return jsonable(_DOCUMENTS[kind](answer))
    raise TypeError(f"not an answer: {type(answer).__name__}")


def _history(answer: History) -> object:
    return [version_document(entry) for entry in answer.entries]


def _shown(answer: Shown) -> object:
    return version_document(answer.entry, answer.dossier) | _gates(answer)


def _script(answer: Script) -> object:
    return {"ref": answer.ref, "script": answer.text}


def _past_cell(cell: PastCell) -> dict[str, object]:
    return {
        "source": cell.source,
        "execution_count": cell.execution_count,
        "cell_id": cell.cell_id,
        "failed": cell.failed,
        "started_at": cell.started_at,
        "duration": cell.duration,
    }


def _past(answer: Past) -> object:
    cells = enumerate(answer.cells, 1)
    return {"ref": answer.ref, "cells": [{**_past_cell(cell), "is_needed": place in answer.needed} for place, cell in cells]}


def _committed(answer: Committed) -> object:
    version = answer.version
    return {"ref": version.ref, "name": version.name, "number": version.number, "is_confirmation": answer.is_confirmation}


def _varied(answer: Varied) -> object:
    told = {"ref": answer.ref, "made": answer.made, "said": answer.said, "is_confirmation": answer.is_confirmation}
    return {**told, "notebook": answer.notebook, "comparison": to_document(answer.diff)}


def _leaderboard(answer: Leaderboard) -> object:
    rows = [{"rank": one.rank, "value": ordinary(one.value(answer.by)), **version_document(one.entry)} for one in answer.rows]
    return {
        "by": answer.by,
        "name": answer.name,
        "direction": answer.direction.value,
        "direction_known_by": answer.known_by.value,
        "total": answer.total,
        "unranked": answer.unranked,
        "metrics": list(answer.metrics),
        "params": list(answer.params),
        "rows": rows,
    }


def _verdicts(answer: Verdicts) -> object:
    replayed = answer.replayed
    return {
        "ref": answer.ref,
        "verdict": replayed.verdict.value,
        "items": [to_fields(item) for item in replayed.items],
        "differences": [{"kind": one.kind.value, "name": one.name, "reason": one.reason} for one in replayed.differences],
        "asked": None if replayed.asked is None else to_fields(replayed.asked),
        "repeats": [to_fields(one) for one in replayed.repeats],
        "departure": None if replayed.departure is None else departure_document(replayed.departure),
        "duration": replayed.duration,
        "notebook": answer.notebook,
        "error": answer.error,
        "is_interrupted": answer.is_interrupted,
    }


def _unanswered(answer: Unanswered) -> object:
    return {"ref": answer.ref, "verdict": None, "error": answer.reason, "code": answer.code, "hint": answer.hint}


def _replays(answer: Replays) -> object:
    left_out = [{"ref": one.ref, "reason": one.reason, "is_unchanged": one.is_unchanged} for one in answer.left_out]
    replays = [as_document(one) for one in answer.answers]
    return {"replays": replays, "left_out": left_out, "jobs": answer.jobs, "cpus": answer.cpus}


def _plans(answer: Plans) -> object:
    return [
        {
            "ref": one.ref,
            "can_run": not one.lacking,
            "is_own": one.is_own,
            "expected": one.expected,
            "asked": None if one.asked is None else to_fields(one.asked),
            "cells": [{"source": cell.source, "is_judged": cell.is_judged} for cell in one.cells],
            "files": [{"name": file.name, "origin": file.origin, "problem": file.problem} for file in one.files],
            "modules": list(one.modules),
            "differences": [to_fields(doubt) for doubt in one.doubts],
            "missing": [to_fields(item) for item in one.lacking],
        }
        for one in answer.plans
    ]


def _table(answer: Table) -> object:
    names: list[str] = []
    for name in answer.columns:  # `select a, a`: an object cannot hold a key twice
        repeats = sum(known == name for known in answer.columns[: len(names)])
        names.append(f"{name}_{repeats + 1}" if repeats else name)
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


def _findings(answer: Findings) -> object:
    return {
        "is_clean": answer.is_clean,
        "records": answer.records,
        "objects": answer.objects,
        "size": answer.size,
        "problems": [{"code": one.code, "subject": one.subject, "problem": one.problem} for one in answer.problems],
        "remarks": list(answer.remarks),
        "head": answer.head,
        "share": answer.share,
        "seed": answer.seed,
    }


def _collection(answer: Collection) -> object:
    files = [
        {"key": one.key, "size": one.size, "belonged_to": list(one.belonged_to), "step": one.step.value, "due": one.due}
        for one in answer.files
    ]
    return {
        "is_applied": answer.is_applied,
        "grace": answer.grace,
        "files": files,
        "kept": answer.kept,
        "reached": answer.reached,
        "remarks": list(answer.remarks),
    }


def _mended(answer: Mended) -> object:
    return {
        "is_applied": answer.is_applied,
        "is_clean": answer.is_clean,
        "done": [{"subject": one.subject, "act": one.act} for one in answer.done],
        "left": [{"code": one.code, "subject": one.subject, "problem": one.problem} for one in answer.left],
    }


def _synced(answer: Synced) -> object:
    return {
        "way": answer.way.value,
        "place": answer.place,
        "is_applied": answer.is_applied,
        "head": answer.head,
        "records": answer.records,
        "files": answer.files,
        "size": answer.size,
        "gone": list(answer.gone),
    }


def _checkup(answer: Checkup) -> object:
    examined = [
        {"subject": one.subject, "health": one.health.value, "found": one.found, "why": one.why, "do": one.do}
        for one in answer.examined
    ]
    return {"is_healthy": answer.is_healthy, "examined": examined}


def _label(row: LabelRow) -> object:
    move = row.move
    return {
        "name": move.name,
        "label": move.label,
        "ref": _ref(move.name, move.to_number),
        "from": _ref(move.name, move.from_number),
        "move": move.move.value,
        "reason": move.reason,
        "at": row.at,
        "author": row.author,
    }


def _ref(name: str, number: int | None) -> str | None:
    return f"{name}:v{number}" if number is not None else None


def _corrections(answer: Corrections) -> object:
    return [correction_document(row) for row in answer.rows]


def _labels(answer: Labels) -> object:
    return {
        "current": [_label(row) for row in answer.current],
        "history": [_label(row) for row in answer.history],
        **_gates(answer),
    }


def _gates(answer: Labels | Shown) -> dict[str, object]:
    told = [
        {"label": one.label, "ref": one.ref, "is_open": not one.reason, "reason": one.reason, "wanted": one.wanted}
        for one in answer.passages
    ]
    return {"gates": told, "gates_problem": answer.problem}


def _held(answer: Held) -> object:
    return {"at": answer.at, "labels": [_label(row) for row in answer.rows]}


def _status(answer: Status) -> object:
    return {
        "path": answer.path,
        "lake_id": answer.lake_id,
        "records": answer.records,
        "versions": answer.versions,
        "names": list(answer.names),
        "size": answer.size,
        "is_writable": answer.is_writable,
        "facts": dict(answer.facts),
    }


def _restored(answer: Restored) -> object:
    names = [{"name": one.name, "handler": one.handler, "replaced": one.replaced, "problem": one.problem} for one in answer.names]
    return {"ref": answer.ref, "names": names, "folder": answer.folder, "redacted": [one.rule for one in answer.redacted]}


def _manual(answer: Manual) -> object:
    verbs = [{"verb": verb, "usage": usage, "explanation": said} for verb, usage, said in answer.verbs]
    return {"verbs": verbs, "text": answer.text}


def _done(answer: Done) -> object:
    return {"sentence": answer.sentence, "ref": answer.ref}


def _error(answer: MvlakeError) -> object:
    return {"error": answer.code.value, "message": answer.message, "hint": answer.hint}


_DOCUMENTS: Mapping[type, Callable[[Any], object]] = {
    History: _history,
    Entry: version_document,
    Shown: _shown,
    Diff: to_document,
    Many: to_document,
    Committed: _committed,
    Script: _script,
    Past: _past,
    Plans: _plans,
    Verdicts: _verdicts,
    Leaderboard: _leaderboard,
    Varied: _varied,
    Unanswered: _unanswered,
    Replays: _replays,
    Table: _table,
    Findings: _findings,
    Collection: _collection,
    Mended: _mended,
    Synced: _synced,
    Checkup: _checkup,
    Labels: _labels,
    Corrections: _corrections,
    Held: _held,
    Status: _status,
    Restored: _restored,
    Manual: _manual,
    Done: _done,
    MvlakeError: _error,
}
