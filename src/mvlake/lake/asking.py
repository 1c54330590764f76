"""Asking: the words in which a replay is asked for become a plan; what cannot be meant is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mvlake.errors import Invalid
from mvlake.lake.given import given_params
from mvlake.lake.policy import read_size
from mvlake.records.asked import Extent
from mvlake.records.plan import Plan


def plan_of(
    *,
    cells: str,
    notebook: str | Path | None,
    from_frames: bool,
    params: Mapping[str, Any] | Sequence[str],
    repeat: int,
    timeout: int,
    memory: str,
    env: str,
    runner: str,
    trust: bool,
    diagnose: bool,
    dry_run: bool,
) -> Plan:
    """Return the plan; Invalid, with what to type instead, for what cannot be meant."""
    extent = extent_of(cells)
    if repeat < 1:
        raise Invalid(f"repeat is how many times it is to run, not {repeat}", hint="--repeat 5")
    file = None if notebook is None else Path(notebook)
    what = Plan(cells=extent, notebook=file, from_frames=from_frames, params=given_params(params), repeat=repeat)
    most = read_size(memory, what="memory") if memory else 0
    how = replace(what, timeout=timeout, memory=most, env=env, runner=runner)
    plan = replace(how, is_trusted=trust, diagnose=diagnose, is_dry=dry_run)
    _check(plan)
    return plan


def extent_of(cells: str) -> Extent:
    """Return which cells are meant; Invalid for what means none."""
    if cells not in list(Extent):
        hint = "--cells slice: what the version rests on; --cells all: its whole session"
        raise Invalid(f'cells are {" or ".join(Extent)}, not "{cells[:40]}"', hint=hint)
    return Extent(cells)


def _check(plan: Plan) -> None:
    """Raise Invalid where two things are asked for that exclude each other."""
    ways = (
        ("--cells all", plan.cells is Extent.ALL, "runs the recorded session"),
        ("--notebook", plan.notebook is not None, "runs the cells of a file"),
        ("--from-frames", plan.from_frames, "skips the cells that made the inputs"),
        ("-p", bool(plan.params), "makes a new version from the cells that the old one rests on"),
    )
    asked = [(word, reason) for word, is_asked, reason in ways if is_asked]
    if len(asked) > 1:
        (first, one), (second, other) = asked[:2]
        reason = f"{first} and {second} do not go together: {first} {one}, {second} {other}"
        raise Invalid(reason, hint=f"replay with {first} alone, and then with {second}")
    if plan.params and plan.repeat > 1:
        reason = "-p and --repeat do not go together: -p makes a new version, and --repeat measures an old one"
        raise Invalid(reason, hint="replay with -p alone, and then with --repeat what it made")
