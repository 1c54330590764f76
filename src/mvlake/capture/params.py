"""Params: the settings that went into a cell's result."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from mvlake.capture.cell_facts import Binding, BindingKind, CellFacts
from mvlake.capture.configs import fields_of, is_settings, settings_of_class
from mvlake.capture.flow import flowing
from mvlake.capture.metric_names import is_measuring, says_config, says_scores
from mvlake.capture.numbers import number_of
from mvlake.records.canonical import Json, canonical
from mvlake.records.facts import Param, ParamSource
from mvlake.records.kinds import Kinds
from mvlake.records.plain import to_plain
from mvlake.records.summary import Setting

_MAX_ITEMS = 50
_KEYS = Kinds(str, int, float, bool)
_CONTAINERS = Kinds(list, dict, tuple)
_ALL_CONTAINERS = _CONTAINERS | (set, frozenset)
_TEXTS = Kinds(str, bytes, bytearray)
_MAX_TEXT = 500


def params_of(tracked: CellFacts, needed: Sequence[CellFacts], namespace: Mapping[str, object]) -> tuple[Param, ...]:
    """Return the parameters of a tracked cell and of those that it needs: literals that still hold, fields of configurations.

    A literal counts while its name's present value still equals it, type for type; a dictionary of settings counts as it
    is now, with what of it is plain. A name of a needed cell counts when the tracked cell's results flow from it.
    """
    found: dict[str, Param] = {}
    cells = [*needed, tracked]
    bindings = _last_bindings(cells)
    items = {place: one for cell in cells for place, one in cell.items.items()}
    used = flowing(tracked, needed)
    for name, binding in bindings.items():
        if name.startswith("_") or name not in namespace or name not in used:
            continue
        value = namespace[name]
        if type(value) is dict and binding.kind is not BindingKind.OTHER and is_settings(name, binding, bindings, items):
            measured = {key for (owner, key), one in items.items() if owner == name and is_measuring(one.function)}
            settings = _plain_part({key: item for key, item in value.items() if type(key) is not str or key not in measured})
            if settings is not None:
                found[name] = Param(name, settings[0], _source(binding, settings[0]))
        elif binding.kind is BindingKind.LITERAL:
            param = _literal(name, binding, value)
            if param is not None:
                found[name] = param
        elif binding.kind is BindingKind.CALL and not says_scores(name):
            found |= _of_fields(name, fields_of(value))
    for name in sorted(used):
        if says_config(name):
            found |= _of_fields(name, settings_of_class(namespace.get(name)))
    return tuple(found.values())


def plain_setting(value: object) -> tuple[Json] | None:
    """Return a value as plain JSON in a 1-tuple, None when it is not plain, or too large for a setting."""
    single = number_of(value)
    return _small(value if single is None else single) if value is not None else None


def params_of_models(
    models: Mapping[str, Sequence[Setting]], written: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> tuple[Param, ...]:
    """Return the settings of models, `clf.max_depth`, `pipe.clf__C`: those that are no defaults, or that the text gives.

    A nested estimator's text is left out when its own settings are there to tell it, or when it is an address in memory. `written`
    are the keywords of the calls that made each model.
    """
    return tuple(
        Param(f"{name}.{one.name}", one.value, ParamSource.ESTIMATOR)
        for name, settings in models.items()
        for one in _telling(settings, written.get(name, frozenset()))
    )


def _of_fields(owner: str, fields: Iterable[tuple[str, object]]) -> dict[str, Param]:
    named = ((f"{owner}.{field}", _small(item)) for field, item in fields)
    return {name: Param(name, plain[0], ParamSource.CONFIG) for name, plain in named if plain is not None}


def _telling(settings: Sequence[Setting], written: frozenset[str]) -> list[Setting]:
    changed = [one for one in settings if not one.is_default or one.name in written]
    owners = {one.name.rpartition("__")[0] for one in changed}
    return [one for one in changed if not (isinstance(one.value, str) and (one.name in owners or " at 0x" in one.value))]


def _source(binding: Binding, value: Json) -> ParamSource:
    is_written = binding.kind is BindingKind.LITERAL and _same(value, binding.literal)
    return ParamSource.LITERAL if is_written else ParamSource.CONFIG


def _plain_part(value: dict[object, object]) -> tuple[Json] | None:
    """Return a dictionary without the items that are not plain; None when nothing small and plain is left."""
    if len(value) > _MAX_ITEMS:
        return None
    numbers = {key: number_of(item) for key, item in value.items() if type(key) in _KEYS}
    plain = {key: value[key] if number is None else number for key, number in numbers.items()}
    kept = {key: item for key, item in plain.items() if _small(item) is not None}
    return _small(kept) if kept else None


def _last_bindings(cells: Sequence[CellFacts]) -> dict[str, Binding]:
    found: dict[str, Binding] = {}
    for cell in cells:
        for name, binding in cell.bindings.items():
            found.pop(name, None)  # a name stands where it was bound last
            found[name] = binding
    return found


def _literal(name: str, binding: Binding, value: object) -> Param | None:
    plain = _small(value)
    if plain is None or (type(value) in _CONTAINERS and not value):
        return None  # an empty container says nothing
    return Param(name, binding.literal, ParamSource.LITERAL) if _same(plain[0], binding.literal) else None


def _same(first: Json, second: Json) -> bool:
    try:
        return canonical(first) == canonical(second)  # `==` would take 1 for True
    except (ValueError, TypeError):
        return False


def _small(value: object) -> tuple[Json] | None:
    """Return a value as plain JSON in a 1-tuple, if it is plain, of at most 50 items and 500 characters."""
    if _size(value, 0) > _MAX_ITEMS:
        return None
    try:
        return (to_plain(value),)
    except (TypeError, ValueError):
        return None


def _size(value: object, depth: int) -> int:
    """Return the number of items at all depths; more than the limit for what is too large in any other way."""
    if type(value) in _TEXTS:
        return 1 if len(value) <= _MAX_TEXT else _MAX_ITEMS + 1  # type: ignore[arg-type]
    if type(value) is int:
        return 1 if value.bit_length() <= 8 * _MAX_TEXT else _MAX_ITEMS + 1
    if type(value) not in _ALL_CONTAINERS:
        return 1
    items = [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)  # type: ignore[call-overload]
    if len(items) > 2 * _MAX_ITEMS or depth > 8:
        return _MAX_ITEMS + 1
    own = len(items) // 2 if isinstance(value, dict) else len(items)
    nested = sum(_size(item, depth + 1) - 1 for item in items)
    return own + nested if items else 1
