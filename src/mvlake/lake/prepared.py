"""Prepared: a version that is about to run again, with all that is known of it before anything runs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.errors import CannotReplay
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.notebook import replayable
from mvlake.lake.parts import Parts
from mvlake.lake.screening import columns_again
from mvlake.records.answers import Entry
from mvlake.records.dossier import Dossier
from mvlake.redaction.marker import SUPPLIED
from mvlake.redaction.supply import needed_marks, supplied
from mvlake.store.keys import REDACTION_KEY


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version, the notebook that makes it once more, and the variables that its code needs beside those of its world."""

    entry: Entry
    dossier: Dossier
    notebook: Mapping[str, Any]
    variables: Mapping[str, str]


def prepare(parts: Parts, ref: str) -> Prepared:
    """Return what is to run; CannotReplay when there is nothing, or when its code lacks what was redacted."""
    entry = find(parts, ref)
    dossier = read_dossier(parts, entry)
    unreadable = [problem for problem in dossier.problems if problem.startswith("cell ")]
    if unreadable or not dossier.sources:
        reason = "; ".join(unreadable) or "it holds no code"
        raise CannotReplay(entry.ref, reason="it was forgotten, and its code collected" if entry.forgotten else reason)
    variables = {**_supplied(parts, entry, dossier), **columns_again(dossier.version, os.environ)}
    return Prepared(entry, dossier, replayable(dossier), variables)


def _supplied(parts: Parts, entry: Entry, dossier: Dossier) -> dict[str, str]:
    """Return the variables that give a replay's code back what marks stand for; CannotReplay where the environment has it not."""
    marks = dict.fromkeys(mark for source in dossier.sources if source is not None for mark in needed_marks(source))
    key = parts.guard.key() if marks and parts.store.get(REDACTION_KEY) is not None else None  # a copy of a lake has none
    values = {mark: supplied(mark, os.environ, key) for mark in marks}
    lacking = [mark for mark, value in values.items() if value is None]
    if lacking:
        said = ", ".join(f"{mark.rule} ({mark.hash})" for mark in lacking[:4])
        raise CannotReplay(
            entry.ref,
            reason=f"its code held what was redacted, and must be supplied: {said}",
            hint=f"set {SUPPLIED}{lacking[0].hash.upper()} in the environment to what stood there, and replay again",
        )
    return {SUPPLIED + mark.hash.upper(): value for mark, value in values.items() if value is not None}
