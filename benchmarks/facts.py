"""Facts: how many of the metrics and parameters of labelled cells are found, and how much of what is found is right."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.kernel import Kernel
from benchmarks.labelled import PRELUDE, Case, cases, write_data
from mvlake import Lake
from mvlake.records.plain import from_plain

_OF_MANY = re.compile(r"\.(mean|std)$")
_NEEDS = {
    "torch": ("torch",),
    "boosting": ("xgboost", "lightgbm"),
    "handbook_torch": ("torch",),
    "handbook_statsmodels": ("statsmodels",),
}


@dataclass(frozen=True)
class Score:
    """Labels that were found and missed, and names that were found and are wrong, of one case."""

    case: Case
    found: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


def facts() -> list[Figure]:
    """Precision and recall over all labelled cells, run in one real kernel."""
    metrics, params = scores()
    return [*_figures("metrics", metrics), *_figures("parameters", params)]


def _figures(what: str, scored: list[Score]) -> list[Figure]:
    precision, recall = rates(scored)
    return [
        Figure(f"{what} of {len(scored)} labelled cells: precision", precision * 100, 90, len(scored), unit="%", is_rate=True),
        Figure(f"{what} of {len(scored)} labelled cells: recall", recall * 100, 90, len(scored), unit="%", is_rate=True),
    ]


def rates(scored: list[Score]) -> tuple[float, float]:
    """Return precision and recall."""
    found, missed, wrong = (sum(len(getattr(one, part)) for one in scored) for part in ("found", "missed", "wrong"))
    return found / max(found + wrong, 1), found / max(found + missed, 1)


def scores() -> tuple[list[Score], list[Score]]:
    """Run every case whose library is here, and return the scores of its metrics and of its parameters."""
    ran = [case for case in cases() if all(find_spec(one) for one in _NEEDS.get(case.library, ()))]
    # What a case leaves behind may be named like something of another one: those of the handbook have a kernel of their own.
    of_handbook = [case for case in ran if case.library.startswith("handbook")]
    scored = [*_scores_of([case for case in ran if case not in of_handbook]), *_scores_of(of_handbook)]
    return [metrics for metrics, _ in scored], [params for _, params in scored]


def _scores_of(ran: list[Case]) -> Iterator[tuple[Score, Score]]:
    with tempfile.TemporaryDirectory() as folder, Kernel(folder) as kernel:
        write_data(Path(folder))
        kernel.run("%load_ext mvlake")
        for position, case in enumerate(ran):
            kernel.run(PRELUDE)
            kernel.run(case.needed)
            kernel.run(f"%%track case-{position}\n{case.tracked}")
        lake = Lake.open(Path(folder) / "lake")
        for position, case in enumerate(ran):
            version = lake.show(f"case-{position}:latest").entry.version
            said = [leaf for one in version.params for leaf in _leaves(one.name, from_plain(one.value))]
            metrics = _score(case, case.metrics, {_measured(one.name) for one in version.metrics})
            yield metrics, _score(case, case.params, set(said))


def _score(case: Case, labels: Iterable[frozenset[str]], names: set[str]) -> Score:
    labels = list(labels)
    known = frozenset().union(*labels, case.either)
    return Score(
        case,
        tuple("|".join(sorted(one)) for one in labels if one & names),
        tuple("|".join(sorted(one)) for one in labels if not one & names),
        tuple(sorted(names - known)),
    )


def _measured(name: str) -> str:
    """Return the last word of a metric's name: `scores.acc`, `cv.test_acc.mean`, `acc[test]` are about `acc`."""
    return _OF_MANY.sub("", name.partition("[")[0]).rpartition(".")[2]


def _leaves(name: str, value: object) -> Iterator[str]:
    """Yield the last word of a parameter's name, or those of the items of a dictionary."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(str(key), item)
    else:
        yield name.rpartition(".")[2].rpartition("__")[2]


def report() -> str:
    """Return what was missed and what was wrong, case by case."""
    metrics, params = scores()
    lines = [f"metrics: precision {rates(metrics)[0]:.3f} recall {rates(metrics)[1]:.3f}"]
    lines.append(f"params: precision {rates(params)[0]:.3f} recall {rates(params)[1]:.3f}")
    for what, scored in (("metrics", metrics), ("params", params)):
        lines += [
            f"{what:<8} {one.case.name}: missed {list(one.missed)}, wrong {list(one.wrong)}"
            for one in scored
            if one.missed or one.wrong
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
