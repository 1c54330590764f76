"""Remark: `note` and `tag`, what people say of a version afterwards. The version itself never changes."""

from collections.abc import Sequence

from mvlake.errors import Invalid
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.records.answers import Done
from mvlake.records.events import Note, Tag
from mvlake.records.names import check_tag

MAX_NOTE = 10_000


def note(parts: Parts, ref: str, text: str) -> Done:
    """Write a remark on a version."""
    text = text.strip()
    if not text or len(text) > MAX_NOTE:
        raise Invalid(f"a note of {len(text)} characters", hint=f"1 to {MAX_NOTE} characters; longer texts belong in a file")
    version = find(parts, ref).version
    parts.append(Note(version.name, version.number, text))
    return Done(f"noted on {version.ref}", version.ref)


def tag(parts: Parts, ref: str, tags: Sequence[str], *, remove: bool) -> Done:
    """Put words on a version, or take them off; what is so already stays so."""
    words = list(dict.fromkeys(check_tag(one) for one in tags))
    entry = find(parts, ref)
    version = entry.version
    changing = [word for word in words if (word in entry.tags) is remove]
    for word in changing:
        parts.append(Tag(version.name, version.number, word, is_removed=remove))
    if not changing:
        return Done(f"{version.ref}: no change, {', '.join(words)} {'not there' if remove else 'there already'}", version.ref)
    return Done(f"{version.ref}: {'removed' if remove else 'tagged'} {', '.join(changing)}", version.ref)
