"""Gathering: the parameters and metrics of a tracked cell, from its text, its variables, its models and what was seen of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.facts.calls_given import given_to_calls, keywords_by_target
from mvlake.capture.facts.corrected import Meanings, corrected_metrics, corrected_params
from mvlake.capture.facts.fits import Fits
from mvlake.capture.facts.lineage import Lineage
from mvlake.capture.facts.measured import Measured
from mvlake.capture.facts.monitor import Observed
from mvlake.capture.facts.observations import observed_beside, on_their_data
from mvlake.capture.facts.printed import measured_in_print
from mvlake.capture.facts.told_by_models import best_params, measured_by_models, tables_of_searches
from mvlake.capture.flow import flowing
from mvlake.capture.metrics import measured_of
from mvlake.capture.params import params_of, params_of_models
from mvlake.records.facts import Metric, Param
from mvlake.records.summary import ModelSummary, Setting


@dataclass(frozen=True, slots=True)
class Around:
    """A tracked cell and what is around it: the cells that it needs, the namespace after it, and what it bound or changed."""

    tracked: CellFacts
    needed: Sequence[CellFacts]
    namespace: Mapping[str, Any]
    made: frozenset[str]
    result: Any = None
    source: str = ""
    streams: Mapping[str, str] = field(default_factory=dict)
    observed: Sequence[Observed] = ()
    logged: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found. `fitted` are the settings of models by variable, as of their fit, `written` the keywords that the text gives.

    `tables` are the candidates of searches, as columns.
    """

    params: tuple[Param, ...]
    measured: tuple[Measured, ...]
    tables: Mapping[str, dict[str, list[Any]]]
    fitted: Mapping[str, tuple[Setting, ...]]
    written: Mapping[str, frozenset[str]]
    meanings: Meanings

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics without the values of series."""
        return tuple(one.metric for one in self.measured)

    def with_models(self, models: Mapping[str, ModelSummary]) -> tuple[Param, ...]:
        """Return the parameters with the settings of models: as of their fit where it was seen, else as they are now."""
        settings = {name: self.fitted.get(name, model.settings) for name, model in models.items()}
        stated = {one.name for one in self.params}
        of_models = params_of_models({**self.fitted, **settings}, self.written)
        fresh = [one for one in of_models if one.name not in stated]
        return (*self.params, *corrected_params(fresh, self.meanings, {}, frozenset()))


def gather_facts(around: Around, fits: Fits, meanings: Meanings) -> Facts:
    """Return the parameters and metrics of a tracked cell, as people mean them.

    The settings of models that no fit was seen of come later.
    """
    tracked, needed, namespace = around.tracked, around.needed, around.namespace
    used = flowing(tracked, needed)
    cells = [*needed, tracked]
    written = keywords_by_target(cells)
    fitted = {name: found for name in sorted(used | around.made) if (found := fits.settings(namespace.get(name))) is not None}
    told = {name: frozenset(one.name.rpartition("__")[2] for one in settings) for name, settings in fitted.items()}
    params = params_of(tracked, needed, namespace)
    calls = given_to_calls(tracked, needed, used, told)
    measured = _measured(around, Lineage(one.sites for one in cells))
    searched = [*best_params(around.made, namespace)]
    return Facts(
        params=tuple(corrected_params((*params, *searched, *calls), meanings, namespace, used | around.made)),
        measured=tuple(corrected_metrics(measured, meanings, namespace, used | around.made)),
        tables=dict(tables_of_searches(around.made, namespace)),
        fitted=fitted,
        written=written,
        meanings=meanings,
    )


def _measured(around: Around, lineage: Lineage) -> tuple[Measured, ...]:
    stated = {one.name for one in around.logged}
    imports = {name: path for cell in (*around.needed, around.tracked) for name, path in cell.imports.items()}
    measured = measured_of(around.tracked, around.namespace, around.result, imports=imports)
    found = (one for one in measured if one.name not in stated)
    known = [*around.logged, *on_their_data(found, around.tracked, lineage)]
    known, beside = observed_beside(around.observed, known, around.tracked, lineage)
    known += beside
    known += measured_by_models(around.made, around.namespace, [one.metric for one in known])
    said = {one.name for one in known} | {one.metric.function.rpartition(".")[2] for one in known}
    known += measured_in_print(around.source, around.streams, said, lineage)
    return tuple(known)
