"""The section of `show` on files, URLs and hosts."""

from mvlake.records.artifact import Role
from mvlake.records.files import FileUse
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Span, Words, code, good, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural, size


def files_section(version: Version) -> tuple[Block, ...]:
    """Return what the version read and wrote outside of the kernel."""
    if not version.files:
        return ()
    kept = {one.name for one in version.artifacts if one.role is Role.FILE}
    shown, more = head(version.files)
    columns = (Column("path"), Column("was"), Column("size", is_number=True), Column("digest"), Column("known by"), Column(""))
    rows = tuple(_row(one, is_kept=one.name in kept) for one in shown)
    return (Section("Files", (muted(plural(len(version.files), "place")),), (Grid(columns, rows, more),)),)


def _row(one: FileUse, *, is_kept: bool) -> tuple[Words, ...]:
    return (
        (code(one.name),),
        (muted(one.direction.value),),
        (Span("" if one.size is None else size(one.size)),),
        (muted("" if one.digest is None else one.digest[3:11]),),
        (muted(", ".join(way.value for way in one.found_by)),),
        joined(
            [
                (good("kept"),) if is_kept else (),
                (muted("made by a cell"),) if one.is_made else (),
                (muted(one.problem),) if one.problem else (),
            ]
        ),
    )
