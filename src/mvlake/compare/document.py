"""Document: a Diff as JSON. `docs/spec/diff.schema.json` is its schema."""

from mvlake.compare.diff import Diff
from mvlake.records.canonical import Json
from mvlake.records.fields import to_fields


def to_document(diff: Diff) -> Json:
    """Return the JSON of a diff, field by field; numbers in it are finite, what JSON cannot say is tagged as in `records.plain`."""
    return to_fields(diff)
