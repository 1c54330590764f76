"""Labelled cells: what a person would call the metrics and the parameters of cells as data scientists write them.

They were written before the heuristics were looked at with them; what the first run missed then showed what was to be mended. The
cells of `later.txt` came after that, and those of `handbook*.txt`, which are written as handbooks write them, a good while later. A case
is text: cells that it needs, the tracked cell, and labels. `a|b` is one fact that may go by either name; what stands under `either`
counts neither for nor against.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
# Splits the data that `write_data` has written; its own settings count for nothing.
PRELUDE = """\
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
data = np.load("data.npz")
X, y, yr = data["X"], data["y"], data["yr"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
Xr_train, Xr_test, yr_train, yr_test = train_test_split(X, yr, random_state=0)
train, test = train_test_split(pd.read_csv("people.csv"), random_state=0)
"""
_ALWAYS_EITHER = "random_state test_size"


@dataclass(frozen=True)
class Case:
    """One case. A label is the set of names that a fact may go by; `either` are names that count for nothing."""

    name: str
    library: str
    needed: str
    tracked: str
    metrics: tuple[frozenset[str], ...]
    params: tuple[frozenset[str], ...]
    either: frozenset[str]


def cases() -> Iterator[Case]:
    """Yield all cases, the file's name being the library that they are about."""
    for path in sorted(HERE.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
            yield _case(path.stem, block)


def _case(library: str, block: str) -> Case:
    name, _, rest = block.partition("\n")
    parts: dict[str, str] = {}
    for part in rest.split("---- ")[1:]:
        head, _, body = part.partition("\n")
        word, _, said = head.partition(":")
        parts[word] = (said + "\n" + body).strip()
    either = parts.get("either", "").split() + _ALWAYS_EITHER.split()
    return Case(
        name, library, parts["needed"], parts["tracked"], _labels(parts["metrics"]), _labels(parts["params"]), frozenset(either)
    )


def _labels(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.split("|")) for one in text.split())


def write_data(folder: Path) -> None:
    """Write the data that the cells read."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 6))
    yr = rows @ rng.normal(size=6) + rng.normal(size=200) / 4
    np.savez(folder / "data.npz", X=rows, y=(yr + rng.normal(size=200) > 0).astype(int), yr=yr)
    age, income = rng.integers(18, 80, 200), rng.lognormal(10, 1, 200)
    target = (age / 40 + rng.normal(size=200) > 1).astype(int)
    people = pd.DataFrame({"age": age, "income": income, "segment": rng.choice(["a", "b"], 200), "target": target})
    people.to_csv(folder / "people.csv", index=False)
