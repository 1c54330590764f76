"""The outline of `push`, `pull` and `sync`: what went from one copy of a lake to another."""

from collections.abc import Sequence

from mvlake.errors import listed
from mvlake.records.answers import Synced, Way
from mvlake.view.blocks import Block, Paragraph, Span, good, muted
from mvlake.view.quantities import plural, size

_DONE = {Way.PUSHED: "sent to", Way.PULLED: "fetched from"}


def synced(answer: Synced) -> Sequence[Block]:
    """Return the outline of a transfer."""
    place = Span(answer.place, limit=300)
    if not answer.records:
        return (Paragraph((good("✓ nothing to do: "), place, muted(f" has the same {plural(answer.head, 'record')}"))),)
    moved = f"{plural(answer.records, 'record')} and {plural(answer.files, 'file')} ({size(answer.size)})"
    verb = _DONE[answer.way] if answer.is_applied else f"would be {_DONE[answer.way]}"
    blocks = [Paragraph((Span(f"{moved} {verb} "), place))]
    if answer.gone:
        blocks.append(Paragraph((muted(f"without the content of {listed(answer.gone)}: forgotten, and collected"),)))
    return blocks
