"""`make bench`: prints each figure beside its goal. Medians; the machine's own noise is measured with it."""

import sys

from benchmarks.cell import small_cell
from benchmarks.commit import commit
from benchmarks.figure import Figure, table
from benchmarks.load import load_extension


def main() -> int:
    figures: list[Figure] = []
    for measure in (load_extension, small_cell, commit):
        print(f"measuring: {measure.__doc__.splitlines()[0].rstrip('.')} …", file=sys.stderr, flush=True)
        figures += measure()
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
