"""Lineage: which data something was measured on, by the names that its arguments were made from."""

from collections.abc import Iterable, Mapping, Sequence

from mvlake.capture.facts.sites import Site, Sites

_WORDS = {
    "train": "train",
    "training": "train",
    "trn": "train",
    "tr": "train",
    "test": "test",
    "testing": "test",
    "tst": "test",
    "te": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "va": "validation",
    "dev": "validation",
    "eval": "validation",
    "holdout": "holdout",
    "oof": "oof",
}
_DEEPEST = 6


class Lineage:
    """What the names of some cells were made from, the last cell's word counting."""

    def __init__(self, cells: Iterable[Sites]) -> None:
        self._origins: dict[str, tuple[str, ...]] = {}
        self._selected: dict[str, str] = {}
        self._splits: dict[str, str] = {}
        for cell in cells:
            self._origins.update(cell.origins)
            self._selected.update(cell.selected)
            self._splits.update(cell.splits)

    def dataset(self, names: Sequence[str]) -> str:
        """Return "train", "test", "validation", "holdout" or "oof"; "" when nothing says which.

        The names themselves are asked first, then those that they were made from, and so on.
        """
        seen: set[str] = set()
        for _ in range(_DEEPEST):
            for name in names:
                found = self._splits.get(name) or word_of(name)
                if found:
                    return found
            seen.update(names)
            names = [one for name in names for one in self._origins.get(name, ()) if one not in seen]
            if not names:
                break
        return ""

    def segment(self, site: Site) -> str:
        """Return the part of the data that a call was given: its own condition, or the name of the selection that it was given."""
        if site.segment:
            return site.segment
        return next((name for name in site.arguments if name in self._selected), "")


def word_of(name: str) -> str:
    """Return the data that a name speaks of.

    >>> word_of("y_test"), word_of("X_val2"), word_of("validation_0"), word_of("testimony")
    ('test', 'validation', 'validation', '')
    """
    parts = [part.rstrip("0123456789") for part in name.lower().split("_")]
    found: Mapping[str, None] = dict.fromkeys(_WORDS[part] for part in parts if part in _WORDS)
    return next(iter(found)) if len(found) == 1 else ""
