"""Asking: the words in which a replay is asked for become a plan; what cannot be meant is refused."""

from mvlake.errors import Invalid
from mvlake.records.asked import Extent
from mvlake.records.plan import Plan


def plan_of(*, cells: str, timeout: int, runner: str, trust: bool) -> Plan:
    """Return the plan; Invalid, with what to type instead, for what cannot be meant."""
    if cells not in list(Extent):
        hint = "--cells slice: what the version rests on; --cells all: its whole session"
        raise Invalid(f'cells are {" or ".join(Extent)}, not "{cells[:40]}"', hint=hint)
    return Plan(timeout=timeout, runner=runner, is_trusted=trust, cells=Extent(cells))
