"""Models: class, settings and learned facts of the user's ML models."""

from collections.abc import Sequence

from mvlake.compare.diff import Change, ModelDiff, ValueDiff
from mvlake.compare.matching import Match, change_of, match
from mvlake.compare.values import compare_value, compare_values, exact, number
from mvlake.records.artifact import Artifact, Role
from mvlake.records.canonical import Json
from mvlake.records.dossier import Dossier
from mvlake.records.summary import ModelSummary, OpaqueSummary, Setting, Summary


def compare_models(a: Dossier, b: Dossier) -> tuple[ModelDiff, ...]:
    """Return the models by name. A model has changed when its content has, even if all that is said of it is equal."""
    matches = match(_models(a), _models(b), name=lambda one: one.name, content=lambda one: one.digest)
    return tuple(_row(one, a, b) for one in matches)


def _models(dossier: Dossier) -> list[Artifact]:
    return [one for one in dossier.version.artifacts if one.role is Role.MODEL]


def _row(one: Match[Artifact], a: Dossier, b: Dossier) -> ModelDiff:
    before = a.summaries.get(one.a.summary) if one.a else None
    after = b.summaries.get(one.b.summary) if one.b else None
    return ModelDiff(
        name=one.either.name,
        change=change_of(one.a, one.b, is_same=one.a is not None and one.b is not None and one.a.digest == one.b.digest),
        a_type=before.type if before else "",
        b_type=after.type if after else "",
        settings=_settings(_part(before, "settings"), _part(after, "settings")),
        learned=compare_values(*([(one.name, one.value) for one in _part(each, "learned")] for each in (before, after))),
        facts=compare_values(_facts(before), _facts(after)),
        note=_note(before, after),
    )


def other_setting(a: Summary | None, b: Summary | None) -> str:
    """Return the first plain setting that has another value in b, "" where there is none."""
    rows = _settings(_part(a, "settings"), _part(b, "settings"))
    return next((row.name for row in rows if row.change is Change.CHANGED and _is_simple(row.a) and _is_simple(row.b)), "")


def _is_simple(value: Json) -> bool:
    """True for a number, a text, a truth value and None: what is told of another object may differ without a reason."""
    return value is None or isinstance(value, bool | str) or number(value) is not None


def _part(summary: Summary | None, part: str) -> tuple[Setting, ...]:
    if not isinstance(summary, ModelSummary):
        return ()
    return summary.settings if part == "settings" else summary.learned


def _settings(a: Sequence[Setting], b: Sequence[Setting]) -> tuple[ValueDiff, ...]:
    return tuple(_setting(one) for one in match(a, b, name=lambda one: one.name, content=lambda one: exact(one.value)))


def _setting(one: Match[Setting]) -> ValueDiff:
    a, b = one.a, one.b
    row = compare_value(one.either.name, (a.name, a.value) if a else None, (b.name, b.value) if b else None)
    note = row.note
    if a and b and a.is_default != b.is_default and exact(a.value) == exact(b.value):
        note = "the class's default is another one"
    return ValueDiff(
        name=row.name,
        change=row.change,
        a=row.a,
        b=row.b,
        note=note,
        a_is_default=a.is_default if a else None,
        b_is_default=b.is_default if b else None,
    )


def _facts(summary: Summary | None) -> list[tuple[str, Json]]:
    if not isinstance(summary, ModelSummary):
        return []
    return [
        ("library", summary.library),
        ("library_version", summary.library_version),
        ("is_fitted", summary.is_fitted),
    ]


def _note(a: Summary | None, b: Summary | None) -> str:
    opaque = [one for one in (b, a) if isinstance(one, OpaqueSummary)]
    return f"known by its pickle only: {opaque[0].reason}" if opaque else ""
