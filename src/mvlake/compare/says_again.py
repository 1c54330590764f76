"""Says again: settings of models that only repeat a variable."""

from collections.abc import Mapping


def says_again(name: str, change: object, others: Mapping[str, object]) -> bool:
    """True for a model's setting that repeats the change of a variable of its own name: `model.max_depth` after `max_depth`.

    >>> says_again("model.max_depth", (2, 6), {"max_depth": (2, 6)})
    True
    """
    last = name.rpartition(".")[2].rpartition("__")[2]
    return last != name and last in others and others[last] == change
