"""The sections of `show` on what a cell printed, showed and warned of."""

from collections import defaultdict

from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier
from mvlake.records.summary import FigureSummary, MediaSummary
from mvlake.records.version import Version
from mvlake.records.warned import Warned
from mvlake.view.blocks import Block, Column, Fold, Foreign, Grid, Paragraph, Section, Span, Words, code, joined, muted
from mvlake.view.outline.listings import source_listing
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural, size

_DISPLAYS = 20
_HTML, _PLAIN, _PNG = "text/html", "text/plain", "image/png"


def streams(dossier: Dossier) -> tuple[Block, ...]:
    """Return what was printed."""
    printed = [(name, text) for name, text in dossier.streams.items() if text][:8]
    if not printed:
        return ()
    return (Section("Output", (), tuple(source_listing((muted(name),), text) for name, text in printed)),)


def displays(dossier: Dossier) -> tuple[Block, ...]:
    """Return what was shown, in its order: of each display, the first media type that can be shown again; PNGs are figures."""
    found: dict[int, dict[str, Artifact]] = defaultdict(dict)
    results: set[int] = set()
    for one in dossier.version.artifacts:
        summary = dossier.summaries.get(one.summary)
        if one.role is Role.DISPLAY and isinstance(summary, MediaSummary):
            found[summary.position][summary.media_type] = one
            results |= {summary.position} if summary.type == "result" else set()
        elif one.role is Role.FIGURE and isinstance(summary, FigureSummary) and summary.position:
            found[summary.position][_PNG] = one
    if not any(one.role is Role.DISPLAY for media in found.values() for one in media.values()):
        return ()
    shown, more = head(sorted(found), _DISPLAYS)
    blocks = [_display(position, found[position], dossier, is_result=position in results) for position in shown]
    said = (Paragraph((muted(f"… and {more:,} more"),)),) if more else ()
    return (Section("Displayed", (muted(plural(len(found), "display")),), (*blocks, *said)),)


def _display(position: int, media: dict[str, Artifact], dossier: Dossier, *, is_result: bool) -> Block:
    what = "the last expression" if is_result else f"display {position}"
    caption = joined([(Span(what),), *[(muted(f"{kind}, {size(one.size)}"),) for kind, one in media.items()]])
    texts = {kind: dossier.displays[one.name] for kind, one in media.items() if one.name in dossier.displays}
    plain = texts.get(_PLAIN)
    if _PNG in media:
        return Paragraph((*caption, muted(f", shown as {media[_PNG].name}")))
    if _HTML in texts:
        return Foreign(caption, texts[_HTML], plain if plain is not None else texts[_HTML])
    if plain is not None:
        return source_listing(caption, plain)
    for kind, text in texts.items():
        return Fold(caption, (source_listing((muted(kind),), text),))
    return Paragraph(caption)


def warned(version: Version) -> tuple[Block, ...]:
    """Return what was warned of."""
    if not version.warnings:
        return ()
    rows, more = head(version.warnings)
    columns = (Column("warning"), Column("said"), Column("where"), Column("times", is_number=True))
    return (Section("Warnings", (), (Grid(columns, tuple(_warning(one) for one in rows), more),)),)


def _warning(one: Warned) -> tuple[Words, ...]:
    where = f"{one.place}, line {one.line}" if one.line else one.place
    return (code(one.category),), (Span(one.message, limit=300),), (muted(where),), (Span(f"{one.times:,}"),)
