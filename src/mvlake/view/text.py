"""Text: an answer for terminals and `text/plain`, laid out by rich.

rich is imported when an answer is laid out, never with this module: the line after a tracked cell (`view.card`) does without it.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mvlake.compare.segments import Segment
from mvlake.view.blocks import (
    Bars,
    Block,
    Curves,
    Facts,
    Fold,
    Foreign,
    Grid,
    Listing,
    Overlay,
    Paragraph,
    Parallel,
    Pictures,
    Row,
    Section,
    Span,
    Spark,
    Tone,
    When,
    Words,
)
from mvlake.view.chart_lines import chart_facts, spark_text
from mvlake.view.clean import visible
from mvlake.view.moments import ago, day_and_time
from mvlake.view.outline.answers import outline
from mvlake.view.outline.listings import source_listing
from mvlake.view.segments import clipped

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STYLES = {Tone.MUTED: "dim", Tone.STRONG: "bold", Tone.GOOD: "green", Tone.BAD: "red"}
_MARKS = {"+": "green", "-": "red", "⋯": "dim"}
_LINE = 300
_INDENT = 2
_DEEPEST = 8
_NARROWEST = 20
_ROOMY = 72


def as_text(answer: Any, *, width: int = 100, color: bool = False, now: datetime | None = None) -> str:
    """Return the text of any answer, Diff or MvlakeError, no newline at its end; TypeError for anything else."""
    return blocks_text(outline(answer), width=width, color=color, now=now)


def blocks_text(blocks: Sequence[Block], *, width: int = 100, color: bool = False, now: datetime | None = None) -> str:
    """Return the text of blocks.

    No line is wider than `width` cells. `now` (with a time zone) adds how long ago things were. Without `color` there is no
    escape sequence in it at all.
    """
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, _NARROWEST),
        color_system="standard" if color else None,
        force_terminal=color,
        force_jupyter=False,
        no_color=not color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},  # the answer and the arguments decide, not COLUMNS, TERM or NO_COLOR
    )
    _Page(console, now).write(blocks, indent=0)
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").split("\n"))


class _Page:
    """Blocks on their way to a console."""

    def __init__(self, console: "Console", now: datetime | None) -> None:
        self._console = console
        self._now = now

    def write(self, blocks: Sequence[Block], *, indent: int) -> None:
        for block in blocks:
            self._block(block, indent)

    def _block(self, block: Block, indent: int) -> None:
        match block:
            case Section():
                self._console.print()
                heading = (Span(block.heading, Tone.STRONG), Span("  "), *block.note)
                self._put(self._text(heading), indent)
                self.write(block.blocks, indent=indent + _INDENT)
            case Fold():
                self._fold(block, indent)
            case Listing():
                self._listing(block, indent)
            case Paragraph():
                self._put(self._text(block.words, style="bold" if block.is_title else ""), indent)
            case Pictures() | Overlay():
                if block.caption:
                    self._put(self._text(block.caption), indent)
            case Curves() | Bars():
                self._put(self._text(block.caption), indent)
                self._facts(chart_facts(block, self._console.width - indent - _INDENT), indent + _INDENT)
            case Parallel():  # a table stands beside it
                pass
            case Foreign():
                self._listing(source_listing(block.caption, block.text), indent)
            case Facts():
                self._facts(block, indent)
            case Grid():
                self._grid(block, indent)

    def _fold(self, block: Fold, indent: int) -> None:
        if block.is_kept:
            self._put(self._text(block.summary), indent)
            self.write(block.blocks, indent=indent + _INDENT)
        else:
            self._put(self._text((Span("… "), *block.summary), style="dim"), indent)

    def _listing(self, block: Listing, indent: int) -> None:
        from rich.text import Text

        if block.caption:
            self._put(self._text(block.caption), indent)
        for row in block.rows:
            has_mark = block.is_diff or row.mark == "⋯"
            style = _MARKS.get(row.mark, "") if has_mark else ""
            line = Text(f"{row.mark} " if has_mark else "", style=style)
            for segment in clipped(row.segments or (Segment(row.text),), _LINE):
                line.append(visible(segment.text, limit=_LINE, keeps_lines=True), style="reverse" if segment.is_changed else "")
            self._put(line, indent + _INDENT)
            self._carets(row, line, indent + _INDENT)

    def _carets(self, row: Row, line: "Text", indent: int) -> None:
        """Point at the words of a line that have changed, where no color shows them, and unless all have."""
        from rich.cells import cell_len

        if not row.segments or self._console.color_system or line.cell_len > self._console.width - min(indent, _DEEPEST):
            return
        shown = [(visible(one.text, limit=_LINE, keeps_lines=True), one.is_changed) for one in row.segments]
        if all(is_changed for text, is_changed in shown if text.strip()):
            return
        carets = "".join(("^" if is_changed else " ") * cell_len(text) for text, is_changed in shown)
        if carets.strip():
            self._put(self._text((Span(f"  {carets.rstrip()}", limit=_LINE + 2),)), indent)

    def _facts(self, block: Facts, indent: int) -> None:
        from rich.table import Table

        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for label, words in block.rows:
            table.add_row(visible(label, limit=40), self._text(words))
        self._put(table, indent)

    def _grid(self, block: Grid, indent: int) -> None:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for position, column in enumerate(block.columns):
            # A moment broken in two is hard to read; where there is no room it must be.
            is_moment = (
                any(isinstance(word, When) for row in block.rows for word in row[position]) and self._console.width >= _ROOMY
            )
            table.add_column(
                visible(column.heading, limit=40),
                justify="right" if column.is_number else "left",
                overflow="fold",
                no_wrap=is_moment,
                min_width=self._name_width(block) if position == 0 else None,
            )
        for row in block.rows:
            table.add_row(*[self._text(words) for words in row])
        self._put(table, indent)
        if block.more:
            self._put(self._text((Span(f"… and {block.more:,} more", Tone.MUTED),)), indent)

    def _name_width(self, block: Grid) -> int:
        """Return the width that keeps the names in the first column whole, up to a third of the page."""
        from rich.cells import cell_len

        firsts = [row[0][0] for row in block.rows if row[0]]
        widths = [cell_len(visible(one.text, limit=one.limit)) for one in firsts if isinstance(one, Span)]
        return min(max(widths, default=1), self._console.width // 3)

    def _text(self, words: Words, *, style: str = "") -> "Text":
        from rich.text import Text

        text = Text(style=style, overflow="fold")
        for word in words:
            if isinstance(word, When):
                text.append(self._moment(word))
            elif isinstance(word, Spark):
                text.append(spark_text(word))
            else:
                shown = visible(word.text, limit=word.limit, keeps_lines=word.tone is Tone.PROSE)
                text.append(shown, style=_STYLES.get(word.tone, ""))
        return text

    def _moment(self, when: When) -> str:
        said = day_and_time(when.at) + (" UTC" if when.says_zone else "")
        past = ago(when.at, self._now) if self._now else ""
        return f"{said} ({past})" if past else said

    def _put(self, renderable: "RenderableType", indent: int) -> None:
        from rich.padding import Padding

        self._console.print(Padding(renderable, (0, 0, 0, min(indent, _DEEPEST)), expand=False))
