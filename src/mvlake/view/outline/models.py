"""The outline of models in a comparison: settings, what they predict, what they learned; what differs first, the rest folded."""

from collections.abc import Sequence

from mvlake.compare.diff import Change, ModelDiff, ValueDiff
from mvlake.view.blocks import Block, Paragraph, Section, Span, Words, code, joined, muted
from mvlake.view.outline.changes import as_bare, count_note, same_values, split, unchanged_fold, value_grid
from mvlake.view.outline.learned import weights_blocks
from mvlake.view.outline.predicted import prediction_blocks
from mvlake.view.outline.wording import head
from mvlake.view.values import value_text

_MODELS, _SETTINGS = 20, 12


def models_section(models: Sequence[ModelDiff], sides: tuple[str, str]) -> Section | None:
    """Return the models, each with what of it differs; None when there are none."""
    if not models:
        return None
    changed, same = split(models)
    shown, more = head(changed, _MODELS)
    blocks = [block for one in shown for block in _model(one, sides)]
    rest = (Paragraph((muted(f"… and {more:,} more"),)),) if more else ()
    return Section("Models", count_note(len(changed), len(models)), (*blocks, *rest, *unchanged_fold([one.name for one in same])))


def _model(model: ModelDiff, sides: tuple[str, str]) -> list[Block]:
    values = [*model.settings, *[as_bare(one) for one in model.facts], *model.learned]
    changed, same = split(values)
    if model.change in {Change.ADDED, Change.REMOVED}:
        return [_title(model), *_stated(model)]
    told: list[Block] = [*prediction_blocks(model.predictions, sides), *weights_blocks(model.weights, sides)]
    if changed:
        return [_title(model), value_grid(changed, sides), *same_values(same), *told]
    return [_title(model), Paragraph((muted("same settings, fitted differently"),)), *same_values(same), *told]


def _title(model: ModelDiff) -> Paragraph:
    a_type, b_type = (text.rpartition(".")[2] for text in (model.a_type, model.b_type))
    if a_type == b_type and model.a_type != model.b_type:
        a_type, b_type = model.a_type, model.b_type
    kind = a_type if a_type == b_type else " → ".join(one for one in (a_type, b_type) if one)
    said: Words = (muted(model.change.value),) if model.change in {Change.ADDED, Change.REMOVED} else ()
    note: Words = (muted(model.note),) if model.note else ()
    return Paragraph(joined([(code(model.name), Span(f"  {kind}")), said, note]))


def _stated(model: ModelDiff) -> list[Block]:
    """Return those settings of a model which one side has alone that are not its class's defaults."""
    stated = [one for one in model.settings if not _is_default(one)]
    shown, more = head(stated, _SETTINGS)
    parts: list[Words] = [(code(one.name), Span(f" {value_text(one.a if one.b is None else one.b)}")) for one in shown]
    tail = (muted(f" … and {more:,} more"),) if more else ()
    return [Paragraph((muted("other than default: "), *joined(parts, ", "), *tail))] if parts else []


def _is_default(setting: ValueDiff) -> bool:
    return setting.a_is_default is not False and setting.b_is_default is not False
