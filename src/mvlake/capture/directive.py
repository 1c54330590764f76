"""Directive, as IPython meets it: the `%%track` line is taken out of a cell before the cell runs."""

from mvlake.lake.directive import directive_of
from mvlake.records.source import DIRECTIVE


def holds_code(body: str) -> bool:
    """True unless a cell holds nothing but space and comments.

    >>> holds_code("x = 1"), holds_code("# only a word"), holds_code("%%time")
    (True, False, True)
    """
    return any(line.strip() and not line.lstrip().startswith("#") for line in body.splitlines())


def strip_directive(lines: list[str]) -> list[str]:
    """Return a cell's lines without a valid `%%track` line: the input transformation, free of side effects.

    A comment takes its place, so that tracebacks count and show lines as the user sees them; another magic must be first again.
    A line that cannot be meant stays, and runs into the magic of that name, which says what is wrong before any code has run.
    """
    if not lines or not lines[0].startswith(DIRECTIVE) or directive_of("".join(lines)) is None:
        return lines
    rest = lines[1:]
    return rest if rest and rest[0].lstrip().startswith("%%") else [f"# {lines[0]}", *rest]


# IPython's word for: leave it out when a terminal asks whether a cell is complete. There it is a magic, which an empty line ends.
strip_directive.has_side_effects = True  # type: ignore[attr-defined]
