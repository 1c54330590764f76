"""Observations: what was seen while a cell ran and what its text says, put together with what its variables hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mvlake.capture.cell_facts import CellFacts
from mvlake.capture.facts.lineage import Lineage, word_of
from mvlake.capture.facts.measured import Measured, number, series
from mvlake.capture.facts.monitor import Observed
from mvlake.capture.facts.sites import Site
from mvlake.capture.metric_names import is_cross_validating
from mvlake.records.facts import MetricSource


def on_their_data(measured: Iterable[Measured], tracked: CellFacts, lineage: Lineage) -> list[Measured]:
    """Return metrics with the data that they were measured on, by the calls that gave the variables their values."""
    sites: dict[str, Site] = {}
    last = tracked.sites.sites[-1] if tracked.sites.sites else None
    for site in tracked.sites.sites:
        for target in site.targets:
            if site.function or target not in sites:
                sites[target] = site
    found = []
    for one in measured:
        base = one.name.partition(".")[0]
        found_site = sites.get(one.name) or sites.get(base)
        if found_site is None and last is not None and not last.targets and base not in tracked.bindings:
            found_site = last
        dataset = segment = ""
        if found_site is not None:
            dataset, segment = lineage.dataset(found_site.arguments), lineage.segment(found_site)
            if found_site.group and not segment and one.name != base:
                segment = one.name.partition(".")[2]  # stored under the group's name, in a loop over groups
        if one.name != base or not found_site or not found_site.function:
            dataset = word_of(one.name.rpartition(".")[2]) or dataset
        if is_cross_validating(one.metric.function):
            dataset = held_out(one.name)
        found.append(one.of(dataset or word_of(one.name.replace(".", "_")), segment))
    return found


def observed_beside(
    observed: Sequence[Observed], known: Sequence[Measured], tracked: CellFacts, lineage: Lineage
) -> tuple[list[Measured], list[Measured]]:
    """Return the known metrics, with the earlier values of those that were measured in a loop; and what no variable tells of.

    What a statement stores into a variable that is a metric is told by it: it is the same measurement.
    """
    bases = {one.name.partition(".")[0] for one in known}
    by_name = {one.name: one for one in known}
    fresh: dict[str, Measured] = {}
    for one in observed:
        site = next((site for site in tracked.sites.sites if site.first <= one.line <= site.last), None)
        targets = site.targets if site is not None else ()
        if any(target.partition(".")[0] in bases for target in targets):
            told = next((by_name[target] for target in targets if target in by_name), None)
            if told is not None and one.count > 1 and not told.values and told.metric.source is MetricSource.FUNCTION:
                by_name[told.name] = _in_loop(told, one)
            continue
        dataset = lineage.dataset(site.arguments) if site is not None else ""
        dataset = held_out("") if is_cross_validating(one.function) else dataset
        segment = one.group or (lineage.segment(site) if site is not None else "")
        name = _unused(_named(one.function, dataset, segment), {*fresh, *by_name})
        made = number(name, one.values[-1], MetricSource.FUNCTION, one.function).of(dataset, segment)
        fresh[name] = _in_loop(made, one) if one.count > 1 else made
    return list(by_name.values()), list(fresh.values())


def held_out(name: str) -> str:
    """Return the data that a cross-validation's score of this name was measured on: what each fold's model had not seen, or had."""
    return "train" if ".train_" in name else "validation"


def _in_loop(one: Measured, observed: Observed) -> Measured:
    """Return the metric as a series: its value stays that of the variable, or the last one."""
    made = series(one.name, observed.values, one.metric.source, one.metric.function)
    metric = replace(made.metric, value=one.metric.value, steps=len(observed.values))
    return replace(made, metric=metric).of(one.metric.dataset, one.metric.segment)


def _unused(name: str, used: set[str]) -> str:
    """Return the name, with a number when another line has measured the same: `accuracy_score[test] (2)`."""
    count = 2
    found = name
    while found in used:
        found, count = f"{name} ({count})", count + 1
    return found


def _named(function: str, dataset: str, segment: str) -> str:
    said = [dataset] if dataset else []
    said += [f"segment={segment}"] if segment else []
    return f"{function}[{', '.join(said)}]" if said else function
