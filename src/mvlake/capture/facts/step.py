"""Step: one statement of a cell that binds names, or calls a method for its effect, as it was written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One simple statement at a cell's top level, or the head of a compound one.

    `targets` are the names that it binds or stores into, `origins` those that their value is made from, in order; `function` is the
    outermost callee as written, `owner` the name whose method is called for its effect: the `cur` of `cur.execute(…)`. `texts` are
    its literal texts. `is_change`: it changes what the targets hold already; `is_alias`: it only
    gives another name to what one holds.
    """

    source: str
    targets: tuple[str, ...]
    origins: tuple[str, ...]
    function: str
    owner: str
    texts: tuple[str, ...]
    is_change: bool = False
    is_alias: bool = False
