"""Sizes: limits of the store made small, so that a small lake has packs, lone objects, chapters and segments, each of several."""

import importlib
import sys

LARGE = 6_000
SPANS = (64, 16, 4)
_SMALL = {"ALONE": LARGE, "PACK_SIZE": 4_000, "SPANS": SPANS, "SHORTEST": SPANS[-1]}
INDEX = ("mvlake.index.segments", "mvlake.index.cover")


def make_small(*modules: str) -> dict[tuple[str, str], object]:
    """Make the limits small in this process, wherever they have been imported to; return what they were.

    The index's modules have them too, and are heavy: whoever needs them says so.
    """
    for name in ("mvlake.lake.lake", *modules):
        importlib.import_module(name)
    before: dict[tuple[str, str], object] = {}
    for module in [one for name, one in sys.modules.items() if name.startswith(("mvlake.store.", "mvlake.index."))]:
        for name, value in _SMALL.items():
            if hasattr(module, name):
                before[module.__name__, name] = getattr(module, name)
                setattr(module, name, value)
    return before


def restore(before: dict[tuple[str, str], object]) -> None:
    """Make the limits what they were."""
    for (module, name), value in before.items():
        setattr(sys.modules[module], name, value)
