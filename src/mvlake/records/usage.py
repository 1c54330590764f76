"""Usage: how much of the machine an execution used, and over time."""

from dataclasses import dataclass

from mvlake.records.sparse import sparse


@dataclass(frozen=True, slots=True)
class Sample:
    """One stretch of an execution, from the sample before it to the moment `elapsed`, in seconds since it began.

    `cpu` is how many processors it and its child processes kept busy on average; `memory` the most bytes that were seen resident in
    its process, `children` those in its child processes, where pages that several share count for each.
    """

    elapsed: float
    cpu: float
    memory: int
    children: int = sparse(0)


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu_time` is in seconds of one processor, all threads and child processes together; `samples` only long executions have.

    `is_peak_exact`: the version's `peak_memory` is what the operating system itself noted, not the most that was seen.
    """

    cpu_time: float
    is_peak_exact: bool = sparse(default=False)
    samples: tuple[Sample, ...] = sparse(())
