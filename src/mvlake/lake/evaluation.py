"""Evaluation: the data on which a version's cells asked its model for predictions, and the truth against which they held these.

Read off the cells' text: data are what a cell hands to `predict`, `score` and the like of the model, or beside the model to a
function (`evaluate(model, X, y)`); the truth is what it hands to `score` beside them, to a metric beside predictions, or compares
predictions with. Of what is handed over, a name is understood, columns of it that are named, and a matrix made of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_named
from mvlake.lake.handed import Columns, Handed, Taken, handed_to, nowhere
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier
from mvlake.records.source import without_directive
from mvlake.records.summary import FrameSummary

_DATA = (Role.INPUT, Role.OUTPUT)
_LARGEST = 1 << 20  # bytes of a list of columns


@dataclass(frozen=True, slots=True)
class Piece:
    """An artifact, and what is taken of it."""

    artifact: Artifact
    taken: Taken

    @property
    def is_whole(self) -> bool:
        """True when it is taken as it is."""
        return self.taken.columns is None and not self.taken.dropped


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Data that a model was asked about, and the truth, where the version holds it."""

    data: Piece
    truth: Piece | None = None


def evaluation_data(dossier: Dossier, model: str) -> tuple[Artifact, ...]:
    """Return the artifacts that the cells hand to a model for its predictions as they are, as far as reading them runs no code."""
    found = [one.data.artifact for one in _evaluations(dossier, model) if one.data.is_whole]
    return tuple(dict.fromkeys(found))


def evaluations(dossier: Dossier, model: str, read: Callable[[Artifact], Any]) -> tuple[Evaluation, ...]:
    """Return what the model was asked about, each once; where it was asked nothing, what a function was given beside it.

    `read` loads a small artifact: `df[features]` takes the columns that are in `features`.
    """

    @cache
    def held(name: str) -> Columns | None:
        found = _piece(dossier, Taken(name))
        try:
            return None if found is None or found.artifact.size > _LARGEST else _names_in(read(found.artifact))
        except MvlakeError:
            return None

    return _evaluations(dossier, model, held=held) or _evaluations(dossier, model, held=held, is_beside=True)


def _names_in(value: Any) -> Columns | None:
    """Return the columns that a restored value names: a text, or a list, array or index of texts."""
    if type(value) is str:
        return (value,), True
    names = value if type(value) in (list, tuple) else value.tolist() if hasattr(value, "tolist") else None
    if type(names) not in (list, tuple) or not names or any(type(name) is not str for name in names):
        return None
    return tuple(names), False


def _evaluations(
    dossier: Dossier, model: str, *, is_beside: bool = False, held: Callable[[str], Columns | None] = nowhere
) -> tuple[Evaluation, ...]:
    sources = [without_directive(source) for source in dossier.sources if source is not None]
    found: dict[Taken, Evaluation] = {}
    for one in handed_to(sources, model, is_beside=is_beside, held=held):
        data = _piece(dossier, one.data)
        if data is not None:
            known = found.setdefault(one.data, Evaluation(data))
            if known.truth is None:
                found[one.data] = replace(known, truth=_first(dossier, one))
    return tuple(found.values())


def _first(dossier: Dossier, handed: Handed) -> Piece | None:
    return next((piece for piece in (_piece(dossier, one) for one in handed.truths) if piece is not None), None)


def _piece(dossier: Dossier, taken: Taken) -> Piece | None:
    kept: Iterable[Artifact] = (
        one for role in _DATA for one in dossier.version.artifacts if one.role is role and one.name == taken.name
    )
    inert = (one for one in kept if handler_named(one.handler).is_inert)
    return next((Piece(one, taken) for one in inert if _has(dossier, one, taken)), None)


def _has(dossier: Dossier, artifact: Artifact, taken: Taken) -> bool:
    """True unless columns are taken that an artifact has not."""
    if taken.columns is None and not taken.dropped:
        return True
    summary = dossier.summaries.get(artifact.summary)
    names = {one.name for one in summary.columns} if isinstance(summary, FrameSummary) else set()
    return names >= {*(taken.columns or ()), *taken.dropped}
