"""Source: the text of a cell, and the `%%track` line that may stand on top of it."""

DIRECTIVE = "%%track"


def without_directive(source: str) -> str:
    r"""Return a cell's source without the `%%track` line on top of it.

    >>> without_directive("%%track fraud\nx = 1")
    'x = 1'
    """
    first, _, rest = source.lstrip().partition("\n")
    return rest if first.strip().partition(" ")[0] == DIRECTIVE else source
