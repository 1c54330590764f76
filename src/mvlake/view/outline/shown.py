"""The outline of `show`: everything about one version."""

from collections.abc import Sequence

from mvlake.records.answers import Entry, Shown
from mvlake.records.artifact import Artifact, Role
from mvlake.records.dossier import Dossier
from mvlake.records.environment import Git
from mvlake.records.version import Version
from mvlake.view.blocks import (
    Block,
    Column,
    Facts,
    Fold,
    Grid,
    Paragraph,
    Picture,
    Pictures,
    Section,
    Span,
    When,
    Words,
    bad,
    code,
    joined,
    muted,
    prose,
    strong,
)
from mvlake.view.outline.code import modules
from mvlake.view.outline.corrections import corrected
from mvlake.view.outline.departure import because_words
from mvlake.view.outline.described import described_section
from mvlake.view.outline.environment import environment
from mvlake.view.outline.files import files_section
from mvlake.view.outline.labels import gates
from mvlake.view.outline.lineage import lineage_section
from mvlake.view.outline.listings import source_listing
from mvlake.view.outline.measured import metrics, params
from mvlake.view.outline.outputs import displays, streams, warned
from mvlake.view.outline.profiles import profiles
from mvlake.view.outline.randomness import cells_text, randomness
from mvlake.view.outline.replays import replays
from mvlake.view.outline.usage import peak_text, usage
from mvlake.view.outline.wording import head, names_words, summary_text, verdict_words
from mvlake.view.quantities import plural, seconds, size

_CELLS = 30
_MARKS = 3


def shown(answer: Shown) -> Sequence[Block]:
    """Return the outline of one version."""
    entry, dossier = answer.entry, answer.dossier
    labels = [(strong(f"@{label}"),) for label in entry.labels]
    title: list[Block] = [Paragraph(joined([(code(entry.ref),), joined(labels, " ")], "  "), is_title=True)]
    if entry.version.message:
        title.append(Paragraph((prose(entry.version.message),)))
    return (
        *title,
        _about(entry),
        *_hints(entry.version),
        *randomness(entry.version),
        *metrics(entry.version, dossier),
        *params(entry.version),
        *corrected(entry),
        *_artifacts(entry.version, dossier),
        *lineage_section(entry.version, dossier),
        *described_section(entry.version),
        *profiles(dossier),
        *files_section(entry.version),
        *_code(entry.version, dossier),
        *modules(dossier),
        *streams(dossier),
        *displays(dossier),
        *warned(entry.version),
        *usage(entry.version),
        *environment(dossier),
        *_omitted(entry.version),
        *_redacted(entry.version),
        *replays(entry),
        *gates(answer.passages, answer.problem),
        *_remarks(entry),
        *_problems(dossier),
    )


def _about(entry: Entry) -> Facts:
    version = entry.version
    facts: list[tuple[str, Words]] = [("made", joined([(When(entry.created_at),), (Span(entry.author),)]))]
    peak = (Span(peak_text(version)),) if version.peak_memory is not None else ()
    work = (Span(f"{seconds(version.usage.cpu_time)} of processor"),) if version.usage is not None else ()
    facts.append(("took", joined([(Span(seconds(version.duration)),), work, peak, (muted(f"from a {version.origin.value}"),)])))
    if version.parent is not None:
        facts.append(("parent", (code(f"{version.name}:v{version.parent}"),)))
    if version.notebook:
        facts.append(("notebook", (code(version.notebook),)))
    if version.git is not None:
        facts.append(("git", _git(version.git)))
    if entry.forgotten is not None:
        said = [
            (When(entry.forgotten.at),),
            (Span(entry.forgotten.author),),
            (prose(entry.forgotten.text),) if entry.forgotten.text else (),
        ]
        facts.append(("forgotten", joined(said)))
    if entry.tags:
        facts.append(("tags", names_words(entry.tags)))
    if entry.judged is not None:
        last = entry.judged
        why = because_words(last.replayed.departure)
        facts.append(("replayed", joined([(verdict_words(last.replayed.verdict),), why, (When(last.at),), (Span(last.author),)])))
    if entry.confirmations:
        facts.append(("confirmed", (Span(plural(entry.confirmations, "time")),)))
    reads = [(said, names) for said, names in (("reads", version.names.read), ("binds", version.names.bound)) if names]
    facts += [(said, names_words(names, 12)) for said, names in reads]
    if version.names.mutated:
        facts.append(("changes", names_words(version.names.mutated, 12)))
    facts.append(("digest", (code(entry.digest.short),)))
    return Facts(tuple(facts))


def _git(git: Git) -> Words:
    if git.problem:
        return (muted(git.problem),)
    dirty = (bad("uncommitted changes"),) if git.is_dirty else ()
    remote = (muted(git.remote),) if git.remote else ()
    return joined([(code(git.commit[:10]),), (Span(git.branch),) if git.branch else (), dirty, remote])


def _hints(version: Version) -> tuple[Block, ...]:
    if not version.hints:
        return ()
    hints, more = head(version.hints)
    rows = tuple(((code(one.code.value),), (Span(one.text, limit=600),), (muted(cells_text(one.cells)),)) for one in hints)
    columns = (Column("hint"), Column("what may keep it from reproducing"), Column("where"))
    return (Section("Hints", (), (Grid(columns, rows, more),)),)


def _artifacts(version: Version, dossier: Dossier) -> tuple[Block, ...]:
    kept = [one for one in version.artifacts if one.role not in (Role.STREAM, Role.SERIES, Role.DISPLAY)]
    if not kept:
        return ()
    artifacts, more = head(kept)
    rows = tuple(_artifact(one, dossier) for one in artifacts)
    columns = (Column("name"), Column("role"), Column("what"), Column("size", is_number=True), Column("digest"))
    total = f"{plural(len(kept), 'artifact')}, {size(sum(one.size for one in kept))}"
    return (Section("Artifacts", (muted(total),), (Grid(columns, rows, more), *_figures(version))),)


def _artifact(one: Artifact, dossier: Dossier) -> tuple[Words, ...]:
    summary = dossier.summaries.get(one.summary)
    what = Span(summary_text(summary)) if summary is not None else muted(one.handler)
    return (code(one.name),), (muted(one.role.value),), (what,), (Span(size(one.size)),), (muted(one.digest[3:11]),)


def _figures(version: Version) -> tuple[Block, ...]:
    figures = tuple(Picture(one.name, one.object) for one in version.artifacts if one.role is Role.FIGURE)
    return (Pictures((), figures[:24]),) if figures else ()


def _code(version: Version, dossier: Dossier) -> tuple[Block, ...]:
    cells = list(zip(version.cells, dossier.sources, strict=False))
    if not cells:
        return ()
    listings: list[Block] = []
    earlier: list[Block] = []
    first = max(len(cells) - _CELLS, 0)
    for position, (cell, source) in enumerate(cells[first:], first + 1):
        count = f", In [{cell.execution_count}]" if cell.execution_count is not None else ""
        place = f"cell {position}"
        said: Words = (strong(place) if cell.is_tracked else Span(place), muted(f"{', tracked' if cell.is_tracked else ''}{count}"))
        failed = (bad(", raised"),) if cell.failed else ()
        text = source if source is not None else "(could not be read)"
        (listings if cell.is_tracked else earlier).append(source_listing((*said, *failed), text))
    note = f"{plural(first, 'cell')} before these not shown" if first else ""
    folded = (Fold((muted(plural(len(earlier), "earlier cell")),), tuple(earlier), is_kept=True),) if earlier else ()
    return (Section("Code", (muted(note),) if note else (), (*folded, *listings)),)


def _omitted(version: Version) -> tuple[Block, ...]:
    if not version.omitted:
        return ()
    omitted, more = head(version.omitted)
    rows = tuple(((code(one.name),), (muted(one.type),), (Span(one.reason, limit=300),)) for one in omitted)
    return (Section("Not captured", (), (Grid((Column("name"), Column("type"), Column("because")), rows, more),)),)


def _redacted(version: Version) -> tuple[Block, ...]:
    if not version.redacted:
        return ()
    redacted, more = head(version.redacted)
    rows = tuple(
        ((code(one.rule),), (Span(one.place),), (Span(one.column),), (muted(_marks(one.hashes)),), (Span(f"{one.count:,}"),))
        for one in redacted
    )
    columns = (Column("rule"), Column("where"), Column("column"), Column("marks"), Column("times", is_number=True))
    grid = Grid(columns, rows, more)
    return (Section("Redacted", (muted("secrets and columns that were replaced before anything was written"),), (grid,)),)


def _marks(hashes: Sequence[str]) -> str:
    return ", ".join(hashes[:_MARKS]) + (f" and {len(hashes) - _MARKS} more" if len(hashes) > _MARKS else "")


def _remarks(entry: Entry) -> tuple[Block, ...]:
    if not entry.notes:
        return ()
    notes, more = head(entry.notes[::-1])
    rows = tuple(((When(one.at, says_zone=False),), (Span(one.author),), (prose(one.text),)) for one in notes)
    return (Section("Notes", (), (Grid((Column("when (UTC)"), Column("by"), Column("note")), rows, more),)),)


def _problems(dossier: Dossier) -> tuple[Block, ...]:
    if not dossier.problems:
        return ()
    problems, more = head(dossier.problems)
    return (Section("Problems", (), (Grid((Column("could not be read"),), tuple(((bad(one),),) for one in problems), more),)),)
