"""Remark: `note` and `tag`, what people say of a version afterwards. The version itself never changes."""

from collections.abc import Sequence

from mvlake.errors import Invalid
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.records.answers import Done
from mvlake.records.events import Note, Tag
from mvlake.records.names import check_tag

MAX_TEXT = 10_000


def note(parts: Parts, ref: str, text: str) -> Done:
    """Write a remark on a version."""
    text = check_text("a note", text.strip())
    if not text:
        raise Invalid("a note of 0 characters", hint=f"1 to {MAX_TEXT} characters")
    version = find(parts, ref).version
    parts.append(Note(version.name, version.number, text))
    return Done(f"noted on {version.ref}", version.ref)


def check_text(what: str, text: str) -> str:
    """Return a text that somebody typed; Invalid when it is too long, or holds half a character, which no record can say."""
    if len(text) > MAX_TEXT:
        raise Invalid(f"{what} of {len(text)} characters", hint=f"up to {MAX_TEXT} characters; longer texts belong in a file")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid(f"{what} with half a character at {error.start}", hint="text must be valid Unicode (UTF-8)") from error
    return text


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
