"""The outline of `replay` with parameters: which version was made, and how it differs from the one that it was made from."""

from collections.abc import Sequence

from mvlake.compare.varied import Varied
from mvlake.view.blocks import Block, Paragraph, Span, Words, code, joined, muted
from mvlake.view.outline.comparison import comparison


def varied(answer: Varied) -> Sequence[Block]:
    """Return the outline of a version that was made anew with other parameters."""
    how = "is what came of it again" if answer.is_confirmation else "was made"
    kept: Words = (muted("executed notebook "), code(answer.notebook)) if answer.notebook else ()
    title = Paragraph(
        (code(answer.made), Span(f" {how} from "), code(answer.ref), Span(" with "), code(answer.said)), is_title=True
    )
    return (title, *([Paragraph(joined([kept]))] if kept else []), *comparison(answer.diff))
